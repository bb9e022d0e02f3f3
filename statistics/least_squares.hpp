#pragma once

#include <cstddef>
#include <vector>

namespace ytterby {

/// The result of a regression. Standard errors allow for unequal variances (White 1980, with the factor n / (n - k):
/// HC1).
struct Regression {
    std::vector<double> estimate;        // one per regressor
    std::vector<double> standard_error;  // NaN where no degree of freedom is left
    std::size_t observations = 0;
    std::size_t parameters = 0;  // regressors and absorbed effects
    /// Whether the regressors are linearly independent and degrees of freedom are left.
    bool is_identified = false;
};

/// Ordinary least squares of an outcome on regressors (columns of the same length), without a constant: give a column
/// of ones, or remove means first and give their number as `absorbed`. Solved by a
/// pivoted QR decomposition (Eigen), with columns scaled to the same length.
Regression fit_least_squares(const std::vector<std::vector<double>>& regressors, const std::vector<double>& outcome,
                             std::size_t absorbed = 0);

/// Subtracts from each value the mean of its group.
void remove_group_means(std::vector<double>& values, const std::vector<std::size_t>& group);

/// Removes two families of fixed effects from the values, by subtracting the means of both in turn until nothing moves
/// (Guimaraes and Portugal 2010).
void remove_two_effects(std::vector<double>& values, const std::vector<std::size_t>& first,
                        const std::vector<std::size_t>& second);

/// The number of parameters of two families of fixed effects: groups of both, less one for each connected set of
/// groups.
std::size_t count_two_effects(const std::vector<std::size_t>& first, const std::vector<std::size_t>& second);

}  // namespace ytterby
