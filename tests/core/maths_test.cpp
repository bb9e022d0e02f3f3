#include "core/maths.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace ytterby {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Largest relative difference between two functions over evenly spaced arguments.
template <class Mine, class Reference>
double worst_error(Mine mine, Reference reference, double low, double high, int steps) {
    double worst = 0.0;
    for (int step = 0; step <= steps; ++step) {
        const double x = low + (high - low) * step / steps;
        const double truth = static_cast<double>(reference(x));
        const double difference = std::fabs(static_cast<double>(mine(x)) - truth);
        if (difference > 0.0) {
            worst = std::max(worst, difference / std::fabs(truth));
        }
    }
    return worst;
}

TEST(ExactMaths, ExpAgreesWithTheLibrary) {
    const auto library = [](double x) { return std::exp(static_cast<long double>(x)); };
    const auto mine = [](double x) { return ytterby::exp(x); };
    EXPECT_LT(worst_error(mine, library, -1.0, 1.0, 200000), 4e-16);
    EXPECT_LT(worst_error(mine, library, -700.0, 709.0, 200000), 4e-16);
    EXPECT_EQ(ytterby::exp(0.0), 1.0);
    EXPECT_EQ(ytterby::exp(710.0), infinity);
    EXPECT_EQ(ytterby::exp(-750.0), 0.0);
    EXPECT_EQ(ytterby::exp(infinity), infinity);
    EXPECT_EQ(ytterby::exp(-infinity), 0.0);
    EXPECT_TRUE(std::isnan(ytterby::exp(std::nan(""))));
    EXPECT_NEAR(ytterby::exp(-740.0) / std::exp(-740.0), 1.0, 0.01);
    EXPECT_NEAR(ytterby::exp(709.78) / std::exp(709.78), 1.0, 1e-15);
}

TEST(ExactMaths, SeveralExpAtATimeAreTheSameBits) {
    std::vector<double> values;
    for (int step = -70000; step <= 70000; ++step) {
        values.push_back(0.00999 * step + 1e-7 * (step % 13));
    }
    values.insert(values.end(), {0.0, -0.0, 700.0, -700.0, 1e-300, -1e-17, 0.5 * 0.6931471805599453});
    std::vector<double> powers = values;
    exp_each(powers);
    for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_EQ(powers[i], ytterby::exp(values[i])) << values[i];
    }
    exp_each({});
}

TEST(ExactMaths, LogAgreesWithTheLibrary) {
    const auto library = [](double x) { return std::log(static_cast<long double>(x)); };
    const auto mine = [](double x) { return ytterby::log(x); };
    EXPECT_LT(worst_error(mine, library, 0.3, 3.0, 400000), 2.3e-16);
    EXPECT_LT(worst_error(mine, library, 1.0 - 1e-6, 1.0 + 1e-6, 20000), 2.3e-16);
    EXPECT_LT(worst_error(mine, library, 1e-5, 1e6, 200000), 2.3e-16);
    for (double x = 5e-324; x < 1e308; x *= 3.7) {
        ASSERT_NEAR(ytterby::log(x) / std::log(x), 1.0, 4e-16) << x;
    }
    EXPECT_EQ(ytterby::log(1.0), 0.0);
    EXPECT_EQ(ytterby::log(0.0), -infinity);
    EXPECT_EQ(ytterby::log(infinity), infinity);
    EXPECT_TRUE(std::isnan(ytterby::log(-1.0)));
    EXPECT_TRUE(std::isnan(ytterby::log(std::nan(""))));
}

TEST(ExactMaths, PowAgreesWithTheLibrary) {
    for (const double y : {-3.0, -0.5, -0.02, 0.18, 0.5, 1.5, 2.0, 7.0}) {
        for (double x = 0.001; x < 2000.0; x *= 1.01) {
            const long double truth = std::pow(static_cast<long double>(x), static_cast<long double>(y));
            const double error = static_cast<double>(std::fabs((ytterby::pow(x, y) - truth) / truth));
            ASSERT_LT(error, 4e-16 * (1.0 + std::fabs(y * std::log(x)))) << x << " to the " << y;
        }
    }
    EXPECT_EQ(ytterby::pow(0.0, 0.0), 1.0);
    EXPECT_EQ(ytterby::pow(0.0, 2.0), 0.0);
    EXPECT_EQ(ytterby::pow(0.0, -2.0), infinity);
    EXPECT_EQ(ytterby::pow(0.1, 1.0), 0.1);
    EXPECT_EQ(ytterby::pow(1.0, infinity), 1.0);
    EXPECT_TRUE(std::isnan(ytterby::pow(-8.0, 2.0)));
    EXPECT_TRUE(std::isnan(ytterby::pow(-8.0, 1.0)));
}

TEST(ExactMaths, SeveralPowAtATimeAreTheSameBits) {
    std::vector<double> bases;
    std::vector<double> exponents;
    for (const double y : {-3.0, -0.5, -0.02, 0.0, 0.18, 0.5, 1.0, 1.5, 2.0, 7.0}) {
        for (double x = 1e-30; x < 1e30; x *= 1.0037) {
            bases.insert(bases.end(), {x, 1.0, 1.0 + x});
            exponents.insert(exponents.end(), 3, y);
        }
    }
    std::vector<double> powers = bases;
    pow_each(powers, exponents);
    for (std::size_t i = 0; i < bases.size(); ++i) {
        ASSERT_EQ(powers[i], ytterby::pow(bases[i], exponents[i])) << bases[i] << " to the " << exponents[i];
    }
    pow_each({}, {});
}

TEST(ExactMaths, LogisticStaysInsideAndInverts) {
    EXPECT_EQ(logistic(0.0), 0.5);
    EXPECT_EQ(logistic(1000.0), 1.0);
    EXPECT_EQ(logistic(-1000.0), 0.0);
    for (double x = -30.0; x <= 15.0; x += 0.1) {
        EXPECT_NEAR(logit(logistic(x)), x, 1e-9);
    }
}

TEST(SafeMaths, ClampsAndRatios) {
    EXPECT_EQ(clamp_to(5.0, 0.0, 2.0), 2.0);
    EXPECT_EQ(clamp_to(-5.0, 0.0, 2.0), 0.0);
    EXPECT_EQ(clamp_to(1.0, 0.0, 2.0), 1.0);
    EXPECT_EQ(clamp_to(1.0, 3.0, 2.0), 3.0);
    EXPECT_EQ(clamp_to(9.0, 3.0, 2.0), 3.0);
    EXPECT_EQ(clamp_share(std::nan("")), 0.0);
    EXPECT_EQ(clamp_share(1.5F), 1.0F);
    EXPECT_EQ(ratio_or(1.0, 0.0, 7.0), 7.0);
    EXPECT_EQ(ratio_or(1e300, 1e-300, 7.0), 7.0);
    EXPECT_EQ(ratio_or(std::nan(""), 2.0, 7.0), 7.0);
    EXPECT_EQ(ratio_or(1.0, std::nan(""), 7.0), 7.0);
    EXPECT_EQ(ratio_or(3.0, -2.0, 7.0), -1.5);
}

TEST(CompensatedSum, KeepsWhatAPlainSumLoses) {
    const std::vector<double> values{1.0, 1e100, 1.0, -1e100};
    EXPECT_EQ(sum_of(values), 2.0);
    CompensatedSum tenths;
    CompensatedSum half;
    double plain = 0.0;
    for (int term = 0; term < 1000000; ++term) {
        (term % 2 == 0 ? tenths : half).add(0.1);
        plain += 0.1;
    }
    tenths.add(half);
    EXPECT_NEAR(tenths.total(), 100000.0, 1e-10);
    EXPECT_GT(std::fabs(plain - 100000.0), 1e-7);
}

TEST(FastMaths, LogErrorAndOrder) {
    float before = -1000.0F;
    double worst = 0.0;
    // Every 101st float from the least to the largest normal one.
    for (std::uint32_t bits = 0x00800000; bits < 0x7f800000; bits += 101) {
        const float x = std::bit_cast<float>(bits);
        const double truth = std::log(static_cast<double>(x));
        const float value = fast_log(x);
        if (truth != 0.0) {
            worst = std::max(worst, std::fabs((static_cast<double>(value) - truth) / truth));
        }
        // Steps are larger than the rounding except very near 1, where both shrink together.
        ASSERT_GE(value, before - 1e-6F * std::fabs(before)) << x;
        before = value;
    }
    EXPECT_LT(worst, 1e-6);
    EXPECT_LT(
        worst_error([](double x) { return fast_log(static_cast<float>(x)); },
                    [](double x) { return std::log(static_cast<double>(static_cast<float>(x))); }, 0.99, 1.01, 100000),
        1e-6);
    EXPECT_EQ(fast_log(1.0F), 0.0F);
    EXPECT_NEAR(fast_log(0.0F), -87.3365F, 1e-3F);
    EXPECT_NEAR(fast_log(-1.0F), -87.3365F, 1e-3F);
}

TEST(FastMaths, ExpErrorAndOrder) {
    double worst = 0.0;
    float before = 0.0F;
    for (double x = -87.0; x <= 87.0; x += 2e-5) {
        const float argument = static_cast<float>(x);
        const double truth = std::exp(static_cast<double>(argument));
        const float value = fast_exp(argument);
        worst = std::max(worst, std::fabs(static_cast<double>(value) / truth - 1.0));
        ASSERT_GE(value, before) << x;
        before = value;
    }
    EXPECT_LT(worst, 1e-6);
    EXPECT_EQ(fast_exp(0.0F), 1.0F);
    EXPECT_EQ(fast_exp(-1000.0F), fast_exp(-87.0F));
    EXPECT_EQ(fast_exp(1000.0F), fast_exp(87.0F));
    EXPECT_TRUE(std::isfinite(fast_exp(87.0F)));
}

TEST(FastMaths, PowErrorAndOrder) {
    double worst = 0.0;
    for (const float y : {-20.0F, -3.0F, -0.6F, -0.02F, 0.02F, 0.6F, 2.5F, 20.0F}) {
        float before = y > 0.0F ? 0.0F : std::numeric_limits<float>::infinity();
        for (double x = 0.02; x < 50.0; x *= 1.0005) {
            const float base = static_cast<float>(x);
            const double truth = std::pow(static_cast<double>(base), static_cast<double>(y));
            if (truth < 2e-38 || truth > 6e37) {
                continue;
            }
            const float value = fast_pow(base, y);
            worst = std::max(worst, std::fabs(static_cast<double>(value) / truth - 1.0));
            ASSERT_TRUE(y > 0.0F ? value >= before : value <= before) << x << " to the " << y;
            before = value;
        }
    }
    EXPECT_LT(worst, 3e-7);
    EXPECT_EQ(fast_pow(1.0F, 17.0F), 1.0F);
    EXPECT_EQ(fast_pow(3.0F, 0.0F), 1.0F);
    EXPECT_NEAR(fast_pow(1e30F, 1e30F) / fast_exp(87.0F), 1.0F, 1e-5F);
    EXPECT_NEAR(fast_pow(1e30F, -1e30F) / fast_exp(-87.0F), 1.0F, 1e-5F);
    EXPECT_TRUE(std::isfinite(fast_pow(std::numeric_limits<float>::infinity(), 100.0F)));
    EXPECT_GE(fast_pow(0.0F, 2.0F), 0.0F);
    EXPECT_LT(fast_pow(0.0F, 2.0F), 1e-37F);
}

TEST(FastMaths, LogisticStaysInside) {
    EXPECT_EQ(fast_logistic(0.0F), 0.5F);
    EXPECT_EQ(fast_logistic(200.0F), 1.0F);
    EXPECT_GT(fast_logistic(-200.0F), 0.0F);
    EXPECT_LT(worst_error([](double x) { return fast_logistic(static_cast<float>(x)); },
                          [](double x) { return 1.0 / (1.0 + std::exp(-static_cast<double>(static_cast<float>(x)))); },
                          -80.0, 80.0, 100000),
              1e-6);
}

}  // namespace
}  // namespace ytterby
