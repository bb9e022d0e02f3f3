// The spatial auction's two kernels give the same answer.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "market/spatial/kernels.hpp"

namespace ytterby {
namespace {

SpatialMarket small_market() {
    SpatialMarket market;
    market.supply = {{{1.0, 2.0, 4.0}, {0.0, 50.0, 90.0}}, {{1.0, 2.0, 4.0}, {0.0, 20.0, 30.0}}, {}};
    market.use = {{{1.0, 2.0, 4.0}, {40.0, 30.0, 10.0}},
                  {{1.0, 2.0, 4.0}, {40.0, 30.0, 10.0}},
                  {{1.0, 2.0, 4.0}, {40.0, 30.0, 10.0}}};
    for (std::uint32_t from = 0; from < 2; ++from) {
        for (std::uint32_t to = 0; to < 3; ++to) {
            if (from != to) {
                SpatialLane lane;
                lane.from = from;
                lane.to = to;
                lane.freight = 0.1;
                lane.tariff = to == 2 ? 0.2 : 0.0;
                lane.preference_slope = 0.4;
                lane.usual_flow = 10.0;
                lane.opening_flow = 0.1;
                market.lanes.push_back(lane);
            }
        }
    }
    return market;
}

SpatialClearing started(const SpatialMarket& market, double price) {
    SpatialClearing clearing;
    clearing.markets.resize(1);
    clearing.markets[0].supply_price.assign(market.supply.size(), price);
    clearing.markets[0].use_price.assign(market.supply.size(), price);
    return clearing;
}

void expect_same(const SpatialMarket& market, const SpatialClearing& first, const SpatialClearing& second,
                 double tolerance) {
    for (std::size_t node = 0; node < market.supply.size(); ++node) {
        EXPECT_NEAR(first.markets[0].use_price[node] / second.markets[0].use_price[node], 1.0, tolerance) << node;
        EXPECT_NEAR(first.markets[0].supply_price[node] / second.markets[0].supply_price[node], 1.0, tolerance) << node;
    }
    double volume = 0.0;
    for (const double used : second.markets[0].used) {
        volume += used;
    }
    for (std::size_t lane = 0; lane < market.lanes.size(); ++lane) {
        EXPECT_NEAR(first.markets[0].flow[lane], second.markets[0].flow[lane], tolerance * volume) << lane;
    }
}

TEST(Kernels, GiveOneAnswer) {
    for (const double cap : {1e9, 8.0, 0.0}) {
        SpatialMarket market = small_market();
        market.lanes[0].cap = cap;
        SpatialClearing fast = started(market, 2.0);
        SpatialClearing exact = started(market, 2.0);
        EXPECT_LT(clear_curves({&market, 1}, {}, Kernel::automatic, fast).worst(), 1e-9);
        EXPECT_LT(clear_curves({&market, 1}, {}, Kernel::exact, exact).worst(), 1e-9);
        expect_same(market, fast, exact, 1e-9);
    }
}

TEST(Kernels, ShareCapsAlike) {
    const SpatialMarket market = small_market();
    const SharedCap cap{{{0, 0}, {0, 1}}, 12.0};
    SpatialClearing fast = started(market, 2.0);
    SpatialClearing exact = started(market, 2.0);
    fast.shared_rent = exact.shared_rent = {0.0};
    EXPECT_LT(clear_curves({&market, 1}, {&cap, 1}, Kernel::automatic, fast).worst(), 1e-9);
    EXPECT_LT(clear_curves({&market, 1}, {&cap, 1}, Kernel::exact, exact).worst(), 1e-9);
    expect_same(market, fast, exact, 1e-9);
    EXPECT_NEAR(fast.shared_rent[0], exact.shared_rent[0], 1e-9);
}

/// The fast kernel computes flows from prices, whose last bits correspond to tonnes here; the exact one takes over.
TEST(Kernels, AlmostFlatLanesAreCleared) {
    SpatialMarket market = small_market();
    for (SpatialLane& lane : market.lanes) {
        lane.preference_slope = 1e-9;
    }
    SpatialClearing fast = started(market, 2.0);
    EXPECT_LT(clear_curves({&market, 1}, {}, Kernel::automatic, fast).worst(), 1e-9);
}

TEST(Kernels, ATinyCapHolds) {
    const SpatialMarket market = small_market();
    for (const double most : {1e-6, 1e-12, 1e-300}) {
        const SharedCap cap{{{0, 0}, {0, 1}}, most};
        SpatialClearing fast = started(market, 2.0);
        fast.shared_rent = {0.0};
        EXPECT_LT(clear_curves({&market, 1}, {&cap, 1}, Kernel::automatic, fast).worst(), 1e-9) << most;
    }
}

TEST(Kernels, AnIdleSideFollowsTheOneThatTradesWhateverTheStart) {
    // Node 1 buys abroad; its sellers offer nothing below 5. Its supply price is its use price or, if that is more,
    // what its best lane would net for a first tonne, whatever last tick's prices were.
    SpatialMarket market = small_market();
    market.supply[1] = {{5.0, 6.0}, {0.0, 10.0}};
    for (const Kernel kernel : {Kernel::automatic, Kernel::exact}) {
        for (const double start : {1.0, 2.0, 4.9}) {
            SpatialClearing clearing = started(market, start);
            clear_curves({&market, 1}, {}, kernel, clearing);
            const SpatialMarketClearing& answer = clearing.markets[0];
            ASSERT_EQ(answer.supplied[1], 0.0);
            double nearest = answer.use_price[1];
            for (const SpatialLane& lane : market.lanes) {
                if (lane.from == 1) {
                    nearest = std::max(nearest, (answer.use_price[lane.to] - lane.delivered(0.0) - lane.wedge(0.0)) /
                                                    lane.pass_through());
                }
            }
            EXPECT_NEAR(answer.supply_price[1], nearest, 1e-9) << start;
        }
    }
}

TEST(Kernels, ALaneWithoutSlopeTakesTheExactOne) {
    SpatialMarket market = small_market();
    market.lanes[1].preference_slope = 0.0;
    SpatialClearing clearing = started(market, 2.0);
    EXPECT_LT(clear_curves({&market, 1}, {}, Kernel::automatic, clearing).worst(), 1e-9);
    const SpatialLane& lane = market.lanes[1];
    const double gain =
        clearing.markets[0].use_price[lane.to] - lane.delivered(clearing.markets[0].supply_price[lane.from]);
    EXPECT_NEAR(gain, 0.0, 1e-9);
}

}  // namespace
}  // namespace ytterby
