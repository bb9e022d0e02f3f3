#include "market/order_book/auction.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "market/order_book/detail/hubs.hpp"
#include "market/order_book/detail/traders.hpp"

namespace ytterby {
namespace {

void require(bool holds, const char* what, std::size_t number) {
    if (!holds) {
        throw std::invalid_argument(std::string(what) + " " + std::to_string(number) +
                                    " of the market is out of range");
    }
}

void check(const SingleOrderMarket& market) {
    for (std::size_t number = 0; number < market.orders.size(); ++number) {
        const SingleOrder& order = market.orders[number];
        require(order.node < market.nodes && std::isfinite(order.limit) && std::isfinite(order.quantity) &&
                    order.quantity >= 0.0,
                "order", number);
    }
    for (std::size_t number = 0; number < market.lanes.size(); ++number) {
        const SpatialLane& lane = market.lanes[number];
        const bool numbers = std::isfinite(lane.delivered(1.0)) && lane.pass_through() > 0.0 &&
                             std::isfinite(lane.preference) && lane.preference_slope >= 0.0 && lane.cap >= 0.0;
        const bool sloped = lane.preference_slope == 0.0 || (lane.opening_flow > 0.0 && lane.usual_flow >= 0.0);
        require(lane.from < market.nodes && lane.to < market.nodes && numbers && sloped, "lane", number);
    }
    for (std::size_t number = 0; number < market.caps.size(); ++number) {
        require(market.caps[number].cap >= 0.0, "shared cap", number);
        for (const SharedCap::Member& member : market.caps[number].members) {
            require(member.lane < market.lanes.size(), "a lane in shared cap", number);
        }
    }
}

}  // namespace

OrderBookEffort clear_order_book(const SingleOrderMarket& market, const OrderBookRules& rules, const Random& random,
                                 std::int64_t tick, std::vector<SingleTrade>& trades, const LastPrices& last) {
    check(market);
    BookTraders traders(market, rules, last);
    BookHubs hubs(market, rules, last);
    for (std::uint32_t round = 0; round < rules.rounds; ++round) {
        hubs.run_round(round, traders.quote(round, random, tick), traders, trades);
        traders.learn(hubs.views());
    }
    return hubs.effort();
}

}  // namespace ytterby
