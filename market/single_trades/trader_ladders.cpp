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
    std::vector<std::uint32_t> sorted;
    for (std::size_t number = 0; number < market.orders.size(); ++number) {
        if (market.orders[number].ask == asks && market.orders[number].quantity > 0.0) {
            sorted.push_back(static_cast<std::uint32_t>(number));
        }
    }
    // Equal limits of one trader are sorted by quantity, so that the order in which the market lists them does not
    // matter.
    const auto rank = [&](std::uint32_t number) {
        const SingleOrder& ranked = market.orders[number];
        return std::tuple(ranked.trader, ranked.node, asks ? ranked.limit : -ranked.limit, ranked.quantity, number);
    };
    const auto before = [&](std::uint32_t left, std::uint32_t right) { return rank(left) < rank(right); };
    if (!std::is_sorted(sorted.begin(), sorted.end(), before)) {
        std::sort(sorted.begin(), sorted.end(), before);
    }
    LadderSide side;
    side.steps.reserve(sorted.size());
    for (const std::uint32_t number : sorted) {
        const SingleOrder& order = market.orders[number];
        if (side.ladders.empty() || side.ladders.back().trader != order.trader ||
            side.ladders.back().node != order.node) {
            side.ladders.push_back({.trader = order.trader,
                                    .node = order.node,
                                    .next = side.steps.size(),
                                    .end = side.steps.size(),
                                    .limit = order.limit});
        }
        side.steps.push_back({order.limit, order.quantity, number});
        Ladder& ladder = side.ladders.back();
        ++ladder.end;
        ladder.total += order.quantity;
        const double known = order.node < known_price.size() ? known_price[order.node] : 0.0;
        if (known <= 0.0 || (asks ? order.limit <= known : order.limit >= known)) {
            ladder.at_known += order.quantity;
        }
    }
    return side;
}

}  // namespace ytterby
