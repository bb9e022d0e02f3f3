#include "market/exact/detail/prices.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// A wedge below this share of the price is rounding, since balances are not exact enough. A third of the arbitrage
/// that an answer may have.
constexpr double least_wedge = 3e-10;

struct PriceRange {
    double low = -infinite;
    double high = infinite;
};

/// The prices at which a curve allows the quantity of its side.
PriceRange prices_for(const BalanceSide& side, double tolerance) {
    const auto& price = side.knot_price;
    const auto& quantity = side.knot_quantity;
    const double sign = side.supply ? 1.0 : -1.0;
    const std::size_t count = price.size();
    // In the order of the curve: the first knot that is not below the quantity, and the first one beyond it.
    std::size_t first = 0;
    std::size_t beyond = 0;
    for (std::size_t length = count; length > 0;) {
        const std::size_t half = length / 2;
        const bool below = sign * (quantity[first + half] - side.quantity) < -tolerance;
        first = below ? first + half + 1 : first;
        length = below ? length - half - 1 : half;
    }
    beyond = first;
    for (std::size_t length = count - first; length > 0;) {
        const std::size_t half = length / 2;
        const bool within = sign * (quantity[beyond + half] - side.quantity) <= tolerance;
        beyond = within ? beyond + half + 1 : beyond;
        length = within ? length - half - 1 : half;
    }
    PriceRange range;
    if (first < beyond && (first == 0 || beyond == count || price[beyond - 1] > price[first])) {
        range.low = first == 0 ? -infinite : price[first];
        range.high = beyond == count ? infinite : price[beyond - 1];
        if (side.endless) {
            range.low = side.supply && range.low == price.front() ? -infinite : range.low;
            range.high = !side.supply && range.high == price.back() ? infinite : range.high;
        }
        return range;
    }
    const std::size_t upper = std::clamp<std::size_t>(first, 1, count - 1);
    const double rise = quantity[upper] - quantity[upper - 1];
    const double share = rise != 0.0 ? std::clamp((side.quantity - quantity[upper - 1]) / rise, 0.0, 1.0) : 0.0;
    range.low = range.high = price[upper - 1] + share * (price[upper] - price[upper - 1]);
    return range;
}

/// How far a link's delivered price, wedge and rents included, exceeds the use price.
double slack_of(const BalanceNetwork& network, const BalanceLink& link) {
    const double supply_price = network.sides[link.from].price;
    const double use_price = network.sides[link.to].price;
    const double wedge = link.elastic != nullptr ? link.elastic->wedge(link.now.flow) - link.elastic->preference : 0.0;
    const double delivered = link.pass_through * supply_price + link.cost + wedge + link.rent;
    return delivered - use_price;
}

/// Groups of sides that open links tie: their prices can only move together, each by `weight` times the shift.
struct TiedGroups {
    std::vector<std::uint32_t> group;    // per side
    std::vector<double> weight;          // per side
    std::vector<PriceRange> shift;       // per group
    std::vector<std::uint32_t> reached;  // sides, each after the side it is tied to
    std::vector<std::uint32_t> through;  // per side: the link that ties it to a side reached before
};

constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

enum class LinkState { idle, open, full };

/// A change of flow that is only rounding of the volume and, over an elastic lane, does not move its wedge either.
double negligible_flow(const BalanceNetwork& network, const BalanceLink& link) {
    const BalanceScale& scale = network.scales[network.sides[link.from].market];
    const double nothing = negligible_share * scale.volume;
    if (link.elastic == nullptr) {
        return nothing;
    }
    return std::min(nothing, least_wedge * scale.price * (link.now.flow + link.elastic->opening_flow) /
                                 link.elastic->preference_slope);
}

LinkState state_of(const BalanceNetwork& network, const BalanceLink& link) {
    const double nothing = negligible_flow(network, link);
    if (link.now.flow >= link.most - std::min(nothing, 0.5 * (link.most - link.least))) {
        return LinkState::full;
    }
    return link.now.flow > link.least + nothing ? LinkState::open : LinkState::idle;
}

TiedGroups tie_sides(const BalanceNetwork& network, const std::vector<LinkState>& state) {
    const std::size_t count = network.sides.size();
    std::vector<std::vector<std::uint32_t>> open(count);
    for (std::uint32_t number = 0; number < network.links.size(); ++number) {
        if (state[number] == LinkState::open) {
            open[network.links[number].from].push_back(number);
            open[network.links[number].to].push_back(number);
        }
    }
    TiedGroups tied{std::vector<std::uint32_t>(count, nowhere),
                    std::vector<double>(count, 1.0),
                    {},
                    {},
                    std::vector<std::uint32_t>(count, nowhere)};
    for (std::uint32_t root = 0; root < count; ++root) {
        if (tied.group[root] != nowhere) {
            continue;
        }
        const auto group = static_cast<std::uint32_t>(tied.shift.size());
        tied.shift.emplace_back();
        tied.group[root] = group;
        tied.reached.push_back(root);
        for (std::size_t next = tied.reached.size() - 1; next < tied.reached.size(); ++next) {
            const std::uint32_t side = tied.reached[next];
            for (const std::uint32_t number : open[side]) {
                const BalanceLink& link = network.links[number];
                const bool forward = link.from == side;
                const std::uint32_t other = forward ? link.to : link.from;
                const double weight =
                    forward ? tied.weight[side] * link.pass_through : tied.weight[side] / link.pass_through;
                if (tied.group[other] == nowhere) {
                    tied.group[other] = group;
                    tied.weight[other] = weight;
                    tied.through[other] = number;
                    tied.reached.push_back(other);
                } else if (std::abs(weight - tied.weight[other]) > 1e-9 * weight) {
                    tied.shift[group] = {0.0, 0.0};  // two routes with different duties determine the prices
                }
            }
        }
    }
    return tied;
}

/// Shifts of tied groups from the present prices and the range of each. Everything balances at the present prices, so
/// zero is always within the range.
class PriceShifts {
public:
    explicit PriceShifts(BalanceNetwork& network) : network_(network) {
        state_.reserve(network.links.size());
        for (const BalanceLink& link : network.links) {
            state_.push_back(state_of(network, link));
        }
        for (std::size_t number = 0; number < state_.size(); ++number) {
            BalanceLink& link = network.links[number];
            link.now.flow = state_[number] == LinkState::idle   ? link.least
                            : state_[number] == LinkState::full ? link.most
                                                                : link.now.flow;
        }
        tied_ = tie_sides(network, state_);
        bound_by_curves();
    }

    /// Bellman and Ford's relaxation over the links that are not open.
    void relax() {
        for (std::size_t round = 0; round < tied_.shift.size() + 50; ++round) {
            const std::vector<PriceRange> before = tied_.shift;
            for (std::size_t number = 0; number < network_.links.size(); ++number) {
                if (state_[number] != LinkState::open) {
                    relax_link(network_.links[number], state_[number] == LinkState::idle);
                }
            }
            if (std::equal(before.begin(), before.end(), tied_.shift.begin(),
                           [](const PriceRange& old, const PriceRange& now) {
                               return old.low == now.low && old.high == now.high;
                           })) {
                break;
            }
        }
    }

    /// Puts groups with both ends at the middle of their range.
    void take_middles() {
        for (PriceRange& shift : tied_.shift) {
            if (std::isfinite(shift.low) && std::isfinite(shift.high)) {
                shift.low = shift.high = 0.5 * (shift.low + shift.high);
            }
        }
    }

    /// Moves prices by the middle of the range, or by its one end.
    void apply() {
        for (const std::uint32_t index : tied_.reached) {
            BalanceSide& side = network_.sides[index];
            if (tied_.through[index] == nowhere || network_.links[tied_.through[index]].elastic != nullptr) {
                // Also over a lane with a preference slope: a small flow determines its price less well than the price
                // determines the flow.
                const PriceRange& shift = tied_.shift[tied_.group[index]];
                const double low = std::isfinite(shift.low) ? shift.low : shift.high;
                const double high = std::isfinite(shift.high) ? shift.high : shift.low;
                side.price += side.present() && std::isfinite(low) ? 0.5 * tied_.weight[index] * (low + high) : 0.0;
                continue;
            }
            // From one side of an open link to the other: equal to the last digit.
            const BalanceLink& link = network_.links[tied_.through[index]];
            const double slack = slack_of(network_, link);
            side.price += link.to == index ? slack : -slack / link.pass_through;
        }
    }

private:
    void at_most(std::uint32_t group, double bound) {
        PriceRange& shift = tied_.shift[group];
        shift.high = shift.low < shift.high ? std::min(shift.high, std::max(0.0, bound)) : shift.high;
    }

    void at_least(std::uint32_t group, double bound) {
        PriceRange& shift = tied_.shift[group];
        shift.low = shift.low < shift.high ? std::max(shift.low, std::min(0.0, bound)) : shift.low;
    }

    void bound_by_curves() {
        for (std::size_t index = 0; index < network_.sides.size(); ++index) {
            const BalanceSide& side = network_.sides[index];
            if (!side.present()) {
                continue;
            }
            const PriceRange range = prices_for(side, negligible_share * network_.scales[side.market].volume);
            PriceRange& shift = tied_.shift[tied_.group[index]];
            if (range.low == range.high && shift.low < shift.high) {
                shift.low = shift.high = 0.0;  // the curve determines the price
                continue;
            }
            at_most(tied_.group[index], (range.high - side.price) / tied_.weight[index]);
            at_least(tied_.group[index], (range.low - side.price) / tied_.weight[index]);
        }
    }

    /// The price of `below` may not exceed that of `above` by more than the slack.
    void relax_link(const BalanceLink& link, bool idle) {
        const double slack = std::max(0.0, idle ? slack_of(network_, link) : -slack_of(network_, link));
        const std::uint32_t below = tied_.group[idle ? link.to : link.from];
        const std::uint32_t above = tied_.group[idle ? link.from : link.to];
        const double weight_from = tied_.weight[link.from] * link.pass_through;
        const double weight_below = idle ? tied_.weight[link.to] : weight_from;
        const double weight_above = idle ? weight_from : tied_.weight[link.to];
        if (below != above) {
            at_most(below, (slack + weight_above * tied_.shift[above].high) / weight_below);
            at_least(above, (weight_below * tied_.shift[below].low - slack) / weight_above);
        } else if (weight_below > weight_above * (1.0 + 1e-12)) {
            at_most(below, slack / (weight_below - weight_above));
        } else if (weight_above > weight_below * (1.0 + 1e-12)) {
            at_least(below, -slack / (weight_above - weight_below));
        }
    }

    BalanceNetwork& network_;
    std::vector<LinkState> state_;
    TiedGroups tied_;
};

}  // namespace

void centre_prices(BalanceNetwork& network) {
    network.evaluate();
    PriceShifts shifts(network);
    shifts.relax();
    shifts.take_middles();
    shifts.relax();  // groups with one end take the end that the others now leave them
    shifts.apply();
}

}  // namespace ytterby
