#include "core/maths.hpp"

#include <bit>
#include <cstdint>
#include <limits>

#include "core/vector_clones.hpp"

namespace ytterby {

namespace {

// log 2 in two parts; the first has 32 significant bits, so its product with an exponent is exact.
constexpr double log2_high = 6.93147180369123816490e-01;
constexpr double log2_low = 1.90821492927058770002e-10;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// 2^exponent for -1022 <= exponent <= 1023.
double power_of_two(std::int64_t exponent) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

/// e^r - 1 for |r| <= 0.35 by its series, in pairs of pairs so that few operations depend on one another; the first
/// term left out is 4e-18.
inline double series_of_exp(double r) {
    const double r2 = r * r;
    const double r4 = r2 * r2;
    const double first = (1.0 / 2 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120));
    const double second = (1.0 / 720 + r * (1.0 / 5040)) + r2 * (1.0 / 40320 + r * (1.0 / 362880));
    const double third = (1.0 / 3628800 + r * (1.0 / 39916800)) + r2 * (1.0 / 479001600 + r * (1.0 / 6227020800.0));
    return r + r2 * (first + r4 * (second + r4 * third));
}

/// log(1 + f) + k log 2 for 1 + f between sqrt(1/2) and sqrt(2), by 2 artanh(s) = 2 s + s rest, rearranged as
/// f - (h - s (h + rest)) with h = f^2 / 2, so that the rounding of s does not matter (the arrangement of fdlibm's
/// e_log.c); in pairs of pairs as above. The first series term left out is 6e-19.
inline double series_of_log(double f, double k) {
    const double s = f / (2.0 + f);
    const double z = s * s;
    const double z2 = z * z;
    const double first = (2.0 / 3 + z * (2.0 / 5)) + z2 * (2.0 / 7 + z * (2.0 / 9));
    const double second = (2.0 / 11 + z * (2.0 / 13)) + z2 * (2.0 / 15 + z * (2.0 / 17));
    const double third = 2.0 / 19 + z * (2.0 / 21);
    const double z4 = z2 * z2;
    const double rest = z * (first + z4 * (second + z4 * third));
    const double h = 0.5 * f * f;
    return k * log2_high - ((h - (s * (h + rest) + k * log2_low)) - f);
}

/// The bits of sqrt(1/2), the least value of 1 + f below.
constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcd;

/// 1.5 x 2^52: adding it rounds to the nearest integer and leaves that in the low bits.
constexpr double rounder = 6755399441055744.0;

/// e^x for x from -700 to 700, without a branch.
inline double exp_within(double x) {
    const double shifted = x * 1.4426950408889634 + rounder;
    const double k = shifted - rounder;
    const double r = (x - k * log2_high) - k * log2_low;
    const std::uint64_t whole = std::bit_cast<std::uint64_t>(shifted) - std::bit_cast<std::uint64_t>(rounder);
    return (1.0 + series_of_exp(r)) * std::bit_cast<double>((whole + 1023) << 52);
}

/// The logarithm of a positive normal number times 2^-lowered, without a branch.
inline double log_within(double x, int lowered = 0) {
    // x = 2^k (1 + f); k is in the high bits, and 2^52 + k has the bits of k below the exponent of 2^52.
    const std::uint64_t offset = std::bit_cast<std::uint64_t>(x) - root_half + (std::uint64_t{1023} << 52);
    const double k = std::bit_cast<double>((offset >> 52) | 0x4330000000000000) - (0x1p52 + 1023.0 + lowered);
    const double f = std::bit_cast<double>((offset & 0x000fffffffffffff) + root_half) - 1.0;
    return series_of_log(f, k);
}

}  // namespace

double exp(double x) {
    if (x >= -700.0 && x <= 700.0) {
        return exp_within(x);
    }
    if (!(x == x)) {
        return x;
    }
    if (x > 709.782712893384) {
        return infinity;
    }
    if (x < -745.1332191019412) {
        return 0.0;
    }
    // x = k log 2 + r, k the nearest integer.
    const double k = (x * 1.4426950408889634 + rounder) - rounder;
    const double result = 1.0 + series_of_exp((x - k * log2_high) - k * log2_low);
    // Two factors, because 2^k alone may be out of range where the result is not.
    const std::int64_t whole = static_cast<std::int64_t>(k);
    const std::int64_t half = whole / 2;
    return result * power_of_two(half) * power_of_two(whole - half);
}

YTTERBY_VECTOR_CLONES
void exp_each(std::span<double> values) {
    double* const value = values.data();
    const std::size_t count = values.size();
    for (std::size_t i = 0; i < count; ++i) {
        value[i] = exp_within(value[i]);
    }
}

YTTERBY_VECTOR_CLONES
void pow_each(std::span<double> bases, std::span<const double> exponents) {
    double* const base = bases.data();
    const double* const exponent = exponents.data();
    const std::size_t count = bases.size();
    for (std::size_t i = 0; i < count; ++i) {
        const double power = exp_within(exponent[i] * log_within(base[i]));
        base[i] = exponent[i] == 1.0 ? base[i] : power;
    }
}

double log(double x) {
    if (!(x > 0.0)) {
        return x == 0.0 ? -infinity : not_a_number;
    }
    if (x == infinity) {
        return x;
    }
    if (x < std::numeric_limits<double>::min()) {
        return log_within(x * 0x1p54, 54);
    }
    return log_within(x);
}

double pow(double x, double y) {
    if (y == 0.0 || x == 1.0) {
        return 1.0;
    }
    if (y == 1.0) {
        return x >= 0.0 ? x : not_a_number;
    }
    return exp(y * log(x));
}

double logistic(double x) {
    // e^-|x| cannot overflow.
    const double tail = exp(x < 0.0 ? x : -x);
    return (x < 0.0 ? tail : 1.0) / (1.0 + tail);
}

double logit(double share) { return log(share / (1.0 - share)); }

double sum_of(std::span<const double> values) {
    CompensatedSum sum;
    for (const double value : values) {
        sum.add(value);
    }
    return sum.total();
}

}  // namespace ytterby
