#pragma once

#include <cstddef>
#include <vector>

namespace ytterby {

/// How wide intervals are after the first so many replicates.
struct ConvergenceStep {
    std::size_t replicates = 0;
    double median_cell = 0.0, widest_cell = 0.0;  // half-widths of cells' means
    double median_difference = 0.0,
           widest_difference = 0.0;  // of paired differences from the first cell; NaN for one cell
};

/// Follows one metric ([cell][replicate], complete) over 2, 3, ... replicates; of many, at most about 40 numbers,
/// evenly in the logarithm, with the last.
std::vector<ConvergenceStep> follow_convergence(const std::vector<double>& values, std::size_t replicates,
                                                double level);

}  // namespace ytterby
