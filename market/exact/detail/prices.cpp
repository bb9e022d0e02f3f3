#include "market/exact/detail/prices.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ytterby {
namespace {

/// Quantities below this share of the volume are rounding.
constexpr double dust = 1e-10;
/// Strength of the last anchors of a choice (see BalanceNetwork::pull).
constexpr double last_pull = 1e-8;
/// A wedge below this share of the price tells nothing: balances are not known well enough. A third of what an
/// answer's arbitrage may be.
constexpr double least_wedge = 3e-10;
constexpr double infinite = std::numeric_limits<double>::infinity();

struct PriceRange {
    double low = -infinite;
    double high = infinite;
};

/// The prices at which a curve may come to a quantity.
PriceRange prices_for(const BalanceSide& side, double tolerance) {
    const auto& price = side.knot_price;
    const auto& quantity = side.knot_quantity;
    const double sign = side.supply ? 1.0 : -1.0;
    const std::size_t count = price.size();
    // First knot that is not below the quantity in the order of the curve, first one beyond it.
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

/// How far a link's delivered price, wedge and rents included, stands above the use price.
double slack_of(const BalanceNetwork& network, const BalanceLink& link) {
    const double supply_price = network.sides[link.from].price;
    const double use_price = network.sides[link.to].price;
    const double wedge = link.elastic != nullptr ? link.elastic->wedge(link.now.flow) - link.elastic->preference : 0.0;
    const double delivered = link.pass_through * supply_price + link.cost + wedge + link.rent;
    return delivered - use_price;
}

/// Sides that open links tie together: their prices can only move together, each by `weight` times the shift.
struct TiedGroups {
    std::vector<std::uint32_t> group;    // per side
    std::vector<double> weight;          // per side
    std::vector<PriceRange> shift;       // per group
    std::vector<std::uint32_t> reached;  // sides, each after the one it is tied to
    std::vector<std::uint32_t> through;  // per side: the link that ties it to one reached before
};

constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

enum class LinkState { idle, open, full };

/// A change of flow that tells nothing: rounding of the volume, and over an elastic lane one that does not
/// move its wedge either.
double negligible_flow(const BalanceNetwork& network, const BalanceLink& link) {
    const BalanceScale& scale = network.scales[network.sides[link.from].market];
    const double nothing = dust * scale.volume;
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
                    tied.shift[group] = {0.0, 0.0};  // two ways with different duties fix the prices
                }
            }
        }
    }
    return tied;
}

}  // namespace

void centre_prices(BalanceNetwork& network) {
    network.evaluate();
    std::vector<LinkState> state;
    state.reserve(network.links.size());
    for (const BalanceLink& link : network.links) {
        state.push_back(state_of(network, link));
    }
    for (std::size_t number = 0; number < state.size(); ++number) {
        BalanceLink& link = network.links[number];
        link.now.flow = state[number] == LinkState::idle   ? link.least
                        : state[number] == LinkState::full ? link.most
                                                           : link.now.flow;
    }
    TiedGroups tied = tie_sides(network, state);
    // Shifts from the present prices, at which everything balances: zero is always possible.
    const auto at_most = [&](std::uint32_t group, double bound) {
        PriceRange& shift = tied.shift[group];
        shift.high = shift.low < shift.high ? std::min(shift.high, std::max(0.0, bound)) : shift.high;
    };
    const auto at_least = [&](std::uint32_t group, double bound) {
        PriceRange& shift = tied.shift[group];
        shift.low = shift.low < shift.high ? std::max(shift.low, std::min(0.0, bound)) : shift.low;
    };
    for (std::size_t index = 0; index < network.sides.size(); ++index) {
        const BalanceSide& side = network.sides[index];
        if (side.present()) {
            const PriceRange range = prices_for(side, dust * network.scales[side.market].volume);
            PriceRange& shift = tied.shift[tied.group[index]];
            if (range.low == range.high && shift.low < shift.high) {
                shift.low = shift.high = 0.0;  // the price is where it must be
                continue;
            }
            at_most(tied.group[index], (range.high - side.price) / tied.weight[index]);
            at_least(tied.group[index], (range.low - side.price) / tied.weight[index]);
        }
    }
    // Bellman and Ford's relaxation over the links that are not open.
    const auto relax = [&] {
        for (std::size_t round = 0; round < tied.shift.size() + 50; ++round) {
            const std::vector<PriceRange> before = tied.shift;
            for (std::size_t number = 0; number < network.links.size(); ++number) {
                const BalanceLink& link = network.links[number];
                if (state[number] == LinkState::open) {
                    continue;
                }
                // The price of `below` may not pass that of `above` by more than the slack.
                const bool idle = state[number] == LinkState::idle;
                const double slack = std::max(0.0, idle ? slack_of(network, link) : -slack_of(network, link));
                const std::uint32_t below = tied.group[idle ? link.to : link.from];
                const std::uint32_t above = tied.group[idle ? link.from : link.to];
                const double weight_from = tied.weight[link.from] * link.pass_through;
                const double weight_below = idle ? tied.weight[link.to] : weight_from;
                const double weight_above = idle ? weight_from : tied.weight[link.to];
                if (below != above) {
                    at_most(below, (slack + weight_above * tied.shift[above].high) / weight_below);
                    at_least(above, (weight_below * tied.shift[below].low - slack) / weight_above);
                } else if (weight_below > weight_above * (1.0 + 1e-12)) {
                    at_most(below, slack / (weight_below - weight_above));
                } else if (weight_above > weight_below * (1.0 + 1e-12)) {
                    at_least(below, -slack / (weight_above - weight_below));
                }
            }
            if (std::equal(before.begin(), before.end(), tied.shift.begin(),
                           [](const PriceRange& old, const PriceRange& now) {
                               return old.low == now.low && old.high == now.high;
                           })) {
                break;
            }
        }
    };
    relax();
    // Groups with both ends take their middle; those with one end, the end that the others then leave them.
    for (PriceRange& shift : tied.shift) {
        if (std::isfinite(shift.low) && std::isfinite(shift.high)) {
            shift.low = shift.high = 0.5 * (shift.low + shift.high);
        }
    }
    relax();
    for (const std::uint32_t index : tied.reached) {
        BalanceSide& side = network.sides[index];
        if (tied.through[index] == nowhere || network.links[tied.through[index]].elastic != nullptr) {
            // Over a lane with a preference slope, too: a small flow tells its price worse than the price tells the
            // flow.
            const PriceRange& shift = tied.shift[tied.group[index]];
            const double low = std::isfinite(shift.low) ? shift.low : shift.high;
            const double high = std::isfinite(shift.high) ? shift.high : shift.low;
            side.price += side.present() && std::isfinite(low) ? 0.5 * tied.weight[index] * (low + high) : 0.0;
            continue;
        }
        // From one side of an open link to the other: equal to the last digit.
        const BalanceLink& link = network.links[tied.through[index]];
        const double slack = slack_of(network, link);
        side.price += link.to == index ? slack : -slack / link.pass_through;
    }
}

namespace {

/// Tries with anchors that are as strong as `first_pull` at first. `gently`: with resistances by what the ends
/// of each link carry, falling step by step; else with small ones by the volume.
bool try_to_choose(BalanceNetwork& network, std::span<const double> weights, double tolerance, double first_pull,
                   bool gently) {
    BalanceNetwork choice;
    choice.scales = network.scales;
    constexpr double good = 1e-11;
    const auto resist = [&](double share) {
        for (std::size_t number = 0; number < choice.links.size(); ++number) {
            const BalanceSide& from = network.sides[choice.links[number].from];
            const double size = std::min(from.quantity, network.sides[choice.links[number].to].quantity);
            const double volume = choice.scales[from.market].volume;
            choice.links[number].resistance = share / (gently && size > dust * volume ? size : volume);
        }
    };
    const auto settle = [&](bool move_links) {
        choice.pull = first_pull;
        for (const double share : {1.0, 0.1}) {
            if (move_links && gently) {
                resist(share);
                choice.settle(good, 1, false, true);
            }
        }
        if (move_links) {
            resist(0.01);
        }
        for (; choice.pull > 1.1 * last_pull; choice.pull *= 0.1) {
            choice.settle(good, 1, false, move_links);
        }
        choice.pull = last_pull;
        return choice.settle(good, 60, false, move_links, 10.0 * good);
    };
    for (BalanceScale& scale : choice.scales) {
        scale.price = 1.0;
    }
    // Marginal quantities of every side as a jump of their own. Filling sellers earns more than any share
    // of marginal orders can cost, at either end of any chain of swaps, so the volume comes first.
    constexpr double reward = 4.0;
    std::vector<std::array<double, 2>> knot_price(network.sides.size());
    std::vector<std::array<double, 2>> knot_quantity(network.sides.size());
    for (std::size_t index = 0; index < network.sides.size(); ++index) {
        const BalanceSide& side = network.sides[index];
        BalanceSide marginal;
        marginal.supply = side.supply;
        marginal.market = side.market;
        if (side.present()) {
            const double width = tolerance * network.scales[side.market].price;
            const auto first = std::lower_bound(side.knot_price.begin(), side.knot_price.end(), side.price - width);
            const auto beyond = std::upper_bound(side.knot_price.begin(), side.knot_price.end(), side.price + width);
            double least = side.quantity;
            double most = side.quantity;
            if (beyond - first >= 2) {
                const double one = side.knot_quantity[static_cast<std::size_t>(first - side.knot_price.begin())];
                const double other = side.knot_quantity[static_cast<std::size_t>(beyond - side.knot_price.begin()) - 1];
                least = std::min({least, one, other});
                most = std::max({most, one, other});
            }
            if (most - least <= dust * network.scales[side.market].volume) {
                least = most = side.quantity;
            }
            const double floor = side.supply ? -reward : 0.0;
            knot_price[index] = {floor, floor};
            knot_quantity[index] = side.supply ? std::array{least, most} : std::array{most, least};
            marginal.resistance = most > least ? 1.0 / (most - least) : 1.0 / network.scales[side.market].volume;
            marginal.centre = least;
            marginal.knot_price = knot_price[index];
            marginal.knot_quantity = knot_quantity[index];
        }
        choice.sides.push_back(marginal);
    }
    for (const BalanceLink& link : network.links) {
        const BalanceSide& from = network.sides[link.from];
        const BalanceSide& to = network.sides[link.to];
        const double scale = std::max({network.scales[from.market].price, std::abs(from.price), std::abs(to.price)});
        const double margin = to.price - link.pass_through * from.price - link.cost - link.rent;
        BalanceLink tied = link;
        tied.pass_through = 1.0;
        tied.cost = 0.0;
        tied.elastic = nullptr;
        tied.centre = link.now.flow;
        if (link.elastic != nullptr) {
            tied.least = tied.most = link.now.flow;
        } else if (std::abs(margin) > tolerance * scale) {
            tied.least = tied.most = margin < 0.0 ? link.least : link.most;  // but for dust, the flow
        }
        choice.links.push_back(tied);
    }
    for (const BalanceCap& cap : network.caps) {
        BalanceCap same = cap;
        same.exact =
            !cap.links.empty() &&
            cap.rent > tolerance * network.scales[network.sides[network.links[cap.links.front()].from].market].price;
        same.cap = same.exact ? cap.used : std::max(cap.cap, cap.used);
        same.rent = same.anchor = 0.0;
        choice.caps.push_back(same);
    }
    constexpr double whole = 1e-3;
    bool found = settle(true);
    // Then the quantities stand, and the lanes share by weight what must travel.
    for (std::size_t index = 0; found && index < choice.sides.size(); ++index) {
        BalanceSide& side = choice.sides[index];
        if (side.present()) {
            knot_quantity[index] = {side.quantity, side.quantity};
            side.centre = side.quantity;
            side.price = side.anchor = 0.0;
        }
    }
    // As much as possible stays at home.
    for (BalanceLink& link : choice.links) {
        link.cost = link.home ? -1.0 : 0.0;
    }
    found = found && settle(true);
    // What is worth moving under these shadow prices, which are whole numbers, moves; the rest may share.
    for (std::size_t number = 0; found && number < choice.links.size(); ++number) {
        BalanceLink& link = choice.links[number];
        const double margin = choice.sides[link.to].price - choice.sides[link.from].price - link.cost - link.rent;
        if (std::abs(margin) > whole && std::isfinite(margin < 0.0 ? link.least : link.most)) {
            link.least = link.most = margin < 0.0 ? link.least : link.most;
        }
        link.cost = 0.0;
        link.centre = link.now.flow;
        link.resistance = 1.0 / weights[number];
    }
    for (BalanceCap& cap : choice.caps) {
        if (cap.rent > whole) {
            cap.exact = true;
            cap.cap = cap.used;
        }
    }
    for (BalanceCap& cap : choice.caps) {
        cap.rent = cap.anchor = 0.0;
    }
    for (BalanceSide& side : choice.sides) {
        side.price = side.anchor = 0.0;
    }
    if (found) {
        choice.leap_from_centres();
        found = settle(false);
    }
    network.steps += choice.steps;
    if (!found) {
        return false;
    }
    for (std::size_t index = 0; index < network.sides.size(); ++index) {
        network.sides[index].quantity = choice.sides[index].quantity;
        network.sides[index].moved = choice.sides[index].moved;
    }
    for (std::size_t number = 0; number < network.links.size(); ++number) {
        network.links[number].now.flow = choice.links[number].now.flow;
    }
    return true;
}

}  // namespace

bool choose_flows(BalanceNetwork& network, std::span<const double> weights, double tolerance) {
    // Weak anchors need few rounds, firm ones keep Newton's method from going astray.
    for (const double pull : {last_pull, 1e-5, 1e-2, 1.0}) {
        if (try_to_choose(network, weights, tolerance, pull, false) ||
            try_to_choose(network, weights, tolerance, pull, true)) {
            return true;
        }
    }
    return false;
}

}  // namespace ytterby
