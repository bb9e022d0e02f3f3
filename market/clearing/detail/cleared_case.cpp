#include "market/clearing/detail/cleared_case.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/maths.hpp"
#include "market/clearing/detail/price_conditions.hpp"

namespace ytterby {
namespace {

/// The most by which duties raise a price that is next to nothing, as a power of ten.
constexpr int through_duties = 8;

/// Adds the answer of a part to that of the case.
class PartReader {
public:
    PartReader(const MarketPart& part, const PartAnswer& answer, ClearedCase& out)
        : part_(part), answer_(answer), out_(out), moved_(out.sides.size()), trades_(out.sides.size()) {}

    void read() {
        for (const std::uint32_t side : part_.sides) {
            const std::uint32_t place = part_.place(side);
            if (side % 2 == 1) {
                trades_[side] = part_.unmet[place] - answer_.flows.unmet[place];
                out_.sides[side].fixed_left = part_.tonnes_out(answer_.flows.unmet[place]);
            } else {
                trades_[side] = part_.inflow[place];
            }
            const bool found = answer_.prices.found(place);
            out_.sides[side].price = found ? price_at(place) : undefined;
        }
        for (std::size_t number = 0; number < part_.activities.size(); ++number) {
            read_activity(number);
        }
        read_quantities();
        for (std::size_t number = 0; number < part_.activities.size(); ++number) {
            const PartKind kind = part_.activities[number].kind;
            if (kind == PartKind::lane) {
                read_rent(number);
            } else if (kind == PartKind::asks || kind == PartKind::bids) {
                read_orders(number);
            }
        }
        for (std::size_t cap = 0; cap < part_.caps.size(); ++cap) {
            out_.cap_rent[part_.caps[cap]] =
                answer_.prices.endless[cap] ? undefined : part_.price_out(answer_.prices.rent[cap]);
        }
        for (const std::uint32_t side : part_.sides) {
            const std::uint32_t place = part_.place_of_leaving(side / 2);
            if (side % 2 == 0) {
                const bool found = answer_.prices.found(place);
                out_.leaving_price[side / 2] = found ? price_at(place) : undefined;
            }
        }
        out_.steps += answer_.steps;
        out_.largest_price = std::max(out_.largest_price, part_.price_out(Wide(1.0)));
    }

private:
    /// Next to nothing, where curves are not followed, counts as nothing; so does what such a price comes to through
    /// duties.
    double price_at(std::uint32_t place) const {
        const Wide& price = answer_.prices.price[place];
        const int least = part_.reach.lowest_price + (part_.any_cut_off() ? through_duties : 0);
        return abs(price) < part_.ten_to(least) ? 0.0 : part_.price_out(price);
    }

    void read_activity(std::size_t number) {
        const PartActivity& activity = part_.activities[number];
        const Wide& quantity = answer_.flows.quantity[number];
        ClearedCase::Side& side = out_.sides[activity.side];
        switch (activity.kind) {
            case PartKind::asks:
            case PartKind::bids:
            case PartKind::level:
            case PartKind::slope:
            case PartKind::bend:
                trades_[activity.side] += quantity;
                break;
            case PartKind::fixed_supply:
                trades_[activity.side] += quantity;
                side.fixed_left += part_.tonnes_out(part_.response_of(number).at.back() - quantity);
                break;
            case PartKind::floor:
            case PartKind::ceiling:
                side.left_over = part_.tonnes_out(quantity);
                break;
            case PartKind::access:
                break;
            case PartKind::home:
                out_.home[activity.side / 2] = part_.tonnes_out(quantity);
                break;
            case PartKind::lane:
                out_.flow[activity.number] = part_.tonnes_out(quantity);
                break;
        }
    }

    void read_quantities() {
        for (const std::uint32_t side : part_.sides) {
            moved_[side] = trades_[side];
        }
        for (std::size_t number = 0; number < part_.activities.size(); ++number) {
            const PartActivity& activity = part_.activities[number];
            if (activity.kind == PartKind::floor || activity.kind == PartKind::ceiling) {
                moved_[activity.side] -= answer_.flows.quantity[number];
            }
        }
        for (Wide& moved : moved_) {
            moved = abs(moved) < part_.reach.tolerance.start() ? Wide() : moved;  // rounding
        }
        for (const std::uint32_t side : part_.sides) {
            out_.sides[side].trades = part_.tonnes_out(trades_[side]);
            out_.sides[side].moved = part_.tonnes_out(moved_[side]);
        }
        if (part_.through()) {
            read_transit();
        }
    }

    /// Where goods may pass through, trade at home is what a node sells less what leaves it.
    void read_transit() {
        std::vector<Wide> home(out_.home.size());
        for (const std::uint32_t side : part_.sides) {
            home[side / 2] += side % 2 == 0 ? moved_[side] : Wide();
        }
        for (std::size_t number = 0; number < part_.activities.size(); ++number) {
            const PartActivity& activity = part_.activities[number];
            if (activity.kind == PartKind::lane) {
                home[activity.side / 2] -= answer_.flows.quantity[number];
            }
        }
        for (const std::uint32_t side : part_.sides) {
            const Wide& value = home[side / 2];
            out_.home[side / 2] = abs(value) > part_.reach.tolerance.start() ? part_.tonnes_out(value) : 0.0;
        }
    }

    void read_rent(std::size_t number) {
        const PartActivity& activity = part_.activities[number];
        double& rent = out_.rent[activity.number];
        const PriceRange values = values_at(part_, number, answer_.flows.quantity[number]);
        if (values.high || !std::isfinite(part_.question->lanes[activity.number].cap)) {
            return;
        }
        const PartPrices& prices = answer_.prices;
        const bool endless = std::any_of(activity.caps.begin(), activity.caps.end(),
                                         [&](std::uint32_t cap) { return prices.endless[cap]; });
        if (!prices.found(activity.from) || !prices.found(activity.to) || endless) {
            rent = undefined;
            return;
        }
        const Wide gap = part_.drive_of(number, prices.price, prices.rent) - *values.low;
        rent = gap > part_.tolerance_of(number, prices.price, prices.rent) ? part_.price_out(gap) : 0.0;
    }

    /// Steps are filled one after another; floors and ceilings leave the same share of all over.
    void read_orders(std::size_t number) {
        const PartActivity& activity = part_.activities[number];
        const Response& response = part_.response_of(number);
        const std::vector<OrderStep>& steps = (*part_.case_sides)[activity.side].steps;
        Wide kept(1.0);
        if (trades_[activity.side] > moved_[activity.side]) {
            kept = moved_[activity.side] / trades_[activity.side];
        }
        for (std::size_t step = 0; step < steps.size(); ++step) {
            const Wide whole = response.at[step + 1] - response.at[step];
            const Wide filled = std::clamp(answer_.flows.quantity[number] - response.at[step], Wide(), whole);
            const Wide share = filled == whole ? kept : kept * filled / whole;
            for (const std::uint32_t order : steps[step].orders) {
                out_.filled[order] = rounded(decimal_of(part_.question->source.orders[order].quantity) * share);
            }
        }
    }

    const MarketPart& part_;
    const PartAnswer& answer_;
    ClearedCase& out_;
    std::vector<Wide> moved_, trades_;  // per side of the case, in the part's unit
};

/// A side without orders has the price of the node's other side.
void lend_prices(const std::vector<CaseSide>& sides, bool through, ClearedCase& out) {
    for (std::size_t side = 0; side < sides.size(); side += 2) {
        if (through) {
            continue;
        }
        if (sides[side].empty()) {
            out.sides[side].price = sides[side + 1].empty() ? undefined : out.sides[side + 1].price;
        }
        if (sides[side + 1].empty()) {
            out.sides[side + 1].price = out.sides[side].price;
        }
        out.leaving_price[side / 2] = out.sides[side].price;
    }
}

}  // namespace

ClearedCase clear_parts(const CaseQuestion& question) {
    ClearedCase out;
    const std::vector<CaseSide> sides = sides_of(question.source);
    out.sides.resize(sides.size());
    out.home.assign(question.source.nodes.size(), 0.0);
    out.leaving_price.assign(question.source.nodes.size(), undefined);
    out.flow.assign(question.lanes.size(), 0.0);
    out.rent.assign(question.lanes.size(), 0.0);
    out.cap_rent.assign(question.caps.size(), 0.0);
    out.filled.assign(question.source.orders.size(), 0.0);
    out.largest_price = 0.0;
    for (MarketPart& part : parts_of(question, sides)) {
        const PartAnswer answer = clear_part(part);
        PartReader(part, answer, out).read();
    }
    lend_prices(sides, question.source.through_shipment, out);
    return out;
}

}  // namespace ytterby
