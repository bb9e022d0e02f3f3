#include "statistics/distribution.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ytterby {
namespace {

using Kind = Distribution::Kind;

TEST(Distribution, BoundsAreExact) {
    for (const Distribution& one : {Distribution{Kind::uniform, 0.1, 0.7}, Distribution{Kind::log_uniform, 0.1, 0.7},
                                    Distribution{Kind::triangular, 0.1, 0.2, 0.7}}) {
        EXPECT_EQ(one.quantile(0.0), 0.1);
        EXPECT_EQ(one.quantile(1.0), 0.7);
        EXPECT_EQ(one.level_share(0, 3), 0.0);
        EXPECT_EQ(one.level_share(1, 3), 0.5);
        EXPECT_EQ(one.level_share(2, 3), 1.0);
    }
}

TEST(Distribution, MediansAndQuantiles) {
    EXPECT_NEAR((Distribution{Kind::uniform, 2.0, 4.0}.quantile(0.25)), 2.5, 1e-15);
    EXPECT_NEAR((Distribution{Kind::log_uniform, 1.0, 100.0}.quantile(0.5)), 10.0, 1e-12);
    EXPECT_NEAR((Distribution{Kind::normal, 3.0, 2.0}.quantile(0.5)), 3.0, 1e-15);
    EXPECT_NEAR((Distribution{Kind::normal, 0.0, 1.0}.quantile(0.975)), 1.959963984540054, 1e-12);
    EXPECT_NEAR((Distribution{Kind::lognormal, 3.0, 0.5}.quantile(0.5)), 3.0, 1e-14);
    EXPECT_NEAR((Distribution{Kind::lognormal, 3.0, 0.5}.quantile(0.975)), 3.0 * std::exp(0.5 * 1.959963984540054),
                1e-12);
    const Distribution triangular{Kind::triangular, 0.0, 1.0, 4.0};
    EXPECT_NEAR(triangular.quantile(0.25), 1.0, 1e-15) << "a quarter lies below the mode";
    // F(3) = 1 - (4 - 3)^2 / (4 x 3)
    EXPECT_NEAR(triangular.quantile(11.0 / 12.0), 3.0, 1e-14);
}

TEST(Distribution, QuantilesAreFinite) {
    for (const Distribution& one : {Distribution{Kind::normal, 3.0, 2.0}, Distribution{Kind::lognormal, 3.0, 2.0}}) {
        EXPECT_TRUE(std::isfinite(one.quantile(0.0)));
        EXPECT_TRUE(std::isfinite(one.quantile(1.0)));
        EXPECT_NEAR(one.level_share(0, 2), 0.05, 1e-15);
        EXPECT_NEAR(one.level_share(1, 2), 0.95, 1e-15);
        EXPECT_EQ(one.level_share(0, 1), 0.5);
    }
}

TEST(Distribution, SamplesHaveTheirMean) {
    const std::vector<std::pair<Distribution, double>> cases = {{{Kind::uniform, 1.0, 3.0}, 2.0},
                                                                {{Kind::triangular, 0.0, 1.0, 5.0}, 2.0},
                                                                {{Kind::normal, 2.0, 0.5}, 2.0},
                                                                {{Kind::lognormal, 2.0, 0.3}, 2.0 * std::exp(0.045)},
                                                                {{Kind::log_uniform, 1.0, 10.0}, 9.0 / std::log(10.0)}};
    for (const auto& [one, mean] : cases) {
        double sum = 0.0, before = -1e9;
        constexpr int count = 20000;
        for (int place = 0; place < count; ++place) {
            const double value = one.quantile((place + 0.5) / count);
            EXPECT_GE(value, before);
            before = value;
            sum += value;
        }
        EXPECT_NEAR(sum / count, mean, 1e-3 * mean);
    }
}

}  // namespace
}  // namespace ytterby
