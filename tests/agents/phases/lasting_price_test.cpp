#include <gtest/gtest.h>

#include <cmath>

#include "agents/phases/lasting_price.hpp"

namespace ytterby {
namespace {

TEST(LastingPrice, PricesNearTheAnchorTeachAllTheyAre) {
    const Behaviour behaviour{};
    std::vector<double> anchor = {100.0, 70.0, 100.0};
    follow_prices({0, 2}, 0.1, std::vector<double>{120.0, 90.0, 100.0}, behaviour.outlier_multiple, anchor);
    EXPECT_NEAR(anchor[0], 100.0 * std::pow(1.2, 0.1), 1e-9);
    EXPECT_EQ(anchor[1], 70.0) << "not one of the nodes";
    EXPECT_EQ(anchor[2], 100.0);
    EXPECT_NEAR(lasting_price(behaviour, 80.0, 100.0), 100.0 * std::pow(0.8, behaviour.price_persistence), 1e-9);
    EXPECT_EQ(lasting_price(behaviour, 100.0, 100.0), 100.0);
}

TEST(LastingPrice, BeyondTheOutlierMultipleNothingMoreIsLearnt) {
    Behaviour behaviour;
    behaviour.outlier_multiple = 1.5;
    std::vector<double> anchor(3, 100.0);
    follow_prices({0, 1, 2}, 0.1, std::vector<double>{150.0, 2000.0, 1.0}, behaviour.outlier_multiple, anchor);
    EXPECT_GT(anchor[0], 100.0);
    EXPECT_NEAR(anchor[1], anchor[0], 1e-9);
    EXPECT_NEAR(anchor[2] * anchor[0], 1e4, 1e-6) << "up and down alike";
    EXPECT_NEAR(lasting_price(behaviour, 2000.0, 100.0), lasting_price(behaviour, 150.0, 100.0), 1e-9);
    const std::vector<double> slow = {2000.0, 80.0, 100.0, 150.0};
    const std::vector<double> together = lasting_prices(behaviour, {0, 1, 3}, slow, std::vector<double>(4, 100.0));
    for (const std::size_t node : {0U, 1U, 3U}) {
        EXPECT_EQ(together[node], lasting_price(behaviour, slow[node], 100.0)) << node;
    }
    EXPECT_EQ(together[2], 0.0) << "not one of the nodes";
    Behaviour wide;
    wide.outlier_multiple = 30.0;
    EXPECT_GT(lasting_price(wide, 2000.0, 100.0), 1.5 * lasting_price(behaviour, 2000.0, 100.0));
}

}  // namespace
}  // namespace ytterby
