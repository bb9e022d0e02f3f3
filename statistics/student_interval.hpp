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

/// Estimates a mean. `scale` is the size of the numbers that the observations are differences of: what is smaller than
/// their rounding (1e-12 of it) counts as zero.
Estimate estimate_mean(std::span<const double> observations, double level, double scale = 0.0);

/// How many standard errors lie on each side of the mean at a level such as 0.95, for `observations` observations.
double student_reach(double level, std::size_t observations);

/// The largest size of the finite ones among the values.
double largest_size(std::span<const double> values);

}  // namespace ytterby
