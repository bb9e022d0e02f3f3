#include "market/case_question.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// First knots of a curve that bends: this many, evenly in logarithms from `knot_span` below the reference price.
constexpr int first_knots = 48;
constexpr double knot_span = 1e4;
/// A bent curve is exact enough when it is off by this share of the market's volume.
constexpr double exact_enough = 1e-13;
constexpr int most_rounds = 60;
/// A price this close to a bound (as a share of it) may be the bound's doing.
constexpr double near_bound = 0.5;
constexpr int most_widenings = 6;
constexpr double first_widening = 16.0;     // squared every time
/// Decimal digits of the answer, counted from the market's largest price and its volume.
constexpr int price_digits = 12;
constexpr int volume_digits = 11;

}  // namespace

CaseQuestion::CaseQuestion(const MarketCase& asked) : source(asked), knots_(asked.curves.size()) {
    state_lanes();
    find_bounds();
}

void CaseQuestion::state_lanes() {
    std::size_t nodes = source.nodes.size();
    quota_cap.assign(source.lanes.size(), none);
    for (const CaseSharedCap& shared : source.caps) {
        caps.push_back({{}, shared.cap});
    }
    for (std::size_t number = 0; number < source.lanes.size(); ++number) {
        const CaseLane& lane = source.lanes[number];
        lane_in.push_back(market.lanes.size());
        lane_over.push_back(none);
        if (!lane.rate_quota) {
            market.lanes.push_back(lane.stated(lane.terms.tariff, lane.specific_tariff));
            continue;
        }
        const RateQuota& quota = *lane.rate_quota;
        lane_over.back() = market.lanes.size() + 1;
        market.lanes.push_back(lane.stated(quota.tariff_in, quota.specific_in));
        market.lanes.push_back(lane.stated(quota.tariff_over, quota.specific_over));
        market.lanes[lane_in[number]].cap = std::min(lane.terms.cap, quota.quota);
        if (std::isfinite(lane.terms.cap)) {
            quota_cap[number] = caps.size();
            caps.push_back({{{0, static_cast<std::uint32_t>(lane_in[number])}, {0, static_cast<std::uint32_t>(lane_over[number])}}, lane.terms.cap});
        }
    }
    for (std::size_t number = 0; number < source.caps.size(); ++number) {
        for (const std::uint32_t lane : source.caps[number].lanes) {
            if (source.caps[number].cap <= 0.0) {   // a limit of nothing shuts its lanes, exactly
                market.lanes[lane_in[lane]].cap = 0.0;
                market.lanes[lane_over[lane] != none ? lane_over[lane] : lane_in[lane]].cap = 0.0;
            }
            caps[number].members.push_back({0, static_cast<std::uint32_t>(lane_in[lane])});
            if (lane_over[lane] != none) {
                caps[number].members.push_back({0, static_cast<std::uint32_t>(lane_over[lane])});
            }
        }
    }
    floor_lane.assign(nodes, none);
    ceiling_lane.assign(nodes, none);
    for (std::size_t node = 0; node < source.nodes.size(); ++node) {
        SpatialLane lane;
        if (source.nodes[node].price_floor) {
            lane.from = static_cast<std::uint32_t>(node);
            lane.to = static_cast<std::uint32_t>(nodes++);
            floor_lane[node] = market.lanes.size();
            market.lanes.push_back(lane);
        }
        if (source.nodes[node].price_ceiling) {
            lane.from = static_cast<std::uint32_t>(nodes++);
            lane.to = static_cast<std::uint32_t>(node);
            ceiling_lane[node] = market.lanes.size();
            market.lanes.push_back(lane);
        }
    }
    market.supply.resize(nodes);
    market.use.resize(nodes);
    market.through_shipment = source.through_shipment;
}

void CaseQuestion::find_bounds() {
    double price = 0.0;
    const auto see = [&](double value) { price = std::max(price, std::abs(value)); };
    for (const CaseOrder& order : source.orders) {
        see(order.limit);
        everything_ += order.quantity;
    }
    for (const CaseCurve& curve : source.curves) {
        see(curve.kind == CurveKind::linear ? curve.intercept : curve.kind == CurveKind::constant_elasticity ? curve.reference : 0.0);
        everything_ += curve.kind == CurveKind::fixed ? curve.quantity : curve.scale;
    }
    for (const CaseNode& node : source.nodes) {
        see(node.price_floor.value_or(0.0));
        see(node.price_ceiling.value_or(0.0));
    }
    double cost = 0.0;
    double all_costs = 0.0;
    double pass_through = 1.0;
    for (const SpatialLane& lane : market.lanes) {
        const double one = std::abs(lane.delivered(0.0)) + std::abs(lane.preference) + 10.0 * lane.preference_slope;
        cost = std::max(cost, one);
        all_costs += one;
        pass_through = std::max(pass_through, lane.pass_through());
    }
    if (source.through_shipment) {
        cost = std::min(all_costs, cost * static_cast<double>(source.nodes.size()));
    }
    highest = 4.0 * pass_through * (price + cost);
    highest = highest > 0.0 ? highest : 1.0;
    lowest = -highest;
}

void CaseQuestion::add_curve(const CaseCurve& curve, std::size_t number, std::vector<LimitOrder>& orders, bool& endless) {
    if (curve.kind == CurveKind::fixed) {
        const double price = any_price(curve.supply);
        orders.push_back({curve.quantity, price, price});
        endless = price != 0.0;
        return;
    }
    if (curve.kind == CurveKind::linear) {
        if (curve.slope == 0.0) {
            orders.push_back({everything_, curve.intercept, curve.intercept});
        } else {
            const double end = curve.supply ? highest : lowest;
            orders.push_back({curve.quantity_at(end), curve.intercept, end});
        }
        return;
    }
    std::vector<double>& knots = knots_[number];
    if (knots.empty()) {
        const double low = std::min(curve.reference, highest) / knot_span;
        for (int knot = 0; knot <= first_knots; ++knot) {
            knots.push_back(low * pow(highest / low, static_cast<double>(knot) / first_knots));
        }
        knots.push_back(curve.reference);
        std::sort(knots.begin(), knots.end());
    }
    endless = endless || !curve.supply;
    const std::size_t ends = curve.supply ? 0 : knots.size() - 1;
    orders.push_back({curve.quantity_at(knots[ends]), knots[ends], knots[ends]});
    for (std::size_t knot = 0; knot + 1 < knots.size(); ++knot) {
        const double change = curve.quantity_at(knots[knot + 1]) - curve.quantity_at(knots[knot]);
        curve.supply ? orders.push_back({change, knots[knot], knots[knot + 1]}) : orders.push_back({-change, knots[knot + 1], knots[knot]});
    }
}

void CaseQuestion::state_curves() {
    const std::size_t nodes = source.nodes.size();
    std::vector<std::vector<LimitOrder>> asks(nodes);
    std::vector<std::vector<LimitOrder>> bids(nodes);
    std::vector<bool> endless_supply(nodes, false);
    std::vector<bool> endless_use(nodes, false);
    for (const CaseOrder& order : source.orders) {
        (order.ask ? asks : bids)[order.node].push_back({order.quantity, order.limit, order.limit});
    }
    // Curves of slope zero last: they take whatever all others could trade.
    for (const bool level : {false, true}) {
        for (std::size_t number = 0; number < source.curves.size(); ++number) {
            const CaseCurve& curve = source.curves[number];
            if (level != (curve.kind == CurveKind::linear && curve.slope == 0.0)) {
                continue;
            }
            bool endless = false;
            std::vector<LimitOrder>& orders = (curve.supply ? asks : bids)[curve.node];
            const std::size_t before = orders.size();
            add_curve(curve, number, orders, endless);
            for (std::size_t index = before; !level && index < orders.size(); ++index) {
                everything_ += orders[index].quantity;
            }
            if (endless) {
                (curve.supply ? endless_supply : endless_use)[curve.node] = true;
            }
        }
    }
    for (std::size_t node = 0; node < nodes; ++node) {
        market.supply[node] = make_supply_curve(asks[node]);
        market.use[node] = make_use_curve(bids[node]);
        market.supply[node].endless = endless_supply[node];
        market.use[node].endless = endless_use[node];
        if (source.through_shipment) {
            for (OrderCurve* curve : {&market.supply[node], &market.use[node]}) {
                if (curve->empty()) {
                    *curve = {{0.0}, {0.0}};    // nothing is offered or wanted, but goods may pass
                }
            }
        }
        if (floor_lane[node] != none) {
            const double floor = *source.nodes[node].price_floor;
            market.use[market.lanes[floor_lane[node]].to] = make_use_curve(std::vector<LimitOrder>{{std::max(everything_, 1.0), floor, floor}});
        }
        if (ceiling_lane[node] != none) {
            const double ceiling = *source.nodes[node].price_ceiling;
            market.supply[market.lanes[ceiling_lane[node]].from] = make_supply_curve(std::vector<LimitOrder>{{std::max(everything_, 1.0), ceiling, ceiling}});
        }
    }
}

/// Adds knots where the answer stands; false when every curve is exact there already.
bool CaseQuestion::closer() {
    const SpatialMarketClearing& answer = cleared.markets.front();
    double volume = 0.0;
    for (const double used : answer.used) {
        volume += used;
    }
    bool added = false;
    for (std::size_t number = 0; number < source.curves.size(); ++number) {
        const CaseCurve& curve = source.curves[number];
        std::vector<double>& knots = knots_[number];
        if (curve.kind != CurveKind::constant_elasticity) {
            continue;
        }
        const double price = curve.supply ? answer.supply_price[curve.node] : answer.use_price[curve.node];
        const auto above = std::upper_bound(knots.begin(), knots.end(), price);
        if (above == knots.begin() || above == knots.end()) {
            continue;   // beyond the ends it is constant; `wider` sees to those
        }
        const double low = *(above - 1);
        const double high = *above;
        const double chord = curve.quantity_at(low) + (price - low) / (high - low) * (curve.quantity_at(high) - curve.quantity_at(low));
        const double off = std::abs(chord - curve.quantity_at(price));
        if (price == low || off <= exact_enough * volume) {
            continue;
        }
        // Beside the price, as far off as it may yet move: twice what the chord is off, in prices.
        const double slope = std::abs(curve.elasticity) * curve.quantity_at(price) / price;
        const double step = std::clamp(2.0 * off / slope, 1e-13 * price, 0.25 * (high - low));
        for (const double knot : {price - step, price, price + step}) {
            if (knot > low && knot < high) {
                knots.push_back(knot);
                added = true;
            }
        }
        std::sort(knots.begin(), knots.end());
        knots.erase(std::unique(knots.begin(), knots.end()), knots.end());
    }
    return added;
}

/// Moves the bounds out when a price that something trades at came near them; false when none did.
bool CaseQuestion::wider(double factor) {
    const SpatialMarketClearing& answer = cleared.markets.front();
    bool near = false;
    for (std::size_t node = 0; node < source.nodes.size(); ++node) {
        near = near || (answer.supplied[node] > 0.0 && !(std::abs(answer.supply_price[node]) < near_bound * highest));
        near = near || (answer.used[node] > 0.0 && !(std::abs(answer.use_price[node]) < near_bound * highest));
    }
    for (std::size_t number = 0; number < source.curves.size(); ++number) {
        const CaseCurve& curve = source.curves[number];
        if (curve.kind == CurveKind::constant_elasticity) {
            near = near || (curve.supply ? answer.supply_price : answer.use_price)[curve.node] < 2.0 * knots_[number].front();
        }
    }
    if (near) {
        highest *= factor;
        lowest *= factor;
        for (std::size_t number = 0; number < source.curves.size(); ++number) {
            if (source.curves[number].kind == CurveKind::constant_elasticity) {
                // In steps of four times, down as far as up.
                for (double step = 1.0; step < factor; step *= 4.0) {
                    knots_[number].insert(knots_[number].begin(), knots_[number].front() / 4.0);
                    knots_[number].push_back(std::min(highest, knots_[number].back() * 4.0));
                }
                knots_[number].push_back(highest);
                knots_[number].erase(std::unique(knots_[number].begin(), knots_[number].end()), knots_[number].end());
            }
        }
    }
    return near;
}

/// Whether a supply that is to be sold at any price did not find a buyer at any.
bool CaseQuestion::left_unsold() const {
    const SpatialMarketClearing& answer = cleared.markets.front();
    for (const CaseCurve& curve : source.curves) {
        if (curve.supply && curve.kind == CurveKind::fixed && answer.supply_price[curve.node] < near_bound * lowest) {
            return true;
        }
    }
    return false;
}

/// Where only fixed quantities trade with each other, prices are known but for their level: the lowest is set to zero.
/// A node that trades with nobody else has no price then.
void CaseQuestion::level_prices() {
    const SpatialMarketClearing& answer = cleared.markets.front();
    const std::size_t nodes = source.nodes.size();
    unpinned.assign(nodes, false);
    std::vector<bool> flat(nodes, true);
    std::vector<bool> alone(nodes, true);
    bool all_flat = true;
    for (std::size_t node = 0; node < nodes; ++node) {
        for (const OrderCurve* curve : {&market.supply[node], &market.use[node]}) {
            const QuantityRange range = quantities_between(*curve, 0.99 * lowest, 0.99 * highest);
            flat[node] = flat[node] && range.most == range.least;
        }
        flat[node] = flat[node] && floor_lane[node] == none && ceiling_lane[node] == none;
        all_flat = all_flat && flat[node];
    }
    for (const SpatialLane& lane : market.lanes) {
        alone[lane.from] = alone[lane.to] = false;
    }
    double least = highest;
    for (std::size_t node = 0; node < nodes; ++node) {
        unpinned[node] = flat[node] && alone[node];
        least = std::min({least, answer.supply_price[node], answer.use_price[node]});
    }
    if (!all_flat || least < near_bound * lowest || least > near_bound * highest) {
        return;
    }
    SpatialClearing shifted = cleared;
    for (std::vector<double>* prices : {&shifted.markets.front().supply_price, &shifted.markets.front().use_price}) {
        for (double& price : *prices) {
            price -= least;
        }
    }
    if (certify_exact({&market, 1}, caps, shifted).worst() <= 1e-9) {
        cleared = std::move(shifted);
    }
}

/// Gives the answer no more digits than it has, so that 499.99999999999994 t are 500 t. A price at which orders stand
/// stays what it is.
void CaseQuestion::round_answer() {
    SpatialMarketClearing& answer = cleared.markets.front();
    double volume = 0.0;
    double price = 0.0;
    for (std::size_t node = 0; node < answer.used.size(); ++node) {
        volume += answer.used[node];
        price = std::max({price, std::abs(answer.supply_price[node]), std::abs(answer.use_price[node])});
    }
    // How many of the last digit make one: a power of ten, exact as long as it is below 10^22.
    const auto parts = [](double scale, int digits) {
        for (double whole = 1.0; whole < scale; whole *= 10.0) {
            --digits;
        }
        double power = 1.0;
        for (; digits > 0; --digits) {
            power *= 10.0;
        }
        return power;
    };
    const double price_unit = parts(price, price_digits);
    const double volume_unit = parts(volume, volume_digits);
    const auto round = [](double& value, double whole) { value = std::round(value * whole) / whole; };
    for (std::size_t node = 0; node < answer.used.size(); ++node) {
        const auto stands = [&](double where) {
            const auto& at = market.supply[node].price;
            const auto& wanted = market.use[node].price;
            return std::binary_search(at.begin(), at.end(), where) || std::binary_search(wanted.begin(), wanted.end(), where);
        };
        for (double* one : {&answer.supply_price[node], &answer.use_price[node]}) {
            if (!stands(*one)) {
                round(*one, price_unit);
            }
        }
        round(answer.domestic_flow[node], volume_unit);
    }
    answer.supplied = answer.used = answer.domestic_flow;
    for (std::size_t lane = 0; lane < answer.flow.size(); ++lane) {
        round(answer.flow[lane], volume_unit);
        round(answer.lane_rent[lane], price_unit);
        answer.supplied[market.lanes[lane].from] += answer.flow[lane];
        answer.used[market.lanes[lane].to] += answer.flow[lane];
    }
    for (double& rent : cleared.shared_rent) {
        round(rent, price_unit);
    }
    for (std::vector<double>* column : {&answer.supplied, &answer.used}) {
        for (double& tonnes : *column) {
            round(tonnes, volume_unit);
        }
    }
}

void CaseQuestion::solve() {
    const auto clear = [&] {
        const double before = everything_;
        state_curves();
        everything_ = before;
        clear_exact({&market, 1}, caps, cleared);
    };
    clear();
    if (left_unsold()) {
        free_disposal_ = true;
        clear();
    }
    double factor = first_widening;
    for (int widening = 0; widening < most_widenings && wider(factor); ++widening) {
        clear();
        factor *= factor;
    }
    int rounds = 0;
    for (; rounds < most_rounds && closer(); ++rounds) {
        clear();
    }
    if (rounds == most_rounds) {
        throw std::runtime_error("the curves did not come to rest");
    }
    level_prices();
    round_answer();
}

}  // namespace ytterby
