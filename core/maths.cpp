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

/// e^r - 1 for |r| <= 0.35 by its series; the first term left out is 4e-18.
double series_of_exp(double r) {
  return r + r * r * (1.0 / 2 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720 + r * (1.0 / 5040 +
             r * (1.0 / 40320 + r * (1.0 / 362880 + r * (1.0 / 3628800 + r * (1.0 / 39916800 +
             r * (1.0 / 479001600 + r * (1.0 / 6227020800.0))))))))))));
}

}  // namespace

double exp(double x) {
  if (!(x == x)) return x;
  if (x > 709.782712893384) return infinity;
  if (x < -745.1332191019412) return 0.0;
  // x = k log 2 + r, k the nearest integer.
  const double shifted = x * 1.4426950408889634 + 6755399441055744.0;
  const double k = shifted - 6755399441055744.0;
  const double r = (x - k * log2_high) - k * log2_low;
  const double result = 1.0 + series_of_exp(r);
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
    // As in `exp`; the low bits of `shifted` hold k, and 2^k is in range.
    const double x = value[i];
    const double shifted = x * 1.4426950408889634 + 6755399441055744.0;
    const double k = shifted - 6755399441055744.0;
    const double r = (x - k * log2_high) - k * log2_low;
    const std::uint64_t whole = std::bit_cast<std::uint64_t>(shifted) - std::bit_cast<std::uint64_t>(6755399441055744.0);
    value[i] = (1.0 + series_of_exp(r)) * std::bit_cast<double>((whole + 1023) << 52);
  }
}

double log(double x) {
  if (!(x > 0.0)) return x == 0.0 ? -infinity : not_a_number;
  if (x == infinity) return x;
  std::int64_t exponent = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    exponent = -54;
  }
  // x = 2^exponent (1 + f) with 1 + f between sqrt(1/2), whose bits these are, and sqrt(2).
  constexpr std::int64_t root_half = 0x3fe6a09e667f3bcd;
  const std::int64_t offset = std::bit_cast<std::int64_t>(x) - root_half;
  exponent += offset >> 52;
  const double f = std::bit_cast<double>((offset & 0x000fffffffffffff) + root_half) - 1.0;
  // log(1 + f) = 2 artanh(s) = 2 s + s rest, rearranged as f - (h - s (h + rest)) with h = f^2 / 2, so that the
  // rounding of s does not matter (the arrangement of fdlibm's e_log.c); the first series term left out is 6e-19.
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double rest =
      z * (2.0 / 3 + z * (2.0 / 5 + z * (2.0 / 7 + z * (2.0 / 9 + z * (2.0 / 11 + z * (2.0 / 13 +
      z * (2.0 / 15 + z * (2.0 / 17 + z * (2.0 / 19 + z * (2.0 / 21))))))))));
  const double h = 0.5 * f * f;
  const double k = static_cast<double>(exponent);
  return k * log2_high - ((h - (s * (h + rest) + k * log2_low)) - f);
}

double pow(double x, double y) {
  if (y == 0.0 || x == 1.0) return 1.0;
  if (y == 1.0) return x >= 0.0 ? x : not_a_number;
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
  for (const double value : values) sum.add(value);
  return sum.total();
}

}  // namespace ytterby
