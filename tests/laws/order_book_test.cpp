#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

constexpr const char* order_book = "market.mechanism=\"order_book\"";

std::string hub(const char* name) { return std::string("market.order_book.hub=\"") + name + "\""; }

class OrderBookRuns : public ::testing::TestWithParam<const char*> {};

/// Two years without shocks, with the licences of the base year: the laws hold in every month, and prices stay near
/// those of the base year, within the effect of random arrival.
TEST_P(OrderBookRuns, StayNearTheBasePricesInACalmWorld) {
    const FinishedRun finished = run_config("stationary.toml", {order_book, hub(GetParam()), "run.ticks=24"});
    for (const char* good : {"gallium.refined", "cobalt.refined", "nickel.refined", "ndpr.refined", "terbium.refined",
                             "germanium.refined"}) {
        for (const char* country : {"CHN", "JPN", "USA", "DEU"}) {
            double mean = 0.0;
            for (std::size_t tick = 12; tick < 24; ++tick) {
                mean += finished.price(good, country, tick) / 12.0;
            }
            EXPECT_NEAR(mean / finished.simulation.economy.base_price[finished.node(good, country)], 1.0, 0.1)
                << good << " " << country;
        }
    }
}

/// The licence of 2023 stops exports, raises the outside price and lowers the inside price, as in spatial_auction, and
/// licence holders earn the gap.
TEST_P(OrderBookRuns, ALicenceSplitsThePrice) {
    const FinishedRun finished = run_config("gallium_control.toml", {order_book, hub(GetParam()), "run.ticks=16"});
    EXPECT_EQ(finished.exports("gallium.refined", "CHN", 8), 0.0);
    EXPECT_GT(finished.price("gallium.refined", "JPN", 8), 1.3 * finished.price("gallium.refined", "JPN", 4));
    EXPECT_LT(finished.price("gallium.refined", "CHN", 12), finished.price("gallium.refined", "CHN", 4));
    EXPECT_GT(finished.exports("gallium.refined", "CHN", 12), 0.0);
    const double gap = finished.price("gallium.refined", "JPN", 12) - finished.price("gallium.refined", "CHN", 12);
    EXPECT_GT(finished.export_rent("gallium.refined", "CHN", 12), 0.5 * gap);
}

INSTANTIATE_TEST_SUITE_P(Hubs, OrderBookRuns, ::testing::Values("world", "country"),
                         [](const auto& hub) { return std::string(hub.param); });

TEST(OrderBookThreads, TheSameBitsOnAnyNumberOfThreads) {
    const FinishedRun one = run_config("gallium_control.toml", {order_book, "run.ticks=10", "run.threads=1"});
    const FinishedRun two = run_config("gallium_control.toml", {order_book, "run.ticks=10", "run.threads=2"});
    EXPECT_EQ(one.history.use_price, two.history.use_price);
    EXPECT_EQ(one.history.flow, two.history.flow);
    EXPECT_EQ(one.history.stock, two.history.stock);
}

}  // namespace
}  // namespace ytterby
