#include "statistics/prim.hpp"

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "statistics/pareto.hpp"

namespace ytterby {
namespace {

/// Points at random in a square with a switch and a factor that does nothing; failing where x > 0.6, y < 0.5 and the
/// switch is on.
DiscoveryPoints made_points(bool two_regions = false) {
    DiscoveryPoints points{.factors = 4, .values = {}, .is_ordered = {true, true, false, true}, .failing = {}};
    const Random random(5);
    for (std::uint32_t point = 0; point < 600; ++point) {
        const double x = random.uniform(point, Purpose::test, 0);
        const double y = random.uniform(point, Purpose::test, 1);
        const double on = random.happens(0.5, point, Purpose::test, 2) ? 1.0 : 0.0;
        points.values.insert(points.values.end(), {x, y, on, random.uniform(point, Purpose::test, 3)});
        const bool other = two_regions && x < 0.3 && on == 0.0;
        points.failing.push_back((x > 0.6 && y < 0.5 && on == 1.0) || other ? 1.0 : 0.0);
    }
    return points;
}

TEST(Prim, FindsTheRegionOfFailures) {
    const std::vector<PrimResult> found = find_boxes(made_points());
    ASSERT_GE(found.size(), 1U);
    const PrimBox& box = found[0].box;
    EXPECT_GT(box.coverage, 0.9);
    EXPECT_GT(box.density, 0.9);
    ASSERT_EQ(box.limits.size(), 3U) << "the idle factor is free";
    EXPECT_EQ(box.limits[0].factor, 0U);
    EXPECT_NEAR(box.limits[0].low, 0.6, 0.05);
    EXPECT_EQ(box.limits[1].factor, 1U);
    EXPECT_NEAR(box.limits[1].high, 0.5, 0.05);
    EXPECT_EQ(box.limits[2].levels, std::vector<double>{1.0});
    for (const BoxLimit& limit : box.limits) {
        EXPECT_LT(limit.quasi_p, 1e-4);
    }
    for (std::size_t step = 1; step < found[0].peeling.size(); ++step) {
        EXPECT_LT(found[0].peeling[step].points, found[0].peeling[step - 1].points);
    }
}

TEST(Prim, ASecondBoxIsSoughtAmongTheRemainingPoints) {
    const std::vector<PrimResult> found = find_boxes(made_points(true));
    ASSERT_GE(found.size(), 2U);
    EXPECT_GT(found[0].box.coverage + found[1].box.coverage, 0.85);
    EXPECT_GT(found[1].box.density, 0.8);
}

TEST(Prim, NoiseHasNoBox) {
    DiscoveryPoints points = made_points();
    for (std::uint32_t point = 0; point < points.points(); ++point) {
        points.failing[point] = Random(9).happens(0.3, point, Purpose::test, 0) ? 1.0 : 0.0;
    }
    for (const PrimResult& result : find_boxes(points)) {
        EXPECT_LT(result.box.density, 0.6) << "a box of noise is not much denser than its 30 %";
    }
    points.failing.assign(points.points(), 0.0);
    EXPECT_TRUE(find_boxes(points).empty());
}

TEST(Pareto, LeavesOutDominatedMixes) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const ObjectiveTable table{.objectives = 2, .values = {1, 5, 2, 3, 3, 3, 4, 1, 2, 3, 0, nan}};
    EXPECT_EQ(pareto_set(table), (std::vector<std::size_t>{0, 1, 3, 4}));
    const std::vector<FrontierStep> steps = cheapest_mixes(table, 0, 1);
    ASSERT_EQ(steps.size(), 3U);
    EXPECT_EQ(steps[0].mix, 0U);
    EXPECT_EQ(steps[1].mix, 1U) << "the cheapest that reaches 3";
    EXPECT_EQ(steps[1].budget, 2.0);
    EXPECT_EQ(steps[2].reached, 1.0);
}

TEST(Pareto, AgreesWithComparingAllPairs) {
    ObjectiveTable table{.objectives = 3, .values = {}};
    for (std::uint32_t place = 0; place < 600; ++place) {
        table.values.push_back(Random(2).below(8, place, Purpose::test, 0));
    }
    std::vector<std::size_t> expected;
    for (std::size_t one = 0; one < table.mixes(); ++one) {
        bool is_dominated = false;
        for (std::size_t other = 0; other < table.mixes(); ++other) {
            bool as_good = true;
            bool better = false;
            for (std::size_t objective = 0; objective < 3; ++objective) {
                as_good = as_good && table.at(other, objective) <= table.at(one, objective);
                better = better || table.at(other, objective) < table.at(one, objective);
            }
            is_dominated = is_dominated || (as_good && better);
        }
        if (!is_dominated) {
            expected.push_back(one);
        }
    }
    EXPECT_EQ(pareto_set(table), expected);
}

}  // namespace
}  // namespace ytterby
