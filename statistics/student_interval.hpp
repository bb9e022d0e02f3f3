#pragma once

#include <cstddef>
#include <span>

namespace ytterby {

/// A mean of independent observations, such as replicates, with a two-sided Student interval.
struct Estimate {
    double mean = 0.0;
    double half_width = 0.0;  // NaN for fewer than two observations
    double p_value = 1.0;     // of the mean being zero; NaN likewise
    std::size_t observations = 0;

    double low() const { return mean - half_width; }
    double high() const { return mean + half_width; }
};

/// Estimates a mean. `scale` is the size of the numbers of which the observations are differences: means and errors
/// below their rounding (1e-12 of it) count as zero.
Estimate estimate_mean(std::span<const double> observations, double level, double scale = 0.0);

/// The half-width of the interval at a level such as 0.95, in standard errors, for a number of observations.
double student_reach(double level, std::size_t observations);

/// The largest absolute value among those that are finite.
double largest_size(std::span<const double> values);

}  // namespace ytterby
