#pragma once

#include <span>
#include <vector>

namespace ytterby {

/// The value below which a share of the values lies, linear between neighbours (Hyndman and Fan 1996, type 7); NaN for
/// none.
double quantile(std::vector<double> values, double share);
double quantile_of_sorted(std::span<const double> values, double share);

/// Standard deviation with n - 1 in the denominator; NaN for fewer than two values.
double standard_deviation(std::span<const double> values);

/// Rank of each value, 1 for the smallest; equal values share the mean of their ranks.
std::vector<double> ranks_of(std::span<const double> values);

/// Spearman's rank correlation, -1 to 1; NaN for fewer than three pairs or where one side does not vary.
double rank_agreement(std::span<const double> first, std::span<const double> second);

}  // namespace ytterby
