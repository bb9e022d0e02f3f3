// Random markets of all shapes: none may fail, and starting from last tick's answer changes nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/market/exact/exact_markets.hpp"

namespace ytterby {
namespace {

const std::vector<ExactShape> shapes = {
    {.name = "two", .nodes = 2, .orders = 5, .present = 0.95},
    {.name = "steps"},
    {.name = "ramps", .ramps = 0.5},
    {.name = "whole", .whole = true},
    {.name = "few", .orders = 3, .whole = true},
    {.name = "duties", .ramps = 0.3, .duties = 0.5},
    {.name = "whole_duties", .duties = 0.5, .whole = true},
    {.name = "elastic", .ramps = 0.3, .duties = 0.3, .elastic = 0.5},
    {.name = "steep", .ramps = 0.3, .duties = 0.3, .elastic = 0.7, .stiffest = 1e-5},
    {.name = "caps", .goods = 2, .caps = 2},
    {.name = "whole_caps", .whole = true, .goods = 2, .caps = 2},
    {.name = "whole_duty_caps", .duties = 0.3, .whole = true, .goods = 2, .caps = 3},
    {.name = "duty_caps", .ramps = 0.2, .duties = 0.5, .elastic = 0.3, .goods = 2, .caps = 3, .stiffest = 1e-4},
    {.name = "many_caps", .nodes = 12, .duties = 0.5, .caps = 8},
    {.name = "bans", .nodes = 12, .duties = 0.3, .goods = 2, .caps = 2, .lanes = 0.9, .banned = 0.7},
    {.name = "free", .whole = true, .lanes = 0.9, .capped = 0.3, .freight = 0.04},
    {.name = "free_duties", .orders = 6, .duties = 0.3, .whole = true, .lanes = 0.9, .capped = 0.3, .freight = 0.04},
    {.name = "thin", .nodes = 10, .orders = 30, .apart = 1.2},
    {.name = "thin_duty_caps",
     .nodes = 10,
     .orders = 30,
     .ramps = 0.3,
     .duties = 0.3,
     .goods = 2,
     .caps = 2,
     .apart = 1.1},
    {.name = "uneven", .nodes = 10, .orders = 30, .duties = 0.3, .elastic = 0.2, .sizes = 1e4},
    {.name = "uneven_caps", .nodes = 10, .orders = 30, .goods = 2, .caps = 2, .apart = 0.5, .sizes = 1e4},
    {.name = "one_order", .nodes = 6, .orders = 1, .goods = 2, .caps = 2, .present = 0.6},
    {.name = "large", .nodes = 25, .orders = 200, .ramps = 0.2, .duties = 0.2, .elastic = 0.2},
    {.name = "large_caps", .nodes = 25, .ramps = 0.2, .duties = 0.3, .elastic = 0.5, .goods = 2, .caps = 2},
    {.name = "sparse_sixty", .nodes = 60, .orders = 50, .duties = 0.3, .caps = 1, .lanes = 0.06},
    {.name = "dense_sixty", .nodes = 60, .orders = 30, .duties = 0.3, .caps = 1, .lanes = 0.9},
};

/// Largest differences of prices and flows, as shares of the largest price and the volume. The volume is at least 1e-4
/// of what could be traded: the quantity of a ramp is no more exact than the last digit of its price. A node without
/// orders keeps its start prices.
double difference(const std::vector<ExactMarket>& markets, const SpatialClearing& one, const SpatialClearing& other) {
    double worst = 0.0;
    for (std::size_t good = 0; good < markets.size(); ++good) {
        const SpatialMarketClearing& left = one.markets[good];
        const SpatialMarketClearing& right = other.markets[good];
        double volume = 1e-9;
        double price = 1e-9;
        double offered = 0.0;
        double wanted = 0.0;
        for (std::size_t node = 0; node < left.used.size(); ++node) {
            offered += markets[good].supply[node].most();
            wanted += markets[good].use[node].most();
            volume += left.used[node];
            price = std::max({price, std::abs(left.use_price[node]), std::abs(left.supply_price[node])});
        }
        volume = std::max(volume, 1e-4 * std::min(offered, wanted));
        for (std::size_t number = 0; number < left.flow.size(); ++number) {
            worst = std::max(worst, std::abs(left.flow[number] - right.flow[number]) / volume);
        }
        for (std::size_t node = 0; node < left.used.size(); ++node) {
            if (!markets[good].supply[node].empty() || !markets[good].use[node].empty()) {
                worst = std::max({worst, std::abs(left.supply_price[node] - right.supply_price[node]) / price,
                                  std::abs(left.use_price[node] - right.use_price[node]) / price});
            }
        }
    }
    return worst;
}

/// Clears a random group cold, and warm from prices that are off by up to 1 % and flows by up to 10 %.
void expect_clears(const ExactShape& shape, std::uint32_t seed) {
    Draws draws(seed * 7919U + 31U);
    const auto [markets, caps] = drawn_group(draws, shape);
    SpatialClearing cold;
    ASSERT_NO_THROW(clear_exact(markets, caps, cold)) << shape.name << " seed " << seed;
    EXPECT_LT(certify_exact(markets, caps, cold).worst(), 1e-9) << shape.name << " seed " << seed;
    SpatialClearing warm = cold;
    for (SpatialMarketClearing& market : warm.markets) {
        for (std::size_t node = 0; node < market.supply_price.size(); ++node) {
            const double change = draws.between(0.99, 1.01);
            market.supply_price[node] *= change;
            market.use_price[node] *= change;
        }
        for (double& flow : market.flow) {
            flow *= draws.between(0.9, 1.1);
        }
    }
    ASSERT_NO_THROW(clear_exact(markets, caps, warm)) << shape.name << " seed " << seed << " warm";
    EXPECT_LT(difference(markets, cold, warm), 1e-9) << shape.name << " seed " << seed;
}

class ExactStress : public testing::TestWithParam<ExactShape> {};

TEST_P(ExactStress, ClearsFromAnyStart) {
    const std::uint32_t seeds = GetParam().nodes >= 60 ? 3 : GetParam().nodes >= 25 ? 15 : 60;
    for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
        expect_clears(GetParam(), seed);
    }
}

TEST_P(ExactStress, SlowClearsThousandsFromAnyStart) {
    const std::uint32_t seeds = GetParam().nodes >= 60 ? 50 : GetParam().nodes >= 25 ? 300 : 1000;
    for (std::uint32_t seed = 1001; seed <= 1000 + seeds; ++seed) {
        expect_clears(GetParam(), seed);
    }
}

INSTANTIATE_TEST_SUITE_P(Shapes, ExactStress, testing::ValuesIn(shapes),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace ytterby
