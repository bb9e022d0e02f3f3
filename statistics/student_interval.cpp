#include "statistics/student_interval.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "core/maths.hpp"
#include "statistics/detail/undefined.hpp"

namespace ytterby {
namespace {

constexpr double rounding = 1e-12;  // far above 2^-53 times the sums of 2^16 cells, far below reported digits

}  // namespace

double student_reach(double level, std::size_t observations) {
    if (observations < 2) {
        return undefined_statistic;
    }
    const boost::math::students_t student(static_cast<double>(observations - 1));
    return boost::math::quantile(boost::math::complement(student, (1.0 - level) / 2.0));
}

double largest_size(std::span<const double> values) {
    double largest = 0.0;
    for (const double value : values) {
        largest = std::isfinite(value) ? std::max(largest, std::abs(value)) : largest;
    }
    return largest;
}

Estimate estimate_mean(std::span<const double> observations, double level, double scale) {
    const std::size_t count = observations.size();
    const double size = static_cast<double>(count);
    Estimate estimate{.mean = undefined_statistic,
                      .half_width = undefined_statistic,
                      .p_value = undefined_statistic,
                      .observations = count};
    if (count == 0) {
        return estimate;
    }
    estimate.mean = sum_of(observations) / size;
    CompensatedSum squares;
    for (const double value : observations) {
        squares.add((value - estimate.mean) * (value - estimate.mean));
    }
    if (std::abs(estimate.mean) <= rounding * scale) {
        estimate.mean = 0.0;
    }
    if (count < 2) {
        return estimate;
    }
    const double error = std::sqrt(squares.total() / (size - 1.0) / size);
    if (!(error > rounding * scale)) {
        estimate.p_value = estimate.mean == 0.0 ? 1.0 : undefined_statistic;
        return estimate;
    }
    estimate.half_width = student_reach(level, count) * error;
    const boost::math::students_t student(size - 1.0);
    estimate.p_value = 2.0 * boost::math::cdf(boost::math::complement(student, std::abs(estimate.mean) / error));
    return estimate;
}

}  // namespace ytterby
