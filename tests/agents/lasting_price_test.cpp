#include <gtest/gtest.h>

#include <cmath>

#include "agents/lasting_price.hpp"

namespace ytterby {
namespace {

TEST(LastingPrice, PricesNearTheAnchorTeachAllTheyAre) {
    const Behaviour behaviour{};
    double anchor = 100.0;
    follow_anchor(behaviour, anchor, 120.0, 0.1);
    EXPECT_NEAR(anchor, 100.0 * std::pow(1.2, 0.1), 1e-9);
    EXPECT_NEAR(lasting_price(behaviour, 80.0, 100.0), 100.0 * std::pow(0.8, behaviour.price_persistence), 1e-9);
    EXPECT_EQ(lasting_price(behaviour, 100.0, 100.0), 100.0);
}

TEST(LastingPrice, BeyondTheOutlierMultipleNothingMoreIsLearnt) {
    const Behaviour behaviour{.outlier_multiple = 1.5};
    double dear = 100.0;
    double dearer = 100.0;
    double cheap = 100.0;
    follow_anchor(behaviour, dear, 150.0, 0.1);
    follow_anchor(behaviour, dearer, 2000.0, 0.1);
    follow_anchor(behaviour, cheap, 1.0, 0.1);
    EXPECT_NEAR(dearer, dear, 1e-9);
    EXPECT_NEAR(cheap * dear, 1e4, 1e-6) << "up and down alike";
    EXPECT_NEAR(lasting_price(behaviour, 2000.0, 100.0), lasting_price(behaviour, 150.0, 100.0), 1e-9);
    EXPECT_GT(lasting_price(Behaviour{.outlier_multiple = 30.0}, 2000.0, 100.0), 1.5 * lasting_price(behaviour, 2000.0, 100.0));
}

}  // namespace
}  // namespace ytterby
