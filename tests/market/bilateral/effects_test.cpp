#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "tests/market/bilateral/sessions.hpp"

namespace ytterby {
namespace {

TEST(BilateralEffects, RelationshipsFormAndFadeWithoutSlots) {
    Draws draws(8);
    Sessions sessions{.market = drawn_traders(draws, {.sellers = 300, .buyers = 300, .spread = 0.2})};
    sessions.start_at(1000.0);
    const auto share_with_partners = [](Sessions finished) {
        double with_partners = 0.0, all = 0.0;
        std::map<std::uint32_t, std::vector<std::uint32_t>> last;
        for (int tick = 0; tick < 12; ++tick) {
            finished.run();
            std::map<std::uint32_t, std::vector<std::uint32_t>> now;
            for (const SingleTrade& trade : finished.trades) {
                const std::uint32_t seller = finished.market.orders[trade.ask].trader;
                const std::uint32_t buyer = finished.market.orders[trade.bid].trader;
                const auto& known = last[buyer];
                if (tick >= 6) {
                    all += trade.quantity;
                    with_partners += std::count(known.begin(), known.end(), seller) > 0 ? trade.quantity : 0.0;
                }
                now[buyer].push_back(seller);
            }
            last = std::move(now);
        }
        return with_partners / all;
    };
    const double remembered = share_with_partners(sessions);
    sessions.rules.slots = 0;
    const double forgotten = share_with_partners(sessions);
    // By chance, a buyer meets a seller of the last tick again about once in fifty times.
    EXPECT_GT(remembered, 0.3);
    EXPECT_LT(forgotten, 0.1);
}

/// Two origins, the first twice as large, supply two countries without sellers.
Sessions importers() {
    Sessions sessions;
    Draws draws(9);
    SingleOrderMarket& market = sessions.market;
    market.nodes = 4;
    for (std::uint32_t trader = 0; trader < 240; ++trader) {
        const bool ask = trader < 120;
        const std::uint32_t node = ask ? (trader % 3 == 0 ? 1 : 0) : 2 + trader % 2;
        for (int step = 0; step < 8; ++step) {
            market.orders.push_back({node, trader, ask, draws.between(0.5, 1.5),
                                     draws.between(-30.0, 30.0) + (ask ? 850.0 + 60.0 * step : 1300.0 - 60.0 * step)});
        }
    }
    for (std::uint32_t from = 0; from < 2; ++from) {
        for (std::uint32_t to = 2; to < 4; ++to) {
            SpatialLane lane{.from = from, .to = to};
            lane.freight = 20.0;
            lane.preference_slope = 250.0;
            lane.usual_flow = from == 0 ? 150.0 : 75.0;
            lane.preference = -20.0;
            lane.opening_flow = 1.0;
            market.lanes.push_back(lane);
        }
    }
    sessions.start_at(1050.0);
    return sessions;
}

TEST(BilateralEffects, ABanDivertsTradeAndRaisesWhatTheBannedBuyersPay) {
    const auto measure = [](bool banned) {
        Sessions sessions = importers();
        struct Seen {
            double other_origin = 0.0, banned_lane = 0.0, paid_here = 0.0, paid_there = 0.0;
        } seen;
        constexpr int counted_from = 16, ticks = 24;
        for (int tick = 0; tick < ticks; ++tick) {
            if (banned && tick == 12) {
                sessions.market.lanes[0].cap = 0.0;
            }
            sessions.run();
            for (const SingleTrade& trade : sessions.trades) {
                if (tick >= counted_from) {
                    seen.banned_lane += trade.lane == 0 ? trade.quantity : 0.0;
                    seen.other_origin += trade.lane == 2 ? trade.quantity : 0.0;
                }
            }
            if (tick >= counted_from) {
                seen.paid_here += sessions.use_price[2] / (ticks - counted_from);
                seen.paid_there += sessions.use_price[3] / (ticks - counted_from);
            }
        }
        return seen;
    };
    const auto open = measure(false);
    const auto shut = measure(true);
    EXPECT_GT(open.banned_lane, 0.0);
    EXPECT_EQ(shut.banned_lane, 0.0);
    EXPECT_GT(shut.other_origin, 1.2 * open.other_origin);
    EXPECT_GT(shut.paid_here, 1.03 * open.paid_here);
    EXPECT_LT(shut.paid_there, open.paid_there);
}

TEST(BilateralEffects, ACapThatBindsOpensAPriceGapAndOneThatDoesNotBindOpensNone) {
    for (const double cap : {60.0, 600.0}) {
        Sessions sessions;
        Draws draws(10);
        sessions.market.nodes = 2;
        for (std::uint32_t trader = 0; trader < 240; ++trader) {
            const bool ask = trader < 120;
            const std::uint32_t node = ask ? 0 : trader % 2;
            for (int step = 0; step < 8; ++step) {
                sessions.market.orders.push_back(
                    {node, trader, ask, draws.between(0.5, 1.5),
                     draws.between(-30.0, 30.0) + (ask ? 850.0 + 60.0 * step : 1500.0 - 60.0 * step)});
            }
        }
        SpatialLane lane{.from = 0, .to = 1};
        lane.freight = 20.0;
        lane.cap = cap;
        sessions.market.lanes.push_back(lane);
        sessions.start_at(1100.0);
        double gap = 0.0, flow = 0.0;
        for (int tick = 0; tick < 40; ++tick) {
            sessions.run();
            if (tick >= 30) {
                double home = 0.0, home_tonnes = 0.0;
                for (const SingleTrade& trade : sessions.trades) {
                    home += trade.lane == 0 ? 0.0 : trade.quantity * trade.price;
                    home_tonnes += trade.lane == 0 ? 0.0 : trade.quantity;
                    flow += trade.lane == 0 ? trade.quantity / 10.0 : 0.0;
                }
                gap += 0.1 * (sessions.use_price[1] - home / home_tonnes);
            }
            sessions.supply_price[0] = sessions.use_price[0];  // the price that no licence protects
        }
        if (cap < 100.0) {
            EXPECT_NEAR(flow, cap, 0.05 * cap);
            EXPECT_GT(gap, 250.0);
        } else {
            EXPECT_LT(flow, 0.8 * cap);
            EXPECT_NEAR(gap, lane.freight, 20.0);
        }
    }
}

}  // namespace
}  // namespace ytterby
