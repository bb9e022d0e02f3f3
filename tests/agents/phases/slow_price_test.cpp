#include "agents/phases/slow_price.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ytterby {
namespace {

TEST(SlowPrice, PricesNearTheAnchorTeachAllTheyAre) {
    const Behaviour behaviour{};
    std::vector<double> anchor = {100.0, 70.0, 100.0};
    follow_prices({0, 2}, 0.1, std::vector<double>{120.0, 90.0, 100.0}, behaviour.outlier_multiple, anchor);
    EXPECT_NEAR(anchor[0], 100.0 * std::pow(1.2, 0.1), 1e-9);
    EXPECT_EQ(anchor[1], 70.0) << "not one of the nodes";
    EXPECT_EQ(anchor[2], 100.0);
}

TEST(SlowPrice, BeyondTheOutlierMultipleAnchorsLearnNothingMore) {
    std::vector<double> anchor(3, 100.0);
    follow_prices({0, 1, 2}, 0.1, std::vector<double>{150.0, 2000.0, 1.0}, 1.5, anchor);
    EXPECT_GT(anchor[0], 100.0);
    EXPECT_NEAR(anchor[1], anchor[0], 1e-9);
    EXPECT_NEAR(anchor[2] * anchor[0], 1e4, 1e-6) << "up and down alike";
}

}  // namespace
}  // namespace ytterby
