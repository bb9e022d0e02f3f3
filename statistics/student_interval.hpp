#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace ytterby {

/// A mean of independent observations, such as replicates, with a two-sided Student interval. Observations that are all
/// equal tell nothing about their spread: they give no interval, and a p-value only where all of them are zero (then
/// 1).
struct Estimate {
    double mean = 0.0;
    double half_width = 0.0;  // NaN for fewer than two observations, and without spread
    double p_value = 1.0;     // of the mean being zero; NaN likewise
    std::size_t observations = 0;

    double low() const { return mean - half_width; }
    double high() const { return mean + half_width; }
};

/// Estimates a mean. `scale` is the size of the numbers of which the observations are differences: means and errors
/// below their rounding (1e-12 of it) count as zero.
Estimate estimate_mean(std::span<const double> observations, double level, double scale = 0.0);

/// Whether several observations are all equal, so that there is no interval.
inline bool has_no_spread(const Estimate& estimate) {
    return estimate.observations > 1 && std::isnan(estimate.half_width);
}

/// The half-width of the interval at a level such as 0.95, in standard errors, for a number of observations.
double student_reach(double level, std::size_t observations);

/// The largest absolute value among those that are finite.
double largest_size(std::span<const double> values);

}  // namespace ytterby
