#include "market/clearing/detail/wide_number.hpp"

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <random>

namespace ytterby {
namespace {

using Boost = boost::multiprecision::number<
    boost::multiprecision::cpp_bin_float<2800, boost::multiprecision::digit_base_2, void, std::int32_t>,
    boost::multiprecision::et_off>;

/// Exactly: doubles that add up to the number, each taken where a double still holds it.
Boost as_boost(Wide value) {
    constexpr int raise = 600;
    Boost sum = 0;
    int raised = 0;
    while (!value.is_zero()) {
        const double part = value.as_double();
        if (std::fabs(part) < 1e-100) {
            value = value * Wide::power_of_two(raise);
            raised += raise;
            continue;
        }
        sum += ldexp(Boost(part), -raised);
        value -= Wide(part);
    }
    return sum;
}

/// Drawn with a fixed seed of a generator whose numbers the standard defines.
double drawn(std::mt19937_64& bits) {
    const double share = std::ldexp(static_cast<double>(bits() >> 11U), -53);
    return (bits() % 2 == 0 ? 1.0 : -1.0) * std::pow(10.0, 200.0 * share - 100.0);
}

TEST(WideNumber, ComputesAsBoostDoes) {
    std::mt19937_64 bits(18);
    for (const int limbs : {Wide::least_limbs, Wide::most_limbs}) {
        for (int turn = 0; turn < 200; ++turn) {
            const double first = drawn(bits);
            const double second = drawn(bits);
            const Wide quotient = Wide(first).with_limbs(limbs) / Wide(second);
            const Wide product = quotient * Wide(second) * quotient;
            const Boost exact_quotient = Boost(first) / Boost(second);
            const Boost exact_product = exact_quotient * second * exact_quotient;
            const Boost bound = ldexp(Boost(1), -64 * (limbs - 2));
            EXPECT_LE(abs(as_boost(quotient) / exact_quotient - 1), bound);
            EXPECT_LE(abs(as_boost(product) / exact_product - 1), bound);
            EXPECT_LE(abs(as_boost(product - quotient) - (exact_product - exact_quotient)),
                      bound * (abs(exact_product) + abs(exact_quotient)));
            EXPECT_EQ(quotient < product, exact_quotient < exact_product);
        }
    }
}

TEST(WideNumber, LogarithmUndoesExponential) {
    for (const int limbs : {Wide::least_limbs, Wide::most_limbs}) {
        for (const double power : {-600.0, -1.5, -1e-9, 0.0, 0.25, 700.0}) {
            const Wide x = Wide(power).with_limbs(limbs);
            EXPECT_LE(abs(log(exp(x)) - x), Wide::power_of_two(-64 * (limbs - 2)) * (Wide(1.0) + abs(x))) << power;
        }
    }
    EXPECT_NEAR(exp(Wide(1.0)).as_double(), 2.718281828459045, 1e-15);
}

TEST(WideNumber, TakesDoublesAsTheyAreWritten) {
    const Wide nothing = decimal_of(0.1) + decimal_of(0.2) - decimal_of(0.3);
    EXPECT_LE(abs(nothing), Wide::power_of_two(-440));
    EXPECT_EQ(decimal_of(-12.5), Wide(-12.5));
    EXPECT_EQ(rounded(decimal_of(1e-300) * power_of_ten(300)), 1.0);
    EXPECT_EQ(rounded(Wide(1.0) / Wide(3.0)), 0.333333333333333);
}

}  // namespace
}  // namespace ytterby
