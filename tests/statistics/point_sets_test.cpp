#include "statistics/point_sets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace ytterby {
namespace {

TEST(PointSets, EachCombinationAppearsOnce) {
    const std::vector<std::uint32_t> points = all_combinations({2, 3, 2});
    std::set<std::vector<std::uint32_t>> seen;
    for (std::size_t point = 0; point < points.size() / 3; ++point) {
        seen.insert({points[3 * point], points[3 * point + 1], points[3 * point + 2]});
    }
    EXPECT_EQ(points.size(), 3U * 12U);
    EXPECT_EQ(seen.size(), 12U);
    EXPECT_EQ(std::vector<std::uint32_t>(points.begin(), points.begin() + 6),
              (std::vector<std::uint32_t>{0, 0, 0, 0, 0, 1}));
}

TEST(PointSets, GeneratorsAreThePublishedOnes) {
    // Sanchez and Sanchez (2005), table of Walsh indices.
    EXPECT_EQ(resolution_five_generators(17),
              (std::vector<std::uint32_t>{1, 2, 4, 8, 15, 16, 32, 51, 64, 85, 106, 128, 150, 171, 219, 237, 247}));
}

/// Sum over the runs of the product of some columns, each -1 or +1.
long product_sum(const std::vector<bool>& high, std::size_t factors, const std::vector<std::size_t>& columns) {
    long sum = 0;
    for (std::size_t run = 0; run < high.size() / factors; ++run) {
        int sign = 1;
        for (const std::size_t column : columns) {
            sign *= high[run * factors + column] ? 1 : -1;
        }
        sum += sign;
    }
    return sum;
}

TEST(PointSets, FractionsHaveResolutionFive) {
    for (const std::size_t factors : {1U, 3U, 5U, 6U, 8U, 9U, 11U, 17U}) {
        const std::vector<bool> high = two_level_fraction(resolution_five_generators(factors));
        const std::size_t runs = high.size() / factors;
        EXPECT_LE(runs, 256U);
        // No main effect is aliased with the mean, a main effect or an interaction of two, nor two interactions with
        // each other.
        for (std::size_t a = 0; a < factors; ++a) {
            ASSERT_EQ(product_sum(high, factors, {a}), 0);
            for (std::size_t b = a + 1; b < factors; ++b) {
                ASSERT_EQ(product_sum(high, factors, {a, b}), 0);
                for (std::size_t c = b + 1; c < factors; ++c) {
                    ASSERT_EQ(product_sum(high, factors, {a, b, c}), 0) << a << ' ' << b << ' ' << c;
                    for (std::size_t d = c + 1; d < factors; ++d) {
                        ASSERT_EQ(product_sum(high, factors, {a, b, c, d}), 0) << a << ' ' << b << ' ' << c << ' ' << d;
                    }
                }
            }
        }
    }
    EXPECT_EQ(two_level_fraction(resolution_five_generators(5)).size() / 5, 16U) << "the half fraction 2^(5-1)";
    EXPECT_EQ(two_level_fraction(resolution_five_generators(11)).size() / 11, 128U)
        << "2^(11-4), Box, Hunter and Hunter";
}

TEST(PointSets, LatinHypercubeFillsEachStratumOnce) {
    const PointSet set = latin_hypercube(50, 4, 7);
    for (std::size_t factor = 0; factor < 4; ++factor) {
        std::set<int> strata;
        for (std::size_t point = 0; point < 50; ++point) {
            ASSERT_GT(set.unit(point, factor), 0.0);
            ASSERT_LT(set.unit(point, factor), 1.0);
            strata.insert(static_cast<int>(set.unit(point, factor) * 50.0));
        }
        EXPECT_EQ(strata.size(), 50U);
    }
    EXPECT_EQ(latin_hypercube(50, 4, 7).units, set.units);
    EXPECT_NE(latin_hypercube(50, 4, 8).units, set.units);
    double product = 0.0;
    for (std::size_t point = 0; point < 50; ++point) {
        product += (set.unit(point, 0) - 0.5) * (set.unit(point, 1) - 0.5);
    }
    EXPECT_LT(std::abs(product / 50.0), 1.0 / 12.0 * 0.5) << "the orders of two factors are independent";
}

/// Star discrepancy of a set in the unit square, over corners at its points (from below).
double discrepancy(const PointSet& set) {
    double worst = 0.0;
    for (std::size_t i = 0; i < set.points; ++i) {
        for (std::size_t j = 0; j < set.points; ++j) {
            const double x = set.unit(i, 0), y = set.unit(j, 1);
            double inside = 0.0;
            for (std::size_t k = 0; k < set.points; ++k) {
                inside += set.unit(k, 0) < x && set.unit(k, 1) < y ? 1.0 : 0.0;
            }
            worst = std::max(worst, std::abs(inside / static_cast<double>(set.points) - x * y));
        }
    }
    return worst;
}

TEST(PointSets, SobolBeginsAsPublished) {
    const PointSet set = sobol_points(8, 3);
    // Joe and Kuo (2008) and Bratley and Fox (1988) agree on these: in the order of Gray's code.
    const double first[8][2] = {{0, 0},         {0.5, 0.5},     {0.75, 0.25},   {0.25, 0.75},
                                {0.375, 0.375}, {0.875, 0.875}, {0.625, 0.125}, {0.125, 0.625}};
    for (std::size_t point = 0; point < 8; ++point) {
        for (std::size_t factor = 0; factor < 2; ++factor) {
            EXPECT_NEAR(set.unit(point, factor), first[point][factor], 1e-9) << point;
            EXPECT_GT(set.unit(point, factor), 0.0);
        }
    }
}

TEST(PointSets, SobolIsBalancedAndEven) {
    const PointSet set = sobol_points(256, 12);
    for (std::size_t factor = 0; factor < 12; ++factor) {
        std::set<int> strata;
        for (std::size_t point = 0; point < 256; ++point) {
            strata.insert(static_cast<int>(set.unit(point, factor) * 256.0));
        }
        EXPECT_EQ(strata.size(), 256U) << "each dimension is a (0, 8, 1)-net";
    }
    EXPECT_LT(discrepancy(sobol_points(128, 2)), 0.5 * discrepancy(latin_hypercube(128, 2, 1)));
}

TEST(PointSets, SaltelliBlocksSwapOneColumn) {
    const std::vector<std::string> names = {"a", "b", "c"};
    const PointSet set = saltelli_blocks(4, names, true);
    ASSERT_EQ(set.points, 4U * 8U);
    for (std::size_t sample = 0; sample < 4; ++sample) {
        std::map<std::string, std::size_t> row;
        for (std::size_t place = 0; place < 8; ++place) {
            row[set.role(sample * 8 + place, 0)] = sample * 8 + place;
            EXPECT_EQ(set.role(sample * 8 + place, 1), std::to_string(sample));
        }
        ASSERT_EQ(row.size(), 8U);
        for (std::size_t swapped = 0; swapped < 3; ++swapped) {
            for (std::size_t factor = 0; factor < 3; ++factor) {
                const double a = set.unit(row["A"], factor), b = set.unit(row["B"], factor);
                EXPECT_EQ(set.unit(row["AB_" + names[swapped]], factor), factor == swapped ? b : a);
                EXPECT_EQ(set.unit(row["BA_" + names[swapped]], factor), factor == swapped ? a : b);
            }
        }
    }
    EXPECT_EQ(saltelli_blocks(4, names, false).points, 4U * 5U);
}

TEST(PointSets, MorrisMovesEachFactorOnce) {
    const std::vector<std::string> names = {"a", "b", "c", "d"};
    const PointSet set = morris_trajectories(20, names, 4, 3);
    ASSERT_EQ(set.points, 20U * 5U);
    std::set<double> levels;
    std::size_t ups = 0;
    for (std::size_t trajectory = 0; trajectory < 20; ++trajectory) {
        std::set<std::string> moved;
        for (std::size_t step = 0; step < 5; ++step) {
            const std::size_t point = trajectory * 5 + step;
            EXPECT_EQ(set.role(point, 0), std::to_string(trajectory));
            EXPECT_EQ(set.role(point, 1), std::to_string(step));
            for (std::size_t factor = 0; factor < 4; ++factor) {
                levels.insert(set.unit(point, factor));
                const double change = step == 0 ? 0.0 : set.unit(point, factor) - set.unit(point - 1, factor);
                const bool is_mover = set.role(point, 2) == names[factor];
                EXPECT_NEAR(std::abs(change), is_mover ? 2.0 / 3.0 : 0.0, 1e-12);
                ups += change > 0.0 ? 1 : 0;
                if (is_mover) {
                    moved.insert(names[factor]);
                }
            }
        }
        EXPECT_EQ(moved.size(), 4U);
    }
    EXPECT_EQ(levels, (std::set<double>{0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0}));
    EXPECT_GT(ups, 20U);
    EXPECT_LT(ups, 60U);
}

}  // namespace
}  // namespace ytterby
