// Hard cases for the elastic market: bad starts, flat curves, steep lanes, closed lanes, many coupled goods.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "market/certificate.hpp"
#include "market/spatial/solver.hpp"
#include "tests/market/drawn_markets.hpp"

namespace ytterby {
namespace {

struct HardCase {
    const char* name;
    DrawnShape shape;
    int goods = 1;
    std::uint32_t caps = 0;
    std::uint32_t seeds = 30;
};

class DrawnSpatial : public testing::TestWithParam<HardCase> {};

TEST_P(DrawnSpatial, BalancesFromAnyStart) {
    const HardCase& hard = GetParam();
    for (std::uint32_t seed = 1; seed <= hard.seeds; ++seed) {
        Draws draws(seed * 7919U + 17U);
        DrawnMarkets drawn;
        for (int good = 0; good < hard.goods; ++good) {
            drawn.markets.push_back(drawn_market(draws, hard.shape, draws.spread(100.0, 1e5)));
        }
        draw_caps(draws, drawn, hard.caps);
        std::vector<SpatialClearing> answers;
        for (const double price : {1000.0, 1e5, 10.0}) {
            SpatialClearing answer = start_at(drawn.markets, price);
            ASSERT_NO_THROW(clear_spatial(drawn.markets, drawn.caps, answer))
                << hard.name << " seed " << seed << " from " << price;
            EXPECT_LT(certify(drawn.markets, drawn.caps, answer).worst(), 1e-10)
                << hard.name << " seed " << seed << " from " << price;
            answers.push_back(std::move(answer));
        }
        SpatialClearing warm = answers[0];
        for (SpatialMarketClearing& market : warm.markets) {
            for (double& price : market.supply_price) {
                price *= 1.001;
            }
        }
        clear_spatial(drawn.markets, drawn.caps, warm);
        answers.push_back(std::move(warm));
        for (std::size_t other = 1; other < answers.size(); ++other) {
            for (std::size_t good = 0; good < drawn.markets.size(); ++good) {
                const SpatialMarketClearing& first = answers[0].markets[good];
                const SpatialMarketClearing& second = answers[other].markets[good];
                double volume = 1e-9;
                for (const double used : first.used) {
                    volume += used;
                }
                for (std::size_t number = 0; number < first.flow.size(); ++number) {
                    EXPECT_NEAR(first.flow[number], second.flow[number], 1e-9 * volume)
                        << hard.name << " seed " << seed;
                }
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, DrawnSpatial,
    testing::Values(HardCase{"plain", {}}, HardCase{"flat", {.flat = 0.6}}, HardCase{"steep", {.stiffest = 1e-3}},
                    HardCase{"flat_and_steep", {.flat = 0.6, .stiffest = 1e-3, .cost_spread = 2.0}},
                    HardCase{"mostly_closed", {.closed = 0.9}}, HardCase{"all_closed", {.closed = 1.0}},
                    HardCase{"far_apart", {.cost_spread = 3.0}}, HardCase{"two_goods", {.nodes = 25}, 2, 3, 10},
                    HardCase{"three_goods", {.nodes = 12, .flat = 0.5, .stiffest = 1e-2}, 3, 4, 10},
                    HardCase{"sixty", {.nodes = 60}, 1, 0, 5}),
    [](const auto& param) { return std::string(param.param.name); });

/// If a country that buys nothing abroad bans its exports, no price outside falls (supply is only taken away from gross
/// substitutes), those of its customers rise, and its own falls.
TEST(SpatialStress, ABanRaisesThePriceOutsideAndLowersItInside) {
    int banned = 0;
    int more_expensive = 0;
    for (std::uint32_t seed = 1; seed <= 50; ++seed) {
        Draws draws(seed);
        std::vector<SpatialMarket> markets = {drawn_market(draws, {}, 1000.0)};
        SpatialMarket& market = markets[0];
        std::uint32_t exporter = 0;
        for (std::uint32_t node = 1; node < market.supply.size(); ++node) {
            exporter = market.supply[node].most() > market.supply[exporter].most() ? node : exporter;
        }
        for (SpatialLane& lane : market.lanes) {
            lane.cap = lane.to == exporter ? 0.0 : lane.cap;
        }
        SpatialClearing open = start_at(markets, 1000.0);
        clear_spatial(markets, {}, open);
        double exported = 0.0;
        double volume = 0.0;
        std::vector<bool> customer(market.supply.size(), false);
        for (std::size_t number = 0; number < market.lanes.size(); ++number) {
            SpatialLane& lane = market.lanes[number];
            volume += open.markets[0].flow[number];
            if (lane.from == exporter) {
                exported += open.markets[0].flow[number];
                customer[lane.to] = customer[lane.to] || open.markets[0].flow[number] > 1e-3 * volume;
                lane.cap = 0.0;
            }
        }
        if (exported < 0.1 * volume) {
            continue;
        }
        SpatialClearing closed = open;
        clear_spatial(markets, {}, closed);
        EXPECT_LT(certify(markets, {}, closed).worst(), 1e-9);
        EXPECT_LT(closed.markets[0].supply_price[exporter], open.markets[0].supply_price[exporter]) << "seed " << seed;
        for (std::uint32_t node = 0; node < customer.size(); ++node) {
            if (node != exporter) {
                EXPECT_GT(closed.markets[0].use_price[node], open.markets[0].use_price[node] * (1.0 - 1e-9))
                    << "seed " << seed;
                more_expensive +=
                    customer[node] && closed.markets[0].use_price[node] > open.markets[0].use_price[node] * 1.0001 ? 1
                                                                                                                   : 0;
            }
        }
        ++banned;
    }
    EXPECT_GT(banned, 20);
    EXPECT_GT(more_expensive, banned);
}

TEST(SpatialStress, ASharedCapOfNothingShutsItsLanesAtTheLeastRentThatDoes) {
    Draws draws(3);
    std::vector<SpatialMarket> markets = {
        drawn_market(draws, {.nodes = 4, .lanes_per_pair = 1.0, .supplied = 1.0, .used = 1.0, .closed = 0.0}, 1000.0)};
    SharedCap cap;
    for (std::uint32_t number = 0; number < markets[0].lanes.size(); ++number) {
        if (markets[0].lanes[number].from == 0) {
            cap.members.push_back({0, number});
        }
    }
    SpatialClearing answer = start_at(markets, 1000.0);
    clear_spatial(markets, {&cap, 1}, answer);
    for (const SharedCap::Member& member : cap.members) {
        EXPECT_EQ(answer.markets[0].flow[member.lane], 0.0);
    }
    EXPECT_LT(certify(markets, {&cap, 1}, answer).worst(), 1e-9);
}

}  // namespace
}  // namespace ytterby
