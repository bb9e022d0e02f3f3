#include "market/order_book/auction.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "tests/market/drawn_markets.hpp"

namespace ytterby {
namespace {

struct DrawnBook {
    std::uint32_t nodes = 4;
    std::uint32_t traders = 60;  // half of them sell
    double slope = 0.0;          // of lanes' preferences, USD/t
    double least_cap = 2.0;      // t
};

/// Traders with three steps each around 1000 USD/t; lanes between all nodes, some with caps and duties; two shared
/// caps.
SingleOrderMarket drawn_book(Draws& draws, const DrawnBook& shape) {
    SingleOrderMarket market;
    market.nodes = shape.nodes;
    for (std::uint32_t trader = 0; trader < shape.traders; ++trader) {
        const std::uint32_t node = draws.below(shape.nodes);
        for (int step = 0; step < 3; ++step) {
            market.orders.push_back(
                {node, trader, trader % 2 == 0, draws.between(0.5, 1.5), 1000.0 * draws.between(0.7, 1.3)});
        }
    }
    for (std::uint32_t from = 0; from < shape.nodes; ++from) {
        for (std::uint32_t to = 0; to < shape.nodes; ++to) {
            if (from == to) {
                continue;
            }
            SpatialLane lane;
            lane.from = from;
            lane.to = to;
            lane.freight = 20.0;
            lane.tariff = draws.chance(0.2) ? 0.05 : 0.0;
            lane.preference_slope = shape.slope;
            lane.usual_flow = draws.between(1.0, 4.0);
            lane.opening_flow = 0.01 * lane.usual_flow;
            lane.cap = draws.chance(0.2) ? 0.0 : draws.chance(0.4) ? shape.least_cap + draws.share() : lane.cap;
            market.lanes.push_back(lane);
        }
    }
    for (int cap = 0; cap < 2; ++cap) {
        SharedCap shared{.members = {}, .cap = draws.between(2.0, 5.0)};
        for (std::uint32_t lane = 0; lane < market.lanes.size(); ++lane) {
            if (draws.chance(0.3)) {
                shared.members.push_back({0, lane});
            }
        }
        market.caps.push_back(shared);
    }
    return market;
}

/// Sums over the trades of a market.
struct Outcome {
    std::vector<double> filled, flow;
    double tonnes = 0.0, sold_usd = 0.0, surplus = 0.0;
};

/// Sums the trades and checks that each is rational and possible.
Outcome checked(const SingleOrderMarket& market, const std::vector<SingleTrade>& trades) {
    Outcome outcome;
    outcome.filled.assign(market.orders.size(), 0.0);
    outcome.flow.assign(market.lanes.size(), 0.0);
    for (const SingleTrade& trade : trades) {
        const SingleOrder& ask = market.orders[trade.ask];
        const SingleOrder& bid = market.orders[trade.bid];
        double counted = trade.price;
        if (trade.lane == SingleTrade::at_home) {
            EXPECT_EQ(ask.node, bid.node);
        } else {
            const SpatialLane& lane = market.lanes[trade.lane];
            EXPECT_EQ(ask.node, lane.from);
            EXPECT_EQ(bid.node, lane.to);
            counted = lane.delivered(trade.price) + trade.preference + trade.rent;
            outcome.flow[trade.lane] += trade.quantity;
        }
        EXPECT_GT(trade.quantity, 0.0);
        EXPECT_GE(trade.rent, 0.0);
        EXPECT_GE(trade.price, ask.limit * (1.0 - 1e-12));
        EXPECT_LE(counted, bid.limit * (1.0 + 1e-12));
        outcome.filled[trade.ask] += trade.quantity;
        outcome.filled[trade.bid] += trade.quantity;
        outcome.tonnes += trade.quantity;
        outcome.sold_usd += trade.quantity * trade.price;
        outcome.surplus += trade.quantity * (bid.limit - ask.limit - (counted - trade.price));
    }
    for (std::size_t order = 0; order < market.orders.size(); ++order) {
        EXPECT_LE(outcome.filled[order], market.orders[order].quantity * (1.0 + 1e-12));
    }
    for (std::size_t lane = 0; lane < market.lanes.size(); ++lane) {
        EXPECT_LE(outcome.flow[lane], market.lanes[lane].cap * (1.0 + 1e-9));
    }
    for (const SharedCap& cap : market.caps) {
        double used = 0.0;
        for (const SharedCap::Member& member : cap.members) {
            used += outcome.flow[member.lane];
        }
        EXPECT_LE(used, cap.cap * (1.0 + 1e-9));
    }
    return outcome;
}

std::vector<SingleTrade> clear(const SingleOrderMarket& market, const OrderBookRules& rules, std::int64_t tick = 0,
                               const LastPrices& last = {}) {
    std::vector<SingleTrade> trades;
    clear_order_book(market, rules, Random(5), tick, trades, last);
    return trades;
}

/// A single hub with evenly spaced limits around 1000 USD/t: 20 t of demand from 1200 down to 810 and 20 t of supply
/// from 800 up to 1190.
SingleOrderMarket one_hub() {
    SingleOrderMarket market;
    market.nodes = 1;
    for (std::uint32_t unit = 0; unit < 40; ++unit) {
        market.orders.push_back({0, unit, false, 0.5, 1200.0 - 10.0 * unit});
        market.orders.push_back({0, 100 + unit, true, 0.5, 800.0 + 10.0 * unit});
    }
    return market;
}

TEST(OrderBookAuction, TradesAreRationalAndPossibleWhateverTheRules) {
    const std::vector<double> prices(4, 1000.0);
    for (std::uint32_t seed = 1; seed <= 25; ++seed) {
        Draws draws(seed);
        const SingleOrderMarket market = drawn_book(draws, {.slope = seed % 2 == 0 ? 0.0 : 200.0});
        for (const Hub hub : {Hub::world, Hub::country}) {
            for (const Quotes quotes : {Quotes::limits, Quotes::learned}) {
                for (const std::uint32_t rounds : {1U, 10U}) {
                    const OrderBookRules rules{.hub = hub, .quotes = quotes, .rounds = rounds};
                    EXPECT_GT(checked(market, clear(market, rules, seed, {prices, prices})).tonnes, 0.0);
                }
            }
        }
    }
}

TEST(OrderBookAuction, LeavesNoTwoQuotesThatCouldTrade) {
    for (std::uint32_t seed = 1; seed <= 25; ++seed) {
        Draws draws(seed);
        const SingleOrderMarket market = drawn_book(draws, {});
        const Outcome outcome = checked(market, clear(market, {.rounds = 1}, seed));
        const auto left = [&](std::size_t order) {
            return outcome.filled[order] < market.orders[order].quantity * (1.0 - 1e-9);
        };
        const auto room = [&](std::uint32_t lane) {
            bool open = outcome.flow[lane] < market.lanes[lane].cap * (1.0 - 1e-9);
            for (const SharedCap& cap : market.caps) {
                double used = 0.0;
                bool member_of = false;
                for (const SharedCap::Member& member : cap.members) {
                    used += outcome.flow[member.lane];
                    member_of = member_of || member.lane == lane;
                }
                open = open && (!member_of || used < cap.cap * (1.0 - 1e-9));
            }
            return open;
        };
        for (std::size_t one = 0; one < market.orders.size(); ++one) {
            for (std::size_t two = 0; two < market.orders.size(); ++two) {
                const SingleOrder& ask = market.orders[one];
                const SingleOrder& bid = market.orders[two];
                if (!ask.ask || bid.ask || !left(one) || !left(two)) {
                    continue;
                }
                if (ask.node == bid.node) {
                    EXPECT_GT(ask.limit, bid.limit);
                }
                for (std::uint32_t lane = 0; lane < market.lanes.size(); ++lane) {
                    if (market.lanes[lane].from == ask.node && market.lanes[lane].to == bid.node && room(lane)) {
                        EXPECT_GT(market.lanes[lane].delivered(ask.limit), bid.limit);
                    }
                }
            }
        }
    }
}

TEST(OrderBookAuction, TheOrderInWhichOrdersAreListedDoesNotMatter) {
    const std::vector<double> prices(4, 1000.0);
    for (const Quotes quotes : {Quotes::limits, Quotes::learned}) {
        Draws draws(3);
        SingleOrderMarket market = drawn_book(draws, {.slope = 200.0});
        const OrderBookRules rules{.quotes = quotes};
        const auto listed = [&](const SingleOrderMarket& of) {
            std::vector<std::tuple<std::uint32_t, double, std::uint32_t, double, std::uint32_t, double, double>> list;
            for (const SingleTrade& trade : clear(of, rules, 7, {prices, prices})) {
                const SingleOrder& ask = of.orders[trade.ask];
                const SingleOrder& bid = of.orders[trade.bid];
                list.emplace_back(ask.trader, ask.limit, bid.trader, bid.limit, trade.lane, trade.quantity,
                                  trade.price);
            }
            return list;
        };
        const auto before = listed(market);
        for (std::uint32_t last = static_cast<std::uint32_t>(market.orders.size()); last > 1; --last) {
            std::swap(market.orders[last - 1], market.orders[draws.below(last)]);
        }
        EXPECT_EQ(before, listed(market));
    }
}

TEST(OrderBookAuction, ArrivalIsDrawnAfreshEachTick) {
    const SingleOrderMarket market = one_hub();
    const auto mean = [&](std::int64_t tick) {
        const Outcome outcome = checked(market, clear(market, {.rounds = 1}, tick));
        return outcome.sold_usd / outcome.tonnes;
    };
    EXPECT_EQ(mean(1), mean(1));
    EXPECT_NE(mean(1), mean(2));
}

TEST(OrderBookAuction, TradersThatKnowThePriceEarnAlmostAllOfTheSurplus) {
    const SingleOrderMarket market = one_hub();
    const double most = 0.5 * (400.0 + 380.0 + 360.0 + 340.0 + 320.0 + 300.0 + 280.0 + 260.0 + 240.0 + 220.0 + 200.0 +
                               180.0 + 160.0 + 140.0 + 120.0 + 100.0 + 80.0 + 60.0 + 40.0 + 20.0);
    const std::vector<double> price{1000.0};
    const Outcome knowing = checked(market, clear(market, {}, 1, {price, price}));
    EXPECT_NEAR(knowing.sold_usd / knowing.tonnes, 1000.0, 5.0);
    EXPECT_GT(knowing.surplus / most, 0.99);
    const Outcome limits = checked(market, clear(market, {.quotes = Quotes::limits, .rounds = 1}, 1));
    EXPECT_LT(limits.surplus / most, knowing.surplus / most);
}

TEST(OrderBookAuction, PricesFindTheEquilibriumFromFarAway) {
    const SingleOrderMarket market = one_hub();
    for (const double start : {600.0, 1500.0}) {
        double price = start;
        for (std::int64_t tick = 0; tick < 6; ++tick) {
            const std::vector<double> known{price};
            const Outcome outcome = checked(market, clear(market, {}, tick, {known, known}));
            price = outcome.tonnes > 0.0 ? outcome.sold_usd / outcome.tonnes : price;
        }
        EXPECT_NEAR(price, 1000.0, 20.0) << "from " << start;
    }
}

/// A low-price origin whose exports are capped at a fifth of what the other country would buy.
SingleOrderMarket capped_origin(bool shared) {
    SingleOrderMarket market;
    market.nodes = 2;
    for (std::uint32_t unit = 0; unit < 100; ++unit) {
        market.orders.push_back({0, unit, true, 1.0, 300.0 + 4.0 * unit});
        market.orders.push_back({1, 200 + unit, true, 0.2, 600.0 + 8.0 * unit});
        market.orders.push_back({0, 400 + unit, false, 0.5, 900.0 - 5.0 * unit});
        market.orders.push_back({1, 600 + unit, false, 0.5, 1500.0 - 9.0 * unit});
    }
    SpatialLane lane;
    lane.from = 0;
    lane.to = 1;
    lane.freight = 10.0;
    if (shared) {
        market.caps.push_back({.members = {{0, 0}}, .cap = 5.0});
    } else {
        lane.cap = 5.0;
    }
    market.lanes.push_back(lane);
    return market;
}

TEST(OrderBookAuction, ScarceRoomIsPricedToMarket) {
    for (const bool shared : {false, true}) {
        const SingleOrderMarket market = capped_origin(shared);
        std::vector<double> supply{500.0, 900.0}, use = supply, rents{0.0};
        double rent = 0.0;
        for (std::int64_t tick = 0; tick < 10; ++tick) {
            const std::vector<SingleTrade> trades = clear(market, {}, tick, {supply, use, rents});
            const Outcome outcome = checked(market, trades);
            EXPECT_NEAR(outcome.flow[0], 5.0, tick < 3 ? 5.0 : 0.3);
            double sold[2] = {}, got[2] = {}, bought[2] = {}, paid[2] = {}, rent_usd = 0.0;
            for (const SingleTrade& trade : trades) {
                const std::uint32_t from = market.orders[trade.ask].node, to = market.orders[trade.bid].node;
                sold[from] += trade.quantity;
                got[from] += trade.quantity * trade.price;
                bought[to] += trade.quantity;
                paid[to] += trade.quantity * (trade.lane == SingleTrade::at_home
                                                  ? trade.price
                                                  : market.lanes[0].delivered(trade.price) + trade.rent);
                rent_usd += trade.quantity * trade.rent;
            }
            for (const std::size_t node : {0U, 1U}) {
                supply[node] = got[node] / sold[node];
                use[node] = paid[node] / bought[node];
            }
            rent = outcome.flow[0] > 0.0 ? rent_usd / outcome.flow[0] : 0.0;
            rents[0] = rent;
        }
        // Inside (p - 300) / 4 = (900 - p) / 10 + 5 gives 485.7 USD/t; outside (1500 - p) / 18 = (p - 600) / 40 + 5
        // gives 1158.6.
        EXPECT_NEAR(supply[0], 485.7, 20.0);
        EXPECT_NEAR(use[1], 1158.6, 25.0);
        EXPECT_NEAR(rent, use[1] - supply[0] - 10.0, 60.0);
    }
}

TEST(OrderBookAuction, CountryHubsSendAsksWhereTheyEarnMost) {
    SingleOrderMarket market;
    market.nodes = 3;
    market.orders = {
        {0, 1, true, 2.0, 400.0}, {1, 2, false, 1.0, 800.0}, {2, 3, false, 5.0, 900.0}, {0, 4, false, 5.0, 500.0}};
    SpatialLane near, far;
    near.from = far.from = 0;
    near.to = 1;
    far.to = 2;
    far.freight = 150.0;
    market.lanes = {near, far};
    const std::vector<double> supply{500.0, 700.0, 700.0}, use{500.0, 700.0, 700.0};
    const Outcome outcome = checked(market, clear(market, {.hub = Hub::country, .rounds = 1}, 0, {supply, use}));
    EXPECT_NEAR(outcome.flow[0], 1.0, 1e-12) << "700 at the near hub against 550 at the far one; it wants one tonne";
    EXPECT_EQ(outcome.flow[1], 0.0);
}

TEST(OrderBookAuction, RefusesWhatIsNoMarket) {
    SingleOrderMarket market = one_hub();
    market.orders[3].node = 1;
    EXPECT_THROW(clear(market, {}), std::invalid_argument);
    market = one_hub();
    market.orders[3].limit = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THROW(clear(market, {}), std::invalid_argument);
    market = one_hub();
    market.lanes.emplace_back();
    market.lanes[0].to = 4;
    EXPECT_THROW(clear(market, {}), std::invalid_argument);
    market = one_hub();
    market.caps.push_back({.members = {{0, 0}}, .cap = 1.0});
    EXPECT_THROW(clear(market, {}), std::invalid_argument);
}

}  // namespace
}  // namespace ytterby
