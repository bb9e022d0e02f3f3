#include "market/bilateral/bargaining.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "market/exact/solver.hpp"
#include "tests/market/bilateral/sessions.hpp"

namespace ytterby {
namespace {

constexpr double rounding = 1e-12;

/// Means over ticks after the first ones.
PaidPrices settled_prices(Sessions sessions, int before, int counted) {
    PaidPrices mean;
    for (int tick = 0; tick < before + counted; ++tick) {
        sessions.run();
        if (tick >= before) {
            const PaidPrices paid = paid_prices(sessions.market, sessions.trades);
            mean.tonnes += paid.tonnes / counted;
            mean.mean += paid.mean / counted;
            mean.variation += paid.variation / counted;
        }
    }
    return mean;
}

/// The single price at which the traders of one node would clear together, and the tonnes.
std::pair<double, double> competitive(const SingleOrderMarket& market) {
    std::vector<LimitOrder> asks, bids;
    for (const SingleOrder& order : market.orders) {
        (order.ask ? asks : bids).push_back({order.quantity, order.limit, order.limit});
    }
    ExactMarket exact;
    exact.supply = {make_supply_curve(asks)};
    exact.use = {make_use_curve(bids)};
    SpatialClearing clearing;
    clear_exact({&exact, 1}, {}, clearing);
    return {clearing.markets[0].supply_price[0], clearing.markets[0].used[0]};
}

TraderShape wide_shape() { return {.nodes = 6, .sellers = 150, .buyers = 150, .lanes_per_pair = 0.7, .cap = 30.0}; }

TEST(Bilateral, NoTradeBreaksALimitALaneCapOrASharedCap) {
    double traded = 0.0;
    for (std::uint32_t seed = 0; seed < 60; ++seed) {
        Draws draws(seed);
        Sessions sessions{.market = drawn_traders(draws, wide_shape())};
        SingleOrderMarket& market = sessions.market;
        for (int cap = 0; cap < 3; ++cap) {
            SharedCap shared{.members = {}, .cap = draws.spread(1.0, 60.0)};
            for (std::uint32_t lane = 0; lane < market.lanes.size(); ++lane) {
                if (draws.chance(0.3)) {
                    shared.members.push_back({0, lane});
                }
            }
            market.caps.push_back(shared);
        }
        market.lanes[0].cap = 0.0;
        if (seed % 3 != 0) {
            sessions.start_at(1000.0);
        }
        for (int tick = 0; tick < 4; ++tick) {
            sessions.run();
            std::vector<double> filled(market.orders.size()), flow(market.lanes.size());
            for (const SingleTrade& trade : sessions.trades) {
                const SingleOrder& ask = market.orders[trade.ask];
                const SingleOrder& bid = market.orders[trade.bid];
                ASSERT_TRUE(ask.ask && !bid.ask);
                ASSERT_GT(trade.quantity, 0.0);
                ASSERT_GE(trade.price, ask.limit);
                ASSERT_LE(landed_price(market, trade), bid.limit);
                if (trade.lane == SingleTrade::at_home) {
                    ASSERT_EQ(ask.node, bid.node);
                } else {
                    ASSERT_EQ(market.lanes[trade.lane].from, ask.node);
                    ASSERT_EQ(market.lanes[trade.lane].to, bid.node);
                    flow[trade.lane] += trade.quantity;
                }
                filled[trade.ask] += trade.quantity;
                filled[trade.bid] += trade.quantity;
                traded += trade.quantity;
            }
            for (std::size_t order = 0; order < filled.size(); ++order) {
                ASSERT_LE(filled[order], market.orders[order].quantity * (1.0 + rounding));
            }
            ASSERT_EQ(flow[0], 0.0);
            for (std::size_t lane = 0; lane < flow.size(); ++lane) {
                ASSERT_LE(flow[lane], market.lanes[lane].cap * (1.0 + rounding));
            }
            for (const SharedCap& cap : market.caps) {
                double used = 0.0;
                for (const SharedCap::Member& member : cap.members) {
                    used += flow[member.lane];
                }
                ASSERT_LE(used, cap.cap * (1.0 + rounding));
            }
        }
    }
    EXPECT_GT(traded, 1000.0);
}

TEST(Bilateral, OneSellerAndOneBuyerSplitTheSurplusByTheNashWeight) {
    for (const double share : {0.0, 0.25, 0.5, 1.0}) {
        Sessions sessions;
        sessions.market = {
            .nodes = 1, .orders = {{0, 0, true, 2.0, 80.0}, {0, 1, false, 3.0, 120.0}}, .lanes = {}, .caps = {}};
        sessions.rules.seller_share = share;
        sessions.rules.rounds = 1;
        sessions.run();
        ASSERT_EQ(sessions.trades.size(), 1U);
        EXPECT_DOUBLE_EQ(sessions.trades[0].price, 80.0 + share * 40.0);
        EXPECT_DOUBLE_EQ(sessions.trades[0].quantity, 2.0);
    }
}

TEST(Bilateral, TheSecondBestQuoteIsTheOutsideOption) {
    Sessions sessions;
    sessions.market = {.nodes = 1,
                       .orders = {{0, 0, true, 5.0, 80.0}, {0, 1, true, 5.0, 90.0}, {0, 2, false, 1.0, 120.0}},
                       .lanes = {},
                       .caps = {}};
    sessions.rules = {.sample_size = 8, .rounds = 1, .seller_share = 0.5};
    bool both_found = false;
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        sessions.random = Random(seed);
        sessions.memory = {};
        sessions.run();
        if (sessions.effort.quotes == 2) {
            both_found = true;
            EXPECT_DOUBLE_EQ(sessions.trades.at(0).price, 85.0);
        }
    }
    EXPECT_TRUE(both_found);
}

TEST(Bilateral, AnEmptyMarketTradesNothing) {
    const auto with_orders = [](std::size_t nodes, std::vector<SingleOrder> orders) {
        return SingleOrderMarket{.nodes = nodes, .orders = std::move(orders), .lanes = {}, .caps = {}};
    };
    for (const SingleOrderMarket& market :
         {with_orders(0, {}), with_orders(2, {}), with_orders(1, {{0, 0, true, 1.0, 1.0}}),
          with_orders(1, {{0, 0, false, 1.0, 1.0}}),
          with_orders(1, {{0, 0, true, 0.0, 1.0}, {0, 1, false, 1.0, 2.0}}),     // nothing offered
          with_orders(2, {{0, 0, true, 1.0, 1.0}, {1, 1, false, 1.0, 2.0}}),     // no lane
          with_orders(1, {{0, 0, true, 1.0, 2.0}, {0, 1, false, 1.0, 1.0}}),     // limits apart
          with_orders(1, {{0, 7, true, 1.0, 1.0}, {0, 7, false, 1.0, 2.0}})}) {  // a trader does not buy from itself
        Sessions sessions{.market = market};
        sessions.run();
        EXPECT_TRUE(sessions.trades.empty());
    }
}

TEST(Bilateral, BadMarketsAreRefused) {
    const auto refused = [](const SingleOrderMarket& market, BilateralRules rules = {}) {
        Sessions sessions{.market = market, .rules = rules};
        EXPECT_THROW(sessions.run(), std::invalid_argument);
    };
    const auto market = [](std::vector<SingleOrder> orders, std::vector<SpatialLane> lanes = {},
                           std::vector<SharedCap> caps = {}) {
        return SingleOrderMarket{
            .nodes = 1, .orders = std::move(orders), .lanes = std::move(lanes), .caps = std::move(caps)};
    };
    refused(market({{1, 0, true, 1.0, 1.0}}));
    refused(market({{0, 0, true, -1.0, 1.0}}));
    refused(market({{0, 0, true, 1.0, std::numeric_limits<double>::quiet_NaN()}}));
    refused(market({}, {SpatialLane{.from = 0, .to = 1}}));
    refused(market({}, {}, {SharedCap{.members = {{0, 0}}, .cap = 1.0}}));
    refused(market({}), {.sample_size = 0});
    refused(market({}), {.rounds = 0});
}

using Named = std::tuple<std::uint32_t, double, std::uint32_t, double, double, double>;
std::vector<Named> named(const SingleOrderMarket& market, const std::vector<SingleTrade>& trades) {
    std::vector<Named> list;
    for (const SingleTrade& trade : trades) {
        const SingleOrder& ask = market.orders[trade.ask];
        const SingleOrder& bid = market.orders[trade.bid];
        list.emplace_back(ask.trader, ask.limit, bid.trader, bid.limit, trade.quantity, trade.price);
    }
    return list;
}

TEST(Bilateral, TheOrderOfOrdersAndLanesAndUnreachableTradersDoNotMatter) {
    for (std::uint32_t seed = 0; seed < 10; ++seed) {
        Draws draws(seed);
        Sessions plain{.market = drawn_traders(draws, wide_shape())};
        Sessions mixed = plain;
        // A country without lanes, and orders of zero.
        mixed.market.nodes += 1;
        for (std::uint32_t trader = 1000; trader < 1020; ++trader) {
            mixed.market.orders.push_back({6, trader, trader % 2 == 0, 1.0, 1000.0});
            mixed.market.orders.push_back({1, trader + 1000, trader % 2 == 0, 0.0, 1000.0});
        }
        for (std::size_t place = mixed.market.orders.size(); place > 1; --place) {
            std::swap(mixed.market.orders[place - 1],
                      mixed.market.orders[draws.below(static_cast<std::uint32_t>(place))]);
        }
        std::reverse(mixed.market.lanes.begin(), mixed.market.lanes.end());
        plain.start_at(1000.0);
        mixed.start_at(1000.0);
        for (int tick = 0; tick < 3; ++tick) {
            plain.run();
            mixed.run();
            std::vector<Named> theirs = named(mixed.market, mixed.trades);
            std::erase_if(theirs, [](const Named& trade) { return std::get<0>(trade) >= 1000; });
            ASSERT_EQ(named(plain.market, plain.trades), theirs);
            ASSERT_FALSE(theirs.empty());
        }
    }
}

TEST(Bilateral, TheSameSeedGivesTheSameTradesAndAnotherSeedOthers) {
    Draws draws(3);
    Sessions first{.market = drawn_traders(draws, wide_shape())};
    first.start_at(1000.0);
    Sessions again = first;
    Sessions other = first;
    other.random = Random(2);
    for (Sessions* sessions : {&first, &again, &other}) {
        sessions->run();
    }
    EXPECT_EQ(named(first.market, first.trades), named(again.market, again.trades));
    EXPECT_NE(named(first.market, first.trades), named(other.market, other.trades));
}

TEST(Bilateral, PricesApproachOnePriceAndTheCompetitiveOneAsBuyersAskMore) {
    // Spread of limits 5 % and 30 %. The more sellers buyers ask, the less the prices that they pay vary and the nearer
    // they are to the competitive price; with ten rounds and many sellers asked the price is within 1 % of it and the
    // volume within 5 %.
    for (const double spread : {0.05, 0.3}) {
        Draws draws(5);
        Sessions sessions{.market = drawn_traders(draws, {.spread = spread})};
        sessions.start_at(1000.0);
        sessions.rules.rounds = 10;
        const auto [price, tonnes] = competitive(sessions.market);
        std::vector<PaidPrices> paid;
        for (const std::uint32_t sample : {2U, 4U, 8U, 32U}) {
            sessions.rules.sample_size = sample;
            paid.push_back(settled_prices(sessions, 15, 15));
        }
        for (std::size_t step = 1; step < paid.size(); ++step) {
            EXPECT_LT(paid[step].variation, paid[step - 1].variation * 1.02) << spread << " " << step;
            EXPECT_LT(paid[step].mean, paid[step - 1].mean) << spread << " " << step;
        }
        EXPECT_LT(paid.back().variation, 0.75 * paid.front().variation) << spread;
        EXPECT_LT(std::abs(paid.back().mean / price - 1.0), 0.01);
        EXPECT_GT(paid.back().tonnes, 0.95 * tonnes);
        EXPECT_LT(paid.back().tonnes, 1.02 * tonnes);
    }
}

TEST(Bilateral, PricesFindTheirWayFromAWrongStart) {
    Draws draws(6);
    Sessions sessions{.market = drawn_traders(draws, {.spread = 0.2})};
    const double price = competitive(sessions.market).first;
    for (const double start : {0.5, 2.0}) {
        sessions.start_at(start * price);
        EXPECT_NEAR(settled_prices(sessions, 30, 10).mean / price, 1.0, 0.03);
    }
}

TEST(Bilateral, QuotesAskedGrowWithTradersAndNotWithTheirSquare) {
    double last = 0.0;
    for (const std::uint32_t traders : {100U, 1000U, 10000U}) {
        Draws draws(traders);
        Sessions sessions{.market = drawn_traders(draws, {.sellers = traders / 2, .buyers = traders / 2})};
        sessions.start_at(1000.0);
        sessions.run();
        sessions.run();
        EXPECT_LE(sessions.effort.quotes, std::uint64_t{traders} * sessions.rules.sample_size * sessions.rules.rounds);
        EXPECT_LE(sessions.effort.deals, sessions.effort.quotes);
        const double each = static_cast<double>(sessions.effort.quotes) / traders;
        EXPECT_TRUE(last == 0.0 || each < 1.1 * last);
        last = each;
    }
}

}  // namespace
}  // namespace ytterby
