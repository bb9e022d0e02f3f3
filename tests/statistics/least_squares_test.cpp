#include "statistics/least_squares.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"

namespace ytterby {
namespace {

TEST(LeastSquares, FindsALineByHand) {
    // y = 1, 3, 2 at x = 0, 1, 2: slope 1/2, constant 3/2; residuals -1/2, 1, -1/2.
    const std::vector<double> ones{1.0, 1.0, 1.0};
    const std::vector<double> x{0.0, 1.0, 2.0};
    const Regression found = fit_least_squares({ones, x}, {1.0, 3.0, 2.0});
    ASSERT_TRUE(found.is_identified);
    EXPECT_NEAR(found.estimate[0], 1.5, 1e-12);
    EXPECT_NEAR(found.estimate[1], 0.5, 1e-12);
    // sum (x - mean)^2 e^2 = 0.25 + 0 + 0.25; over (sum (x - mean)^2)^2 = 4; times n / (n - k) = 3.
    EXPECT_NEAR(found.standard_error[1], std::sqrt(3.0 * 0.5 / 4.0), 1e-12);
    EXPECT_EQ(found.observations, 3U);
    EXPECT_EQ(found.parameters, 2U);
}

TEST(LeastSquares, ReportsCollinearColumns) {
    const Regression same = fit_least_squares({{1.0, 2.0, 3.0}, {2.0, 4.0, 6.0}}, {1.0, 2.0, 2.0});
    EXPECT_FALSE(same.is_identified);
    EXPECT_TRUE(std::isnan(same.estimate[0]));
    const Regression exact = fit_least_squares({{1.0, 2.0}, {1.0, 1.0}}, {1.0, 2.0});
    EXPECT_FALSE(exact.is_identified) << "two observations and two parameters leave no degree of freedom";
    EXPECT_TRUE(std::isnan(exact.standard_error[0]));
    EXPECT_FALSE(fit_least_squares({}, {}).is_identified);
}

TEST(LeastSquares, RecoversAGravityEquationWithFixedEffects) {
    const Random random(5, 0);
    constexpr std::size_t countries = 12;
    std::vector<double> km, flow;
    std::vector<std::size_t> exporter, importer;
    for (std::size_t i = 0; i < countries; ++i) {
        for (std::size_t j = 0; j < countries; ++j) {
            const auto address = static_cast<std::uint32_t>(i * countries + j);
            if (i == j || address % 7 == 0) {
                continue;  // an unbalanced table, as trade is
            }
            km.push_back(random.normal(address, Purpose::test, 0));
            exporter.push_back(i);
            importer.push_back(j);
            // Origins far away are also large: without effects the slope would be wrong.
            km.back() += 0.7 * static_cast<double>(i);
            flow.push_back(-1.1 * km.back() + 3.0 * static_cast<double>(i) - 2.0 * static_cast<double>(j) +
                           0.01 * random.normal(address, Purpose::test, 1));
        }
    }
    remove_two_effects(km, exporter, importer);
    remove_two_effects(flow, exporter, importer);
    const std::size_t effects = count_two_effects(exporter, importer);
    EXPECT_EQ(effects, 2 * countries - 1);
    const Regression found = fit_least_squares({km}, flow, effects);
    ASSERT_TRUE(found.is_identified);
    EXPECT_NEAR(found.estimate[0], -1.1, 0.005);
    EXPECT_GT(found.standard_error[0], 0.0);
    EXPECT_LT(found.standard_error[0], 0.003);
}

TEST(LeastSquares, CountsEffectsOfSeparateMarketsSeparately) {
    EXPECT_EQ(count_two_effects({0, 0, 1}, {0, 1, 0}), 3U);
    EXPECT_EQ(count_two_effects({0, 0, 1, 1}, {0, 1, 2, 3}), 4U) << "two markets with no trader in common: 2 + 4 - 2";
}

TEST(LeastSquares, GroupMeansAreRemoved) {
    std::vector<double> values{1.0, 3.0, 10.0, 20.0, 30.0};
    remove_group_means(values, {0, 0, 1, 1, 1});
    EXPECT_EQ(values, (std::vector{-1.0, 1.0, -10.0, 0.0, 10.0}));
}

}  // namespace
}  // namespace ytterby
