#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <span>

namespace ytterby {

/// What a figure is that does not exist: a mean of nothing, a price without trade.
inline constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinite = std::numeric_limits<double>::infinity();

// Exact functions, for results. They use only IEEE 754 basic operations, in one order, so that (compiled with
// -ffp-contract=off) their bits depend neither on the C library nor on the processor.

/// e^x, relative error below 4e-16; infinity above 709.78, 0 below -745.13.
double exp(double x);

/// Replaces each x, from -700 to 700, by e^x: the same bits as `exp`, several at a time.
void exp_each(std::span<double> values);

/// Replaces each base, positive and normal, by base^exponent: the same bits as `pow`, several at a time. As many
/// exponents as bases; exponent x log(base) from -700 to 700.
void pow_each(std::span<double> bases, std::span<const double> exponents);

/// Natural logarithm, error below 1 unit in the last place; -infinity at 0, NaN below. log(1) is exactly 0.
double log(double x);

/// x^y for x >= 0, relative error below 4e-16 (1 + |y log x|); NaN for x < 0. Exact for y = 0, y = 1 and x = 1.
double pow(double x, double y);

/// 1 / (1 + e^-x), between 0 and 1; exactly 0.5 at 0.
double logistic(double x);

/// Inverse of `logistic` for a share inside (0, 1).
double logit(double share);

/// Limits a value to [low, high]; NaN and low > high give low.
constexpr double clamp_to(double value, double low, double high) {
    return value > low ? (value < high ? value : std::max(low, high)) : low;
}
constexpr float clamp_to(float value, float low, float high) {
    return value > low ? (value < high ? value : std::max(low, high)) : low;
}

/// Limits a value to [0, 1]; NaN gives 0.
constexpr double clamp_share(double value) { return clamp_to(value, 0.0, 1.0); }
constexpr float clamp_share(float value) { return clamp_to(value, 0.0F, 1.0F); }

/// numerator / denominator, or `otherwise` where the denominator is 0 or NaN or the quotient is not finite.
constexpr double ratio_or(double numerator, double denominator, double otherwise) {
    if (!(denominator < 0.0 || denominator > 0.0)) {
        return otherwise;
    }
    const double ratio = numerator / denominator;
    constexpr double largest = std::numeric_limits<double>::max();
    return ratio >= -largest && ratio <= largest ? ratio : otherwise;
}

/// Adds doubles with a running correction (Neumaier 1974): the error does not grow with the number of terms.
class CompensatedSum {
public:
    constexpr void add(double term) {
        const double next = sum_ + term;
        const double larger = magnitude(sum_) >= magnitude(term) ? sum_ : term;
        const double smaller = magnitude(sum_) >= magnitude(term) ? term : sum_;
        correction_ += (larger - next) + smaller;
        sum_ = next;
    }
    /// Adds the terms of another sum; combine block sums in block order.
    constexpr void add(const CompensatedSum& other) {
        add(other.sum_);
        add(other.correction_);
    }
    constexpr double total() const { return sum_ + correction_; }

private:
    static constexpr double magnitude(double value) { return value < 0.0 ? -value : value; }

    double sum_ = 0.0;
    double correction_ = 0.0;
};

/// Compensated sum of a span, in order.
double sum_of(std::span<const double> values);

// Fast functions, for float columns. Branch-free, so that loops over columns vectorise (at -O3); the same bits on any
// processor. Relative errors are below 1e-6 and the functions do not decrease beyond that rounding. Limits are set on
// the bits as integers: g++ turns a comparison of floats, which may trap on NaN, into a branch and then does not
// vectorise.

/// The largest |x| for which fast_exp gives e^x.
inline constexpr float fast_exp_limit = 87.0F;

/// Limits a float to [-limit, limit] for a limit > 0; NaN gives a limit.
inline float limit_size(float x, float limit) {
    const std::int32_t bits = std::bit_cast<std::int32_t>(x);
    const std::int32_t size = std::min(bits & 0x7fffffff, std::bit_cast<std::int32_t>(limit));
    return std::bit_cast<float>(size | (bits & std::numeric_limits<std::int32_t>::min()));
}

/// A positive float as 2^exponent (1 + fraction), with 1 + fraction between sqrt(1/2) and sqrt(2).
struct SplitFloat {
    std::int32_t exponent;
    float fraction;
};

/// Splits a float; values below 1.18e-38, the least normal one, count as that.
inline SplitFloat split_float(float x) {
    constexpr std::int32_t root_half = 0x3f3504f3;  // the bits of sqrt(1/2)
    const std::int32_t offset = std::max(std::bit_cast<std::int32_t>(x), std::int32_t{0x00800000}) - root_half;
    return {offset >> 23, std::bit_cast<float>((offset & 0x007fffff) + root_half) - 1.0F};
}

/// e^(x + correction) for |x| <= 87 and a tiny correction, by 2^k times the series of e^r with |r| <= 0.3466, of which
/// the first term left out is 5e-9.
inline float exp_of_limited(float x, float correction) {
    // Adding 1.5 x 2^23 rounds to the nearest integer and leaves it in the low bits.
    constexpr float rounder = 12582912.0F;
    const float shifted = x * 1.44269504F + rounder;
    const float k = shifted - rounder;
    // log 2 in two parts, of which the first has so few bits that its product with k is exact.
    const float r = (x - k * 0.693359375F) - k * -2.12194440e-4F + correction;
    const float series =
        1.0F +
        r * (1.0F + r * (1.0F / 2 + r * (1.0F / 6 + r * (1.0F / 24 + r * (1.0F / 120 + r * (1.0F / 720 + r / 5040))))));
    const std::int32_t power = (std::bit_cast<std::int32_t>(shifted) + 127) << 23;
    return series * std::bit_cast<float>(power);
}

/// Natural logarithm of a positive float; values below 1.18e-38 count as 1.18e-38.
inline float fast_log(float x) {
    const auto [exponent, f] = split_float(x);
    // log(1 + f) = 2 artanh(s), by its series; the first term left out is 4e-9 of the first.
    const float s = f / (2.0F + f);
    const float z = s * s;
    const float rest = z * (2.0F / 3 + z * (2.0F / 5 + z * (2.0F / 7 + z * (2.0F / 9))));
    const float k = static_cast<float>(exponent);
    // f - s (f - rest) = 2 s + s rest without the rounding of s.
    return k * 0.693359375F + (k * -2.12194440e-4F + (f - s * (f - rest)));
}

/// e^x; x is limited to [-87, 87], so the result is positive and finite.
inline float fast_exp(float x) { return exp_of_limited(limit_size(x, fast_exp_limit), 0.0F); }

/// x^y for x > 0; y log x is computed in double, since a float would not be exact enough. The result is limited to
/// [e^-87, e^87], give or take 4e-6; x below 1.18e-38 counts as 1.18e-38. Exactly 1 at x = 1 and at y = 0.
inline float fast_pow(float x, float y) {
    const auto [exponent, fraction] = split_float(x);
    const double f = static_cast<double>(fraction);
    const double s = f / (2.0 + f);
    const double z = s * s;
    // The first series term left out is 5e-11 of the first.
    const double log_of_x = static_cast<double>(exponent) * 0.6931471805599453 +
                            s * (2.0 + z * (2.0 / 3 + z * (2.0 / 5 + z * (2.0 / 7 + z * (2.0 / 9 + z * (2.0 / 11))))));
    const double product = static_cast<double>(y) * log_of_x;
    const float rounded = static_cast<float>(product);
    const float correction = static_cast<float>(product - static_cast<double>(rounded));
    // The rounding of a float up to 87 is at most 4e-6.
    return exp_of_limited(limit_size(rounded, fast_exp_limit), limit_size(correction, 4e-6F));
}

/// 1 / (1 + e^-x), between 1e-38 and 1; exactly 0.5 at 0.
inline float fast_logistic(float x) { return 1.0F / (1.0F + fast_exp(-x)); }

}  // namespace ytterby
