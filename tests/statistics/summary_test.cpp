#include "statistics/summary.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ytterby {
namespace {

TEST(Quantile, LiesBetweenNeighbours) {
    EXPECT_DOUBLE_EQ(quantile({4.0, 1.0, 3.0, 2.0}, 0.5), 2.5);
    EXPECT_DOUBLE_EQ(quantile({4.0, 1.0, 3.0, 2.0}, 0.1), 1.3);  // R: quantile(1:4, 0.1)
    EXPECT_DOUBLE_EQ(quantile({4.0, 1.0, 3.0, 2.0}, 0.0), 1.0);
    EXPECT_DOUBLE_EQ(quantile({4.0, 1.0, 3.0, 2.0}, 1.0), 4.0);
    EXPECT_DOUBLE_EQ(quantile({7.0}, 0.9), 7.0);
    EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
}

TEST(StandardDeviation, DividesByOneLess) {
    EXPECT_DOUBLE_EQ(standard_deviation(std::vector{2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}), std::sqrt(32.0 / 7.0));
    EXPECT_TRUE(std::isnan(standard_deviation(std::vector{2.0})));
}

TEST(Ranks, EqualValuesShareTheirMean) {
    EXPECT_EQ(ranks_of(std::vector{10.0, 30.0, 10.0, 20.0}), (std::vector{1.5, 4.0, 1.5, 3.0}));
}

TEST(RankAgreement, RunsFromOppositeToSame) {
    EXPECT_DOUBLE_EQ(rank_agreement(std::vector{1.0, 2.0, 3.0, 40.0}, std::vector{1.0, 20.0, 21.0, 22.0}), 1.0);
    EXPECT_DOUBLE_EQ(rank_agreement(std::vector{1.0, 2.0, 3.0}, std::vector{3.0, 2.0, 1.0}), -1.0);
    EXPECT_NEAR(rank_agreement(std::vector{1.0, 2.0, 3.0, 4.0}, std::vector{2.0, 1.0, 4.0, 3.0}), 0.6, 1e-15);
    EXPECT_TRUE(std::isnan(rank_agreement(std::vector{1.0, 2.0}, std::vector{1.0, 2.0})));
    EXPECT_TRUE(std::isnan(rank_agreement(std::vector{1.0, 1.0, 1.0}, std::vector{1.0, 2.0, 3.0})));
}

}  // namespace
}  // namespace ytterby
