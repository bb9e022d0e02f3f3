#include "statistics/least_squares.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace ytterby {
namespace {

/// A regressor counts as a combination of others when what they leave of it is less than this share of its length.
constexpr double least_rest = 1e-5;
/// Passes over both families of effects stop when no value moves by more than this.
constexpr double least_move = 1e-12;
constexpr int most_passes = 20000;

std::size_t at(Eigen::Index index) { return static_cast<std::size_t>(index); }

std::size_t count_of(const std::vector<std::size_t>& group) {
    return group.empty() ? 0 : *std::max_element(group.begin(), group.end()) + 1;
}

std::vector<std::size_t> sizes_of(const std::vector<std::size_t>& group) {
    std::vector<std::size_t> sizes(count_of(group), 0);
    for (const std::size_t which : group) {
        ++sizes[which];
    }
    return sizes;
}

/// Subtracts the mean of each group; returns the largest.
double subtract_means(std::vector<double>& values, const std::vector<std::size_t>& group,
                      const std::vector<std::size_t>& sizes) {
    std::vector<double> mean(sizes.size(), 0.0);
    for (std::size_t row = 0; row < values.size(); ++row) {
        mean[group[row]] += values[row];
    }
    double largest = 0.0;
    for (std::size_t which = 0; which < mean.size(); ++which) {
        mean[which] = sizes[which] > 0 ? mean[which] / static_cast<double>(sizes[which]) : 0.0;
        largest = std::max(largest, std::abs(mean[which]));
    }
    for (std::size_t row = 0; row < values.size(); ++row) {
        values[row] -= mean[group[row]];
    }
    return largest;
}

}  // namespace

Regression fit_least_squares(const std::vector<std::vector<double>>& regressors, const std::vector<double>& outcome,
                             std::size_t absorbed) {
    const auto size = std::ssize(regressors);
    const auto rows = std::ssize(outcome);
    Regression found;
    found.observations = outcome.size();
    found.parameters = regressors.size() + absorbed;
    found.estimate.assign(regressors.size(), std::numeric_limits<double>::quiet_NaN());
    found.standard_error = found.estimate;
    if (size == 0 || rows < size) {
        return found;
    }
    // Columns of length one, so that the rank does not depend on units.
    Eigen::MatrixXd columns(rows, size);
    for (Eigen::Index which = 0; which < size; ++which) {
        columns.col(which) = Eigen::Map<const Eigen::VectorXd>(regressors[at(which)].data(), rows);
    }
    const Eigen::VectorXd lengths = columns.colwise().norm();
    if (!(lengths.minCoeff() > 0.0)) {
        return found;
    }
    columns *= lengths.cwiseInverse().asDiagonal();
    Eigen::ColPivHouseholderQR<Eigen::MatrixXd> factors(rows, size);
    factors.setThreshold(least_rest).compute(columns);
    if (factors.rank() < size) {
        return found;
    }
    const Eigen::Map<const Eigen::VectorXd> observed(outcome.data(), rows);
    const Eigen::VectorXd fitted = factors.solve(observed);
    for (Eigen::Index which = 0; which < size; ++which) {
        found.estimate[at(which)] = fitted[which] / lengths[which];
    }
    if (found.observations <= found.parameters) {
        return found;
    }
    // White's sandwich is this matrix times its transpose: the pseudo-inverse of the columns, times the residuals.
    const Eigen::MatrixXd ortho = factors.householderQ() * Eigen::MatrixXd::Identity(rows, size);
    const Eigen::MatrixXd inverse =
        factors.colsPermutation() *
        factors.matrixR().topLeftCorner(size, size).triangularView<Eigen::Upper>().solve(ortho.transpose());
    const Eigen::VectorXd rests = observed - columns * fitted;
    const Eigen::VectorXd spread = (inverse * rests.asDiagonal()).rowwise().norm();
    const double factor =
        std::sqrt(static_cast<double>(rows) / static_cast<double>(found.observations - found.parameters));
    for (Eigen::Index which = 0; which < size; ++which) {
        found.standard_error[at(which)] = factor * spread[which] / lengths[which];
    }
    found.is_identified = true;
    return found;
}

void remove_group_means(std::vector<double>& values, const std::vector<std::size_t>& group) {
    subtract_means(values, group, sizes_of(group));
}

void remove_two_effects(std::vector<double>& values, const std::vector<std::size_t>& first,
                        const std::vector<std::size_t>& second) {
    const std::vector<std::size_t> first_sizes = sizes_of(first);
    const std::vector<std::size_t> second_sizes = sizes_of(second);
    for (int round = 0; round < most_passes; ++round) {
        const double moved = subtract_means(values, first, first_sizes);
        if (std::max(moved, subtract_means(values, second, second_sizes)) <= least_move) {
            return;
        }
    }
}

std::size_t count_two_effects(const std::vector<std::size_t>& first, const std::vector<std::size_t>& second) {
    const std::size_t offset = count_of(first);
    std::vector<std::size_t> parent(offset + count_of(second));
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t node) {
        while (parent[node] != node) {
            node = parent[node] = parent[parent[node]];
        }
        return node;
    };
    std::vector<bool> seen(parent.size(), false);
    for (std::size_t row = 0; row < first.size(); ++row) {
        seen[first[row]] = seen[offset + second[row]] = true;
        parent[root(first[row])] = root(offset + second[row]);
    }
    std::size_t groups = 0;
    std::size_t connected = 0;
    for (std::size_t node = 0; node < parent.size(); ++node) {
        groups += seen[node] ? 1 : 0;
        connected += seen[node] && root(node) == node ? 1 : 0;
    }
    return groups - connected;
}

}  // namespace ytterby
