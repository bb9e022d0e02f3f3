#include "market/single_trades/trader_ladders.hpp"

#include <algorithm>
#include <tuple>

namespace ytterby {

double LadderSide::wanted_above(const Ladder& ladder, double price) const {
    double sum = 0.0;
    for (std::size_t step = ladder.next; step < ladder.end && steps[step].limit >= price; ++step) {
        sum += steps[step].left;
    }
    return sum;
}

void LadderSide::take(Ladder& ladder, double quantity) {
    LadderStep& step = steps[ladder.next];
    ladder.traded += quantity;
    step.left -= quantity;
    if (step.left <= 0.0) {
        step.left = 0.0;
        ++ladder.next;
        ladder.limit = ladder.next < ladder.end ? steps[ladder.next].limit : ladder.limit;
    }
}

LadderSide make_ladders(const SingleOrderMarket& market, bool asks, std::span<const double> known_price) {
    std::vector<std::uint32_t> order;
    for (std::size_t number = 0; number < market.orders.size(); ++number) {
        if (market.orders[number].ask == asks && market.orders[number].quantity > 0.0) {
            order.push_back(static_cast<std::uint32_t>(number));
        }
    }
    // Ties of one trader's equal limits are broken by quantity, so that the order in which they stand does not matter.
    const auto rank = [&](std::uint32_t number) {
        const SingleOrder& stated = market.orders[number];
        return std::tuple(stated.trader, stated.node, asks ? stated.limit : -stated.limit, stated.quantity, number);
    };
    const auto before = [&](std::uint32_t left, std::uint32_t right) { return rank(left) < rank(right); };
    if (!std::is_sorted(order.begin(), order.end(), before)) {
        std::sort(order.begin(), order.end(), before);
    }
    LadderSide side;
    side.steps.reserve(order.size());
    for (const std::uint32_t number : order) {
        const SingleOrder& stated = market.orders[number];
        if (side.ladders.empty() || side.ladders.back().trader != stated.trader ||
            side.ladders.back().node != stated.node) {
            side.ladders.push_back({.trader = stated.trader,
                                    .node = stated.node,
                                    .next = side.steps.size(),
                                    .end = side.steps.size(),
                                    .limit = stated.limit});
        }
        side.steps.push_back({stated.limit, stated.quantity, number});
        Ladder& ladder = side.ladders.back();
        ++ladder.end;
        ladder.total += stated.quantity;
        const double known = stated.node < known_price.size() ? known_price[stated.node] : 0.0;
        if (known <= 0.0 || (asks ? stated.limit <= known : stated.limit >= known)) {
            ladder.at_known += stated.quantity;
        }
    }
    return side;
}

}  // namespace ytterby
