#pragma once

#include <cstdint>

namespace ytterby {

/// The distribution of an uncertain value, given by its quantile function, so that any set of points in the unit cube
/// becomes a sample of it.
struct Distribution {
    enum class Kind : std::uint8_t { uniform, log_uniform, normal, lognormal, triangular };
    Kind kind = Kind::uniform;
    /// low and high; mean and standard deviation; median and standard deviation of the logarithm; low, mode and high.
    double first = 0.0, second = 1.0, third = 0.0;

    /// The value below which this share of the distribution lies; at 0 and 1 the bounds. Where there are no bounds,
    /// shares are limited to [2^-53, 1 - 2^-53].
    double quantile(double share) const;
    /// Whether the distribution has a lowest and a highest value.
    bool is_bounded() const { return kind != Kind::normal && kind != Kind::lognormal; }

    /// The share of level `number` of `count`: evenly spaced from end to end, or between the 5 % and 95 % quantiles
    /// where the distribution has no ends; a single level is the median.
    double level_share(std::uint32_t number, std::uint32_t count) const;
};

}  // namespace ytterby
