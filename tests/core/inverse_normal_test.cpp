#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "core/random.hpp"

namespace ytterby {
namespace {

/// Our inverse normal distribution (kept for its reproducible bits) against Boost.Math's.
TEST(InverseNormal, AgreesWithBoostMath) {
    const boost::math::normal_distribution<double> standard;
    for (double probability = 1e-12; probability < 0.5; probability *= 1.37) {
        for (const double p : {probability, 1.0 - probability}) {
            const double expected = boost::math::quantile(standard, p);
            EXPECT_NEAR(inverse_normal(p), expected,
                        1e-14 + 4e-15 * std::abs(expected) + 1e-4 * (p > 0.999999 ? std::abs(expected) : 0.0))
                << p;
        }
    }
}

}  // namespace
}  // namespace ytterby
