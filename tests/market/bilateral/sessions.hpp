#pragma once

#include <cstdint>
#include <vector>

#include "market/bilateral/bargaining.hpp"
#include "market/bilateral/partners.hpp"
#include "tests/market/drawn_traders.hpp"

namespace ytterby {

/// Ticks of one market whose traders know the prices of the last tick.
struct Sessions {
    SingleOrderMarket market{};
    BilateralRules rules{};
    Random random{1};
    MarketMemory memory{};
    std::vector<double> supply_price{}, use_price{};
    std::vector<SingleTrade> trades{};
    BilateralEffort effort{};
    std::int64_t tick = 0;

    void start_at(double price) { supply_price = use_price = std::vector<double>(market.nodes, price); }
    void run() {
        const double kept = kept_strength(rules.half_life_months, 1.0);
        trades.clear();
        fade_partners(memory, kept);
        effort = clear_bilateral({market, rules, {supply_price, use_price}, random, tick++, kept}, memory, trades);
        std::vector<double> sold(market.nodes), got(market.nodes), bought(market.nodes), paid(market.nodes);
        for (const SingleTrade& trade : trades) {
            const std::uint32_t from = market.orders[trade.ask].node;
            const std::uint32_t to = market.orders[trade.bid].node;
            sold[from] += trade.quantity;
            got[from] += trade.quantity * trade.price;
            bought[to] += trade.quantity;
            paid[to] += trade.quantity * landed_price(market, trade);
        }
        for (std::size_t node = 0; node < supply_price.size(); ++node) {
            supply_price[node] = sold[node] > 0.0 ? got[node] / sold[node] : supply_price[node];
            use_price[node] = bought[node] > 0.0 ? paid[node] / bought[node] : use_price[node];
        }
    }
};

}  // namespace ytterby
