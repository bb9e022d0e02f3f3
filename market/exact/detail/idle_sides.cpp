#include <algorithm>
#include <limits>
#include <vector>

#include "core/maths.hpp"
#include "market/exact/detail/prices.hpp"

namespace ytterby {
namespace {

/// The price of a side's first order: the lowest of a supply, the highest of a use.
double first_order(const BalanceSide& side) {
    const std::size_t count = side.knot_price.size();
    if (side.supply) {
        std::size_t knot = 0;
        while (knot < count && side.knot_quantity[knot] <= 0.0) {
            ++knot;
        }
        return knot == count ? infinite : side.knot_price[knot == 0 ? 0 : knot - 1];
    }
    std::size_t knot = count;
    while (knot > 0 && side.knot_quantity[knot - 1] <= 0.0) {
        --knot;
    }
    return knot == 0 ? -infinite : side.knot_price[knot == count ? count - 1 : knot];
}

}  // namespace

void follow_trading_side(BalanceNetwork& network) {
    const std::size_t count = network.sides.size();
    std::vector<bool> trades(count, false);
    for (const BalanceLink& link : network.links) {
        if (link.now.flow != 0.0) {
            trades[link.from] = trades[link.to] = true;
        }
    }
    std::vector<bool> follows(count, false);
    for (const BalanceLink& link : network.links) {
        if (link.home && trades[link.from] != trades[link.to]) {
            follows[trades[link.from] ? link.to : link.from] = true;
        }
    }
    std::vector<std::vector<const BalanceLink*>> links(count);
    for (const BalanceLink& link : network.links) {
        if (follows[link.from]) {
            links[link.from].push_back(&link);
        }
        if (follows[link.to]) {
            links[link.to].push_back(&link);
        }
    }
    // One side after another, at the prices that the others have by then: no supply price below what its best lane
    // would net, no use price above what its cheapest lane would land at.
    for (std::size_t index = 0; index < count; ++index) {
        BalanceSide& side = network.sides[index];
        if (!follows[index] || !side.present()) {
            continue;
        }
        double bound = side.supply ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
        for (const BalanceLink* link : links[index]) {
            const double wedge = link->elastic != nullptr ? link->elastic->wedge(0.0) - link->elastic->preference : 0.0;
            const double cost = link->cost + wedge + link->rent;
            bound = side.supply ? std::max(bound, (network.sides[link->to].price - cost) / link->pass_through)
                                : std::min(bound, link->pass_through * network.sides[link->from].price + cost);
        }
        // Up to the price of its own first order, nothing is offered or wanted.
        if (side.supply ? bound <= first_order(side) : bound >= first_order(side)) {
            side.price = bound;
        }
    }
}

}  // namespace ytterby
