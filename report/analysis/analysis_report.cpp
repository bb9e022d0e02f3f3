#include "report/analysis/analysis_report.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ytterby {

std::string signed_text(double value) {
    return std::isnan(value) ? "-" : value == 0.0 ? "0" : fmt::format("{:+.3g}", value);
}

std::string short_text(double value) { return std::isnan(value) ? "-" : fmt::format("{:.3g}", value); }

std::string level_text(double level) { return fmt::format("{:.4g} %", 100.0 * level); }

std::string estimate_text(const Estimate& estimate, double level) {
    return signed_text(estimate.mean) + (std::isnan(estimate.half_width)
                                             ? fmt::format(" ({}: -)", level_text(level))
                                             : fmt::format(" ({}: {} to {})", level_text(level),
                                                           signed_text(estimate.low()), signed_text(estimate.high())));
}

std::string replicates_text(const WholeMetric& metric) {
    const std::string left_out = metric.left_out > 0 ? fmt::format(" ({} with holes left out)", metric.left_out) : "";
    if (metric.equal > 0) {
        return fmt::format(
            "{} replicates{} that are equal to the bit in every cell (no noise reaches this metric), so no intervals "
            "and "
            "nothing is decided",
            metric.equal, left_out);
    }
    return metric.replicates == 1 ? "1 replicate" + left_out + ", so no intervals and nothing is decided"
                                  : fmt::format("{} replicates{}", metric.replicates, left_out);
}

}  // namespace ytterby
