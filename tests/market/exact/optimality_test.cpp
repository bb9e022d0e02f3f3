// The exact market against an independent linear programming solver (Clp), and against duality.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/market/exact/exact_markets.hpp"
#include "tests/market/exact/stepped_program.hpp"

namespace ytterby {
namespace {

struct ProgramCase {
    ExactShape shape;
    std::uint32_t seeds = 50;
};

/// Without ad valorem duties the market is a linear program: its surplus is the largest possible, and its prices and
/// rents are duals with the same objective. With duties, the same holds for the charges per tonne to which they amount
/// at its prices.
void expect_best(const ExactShape& shape, std::uint32_t seeds, std::uint32_t stream) {
    for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
        Draws draws(seed * 6007U + stream);
        const auto [markets, caps] = drawn_group(draws, shape);
        SpatialClearing clearing;
        ASSERT_NO_THROW(clear_exact(markets, caps, clearing)) << shape.name << " seed " << seed;
        EXPECT_LT(certify_exact(markets, caps, clearing).worst(), 1e-9) << shape.name << " seed " << seed;
        const SteppedSurplus surplus = compare_surplus(markets, caps, clearing);
        ASSERT_TRUE(surplus.solved) << shape.name << " seed " << seed;
        const double error = 1e-9 * std::max(surplus.scale, surplus.best);
        EXPECT_NEAR(surplus.answer, surplus.best, error) << shape.name << " seed " << seed;
        EXPECT_NEAR(surplus.priced, surplus.best, error) << shape.name << " seed " << seed;
    }
}

const std::vector<ProgramCase> cases = {
    {{.name = "two", .nodes = 2, .orders = 6, .present = 0.95}, 100},
    {{.name = "eight", .nodes = 8}, 100},
    {{.name = "whole", .nodes = 8, .whole = true}, 100},
    {{.name = "free", .nodes = 8, .whole = true, .lanes = 0.9, .capped = 0.3, .freight = 0.04}, 50},
    {{.name = "banned", .nodes = 12, .orders = 10, .lanes = 0.9, .banned = 0.7}, 50},
    {{.name = "caps", .nodes = 10, .orders = 10, .goods = 2, .caps = 3}, 50},
    {{.name = "whole_caps", .nodes = 8, .orders = 10, .whole = true, .goods = 2, .caps = 3}, 50},
    {{.name = "duties", .nodes = 10, .orders = 10, .duties = 0.5}, 50},
    {{.name = "whole_duties", .nodes = 8, .orders = 10, .duties = 0.5, .whole = true}, 50},
    {{.name = "duties_and_caps", .nodes = 8, .orders = 10, .duties = 0.5, .goods = 2, .caps = 3}, 50},
    {{.name = "thin", .nodes = 10, .orders = 20, .apart = 1.1}, 50},
    {{.name = "thirty", .nodes = 30, .orders = 20}, 15},
    {{.name = "thirty_sparse", .nodes = 30, .orders = 20, .duties = 0.3, .caps = 2, .lanes = 0.1}, 15},
};

class ProgrammedExact : public testing::TestWithParam<ProgramCase> {};

TEST_P(ProgrammedExact, HasTheLargestSurplus) { expect_best(GetParam().shape, GetParam().seeds, 11U); }

INSTANTIATE_TEST_SUITE_P(Shapes, ProgrammedExact, testing::ValuesIn(cases),
                         [](const auto& param) { return std::string(param.param.shape.name); });

class SlowProgrammedExact : public testing::TestWithParam<ProgramCase> {};

TEST_P(SlowProgrammedExact, HasTheLargestSurplus) { expect_best(GetParam().shape, 12 * GetParam().seeds, 29U); }

INSTANTIATE_TEST_SUITE_P(Shapes, SlowProgrammedExact, testing::ValuesIn(cases),
                         [](const auto& param) { return std::string(param.param.shape.name); });

TEST(SlowExactOptimality, LargeMarketsHaveTheLargestSurplus) {
    expect_best({.name = "hundred", .nodes = 100, .orders = 20, .lanes = 0.3}, 2, 5U);
    expect_best({.name = "two_hundred_sparse", .nodes = 200, .orders = 10, .duties = 0.3, .caps = 1, .lanes = 0.03}, 3,
                5U);
}

}  // namespace
}  // namespace ytterby
