#pragma once

#include <cstddef>
#include <vector>

namespace ytterby {

/// How wide the intervals are over the first `replicates` replicates.
struct ConvergenceStep {
    std::size_t replicates = 0;
    /// Half-widths of the means of cells, and of paired differences from the first cell (NaN for one cell).
    double median_cell = 0.0, widest_cell = 0.0;
    double median_difference = 0.0, widest_difference = 0.0;
};

/// Follows one metric ([cell][replicate], complete) over 2, 3, ... replicates; where these are many, over numbers
/// evenly spaced in the logarithm (10 % apart) and the last.
std::vector<ConvergenceStep> follow_convergence(const std::vector<double>& values, std::size_t replicates,
                                                double level);

}  // namespace ytterby
