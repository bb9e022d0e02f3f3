#include "statistics/least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace ytterby {
namespace {

using Matrix = std::vector<std::vector<double>>;

/// Least pivot relative to the diagonal before elimination; below it a column is a combination of earlier ones.
constexpr double least_pivot = 1e-10;
/// Passes over both families of effects stop when no value moves by more than this.
constexpr double least_move = 1e-12;
constexpr int most_passes = 20000;

/// Inverse of a symmetric positive definite matrix; empty where it is not one.
Matrix inverse_of(const Matrix& matrix) {
    const std::size_t size = matrix.size();
    Matrix lower(size, std::vector<double>(size, 0.0));
    for (std::size_t row = 0; row < size; ++row) {
        for (std::size_t column = 0; column <= row; ++column) {
            double rest = matrix[row][column];
            for (std::size_t k = 0; k < column; ++k) {
                rest -= lower[row][k] * lower[column][k];
            }
            if (row != column) {
                lower[row][column] = rest / lower[column][column];
            } else if (rest > least_pivot * matrix[row][row]) {
                lower[row][row] = std::sqrt(rest);
            } else {
                return {};
            }
        }
    }
    Matrix inverse(size, std::vector<double>(size, 0.0));
    for (std::size_t unit = 0; unit < size; ++unit) {
        std::vector<double> solution(size, 0.0);
        for (std::size_t row = 0; row < size; ++row) {
            double rest = row == unit ? 1.0 : 0.0;
            for (std::size_t k = 0; k < row; ++k) {
                rest -= lower[row][k] * solution[k];
            }
            solution[row] = rest / lower[row][row];
        }
        for (std::size_t row = size; row-- > 0;) {
            double rest = solution[row];
            for (std::size_t k = row + 1; k < size; ++k) {
                rest -= lower[k][row] * solution[k];
            }
            solution[row] = rest / lower[row][row];
        }
        for (std::size_t row = 0; row < size; ++row) {
            inverse[row][unit] = solution[row];
        }
    }
    return inverse;
}

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
    const std::size_t size = regressors.size();
    const std::size_t rows = outcome.size();
    Regression found;
    found.observations = rows;
    found.parameters = size + absorbed;
    found.estimate.assign(size, std::numeric_limits<double>::quiet_NaN());
    found.standard_error = found.estimate;
    Matrix products(size, std::vector<double>(size, 0.0));
    std::vector<double> with_outcome(size, 0.0);
    for (std::size_t a = 0; a < size; ++a) {
        for (std::size_t row = 0; row < rows; ++row) {
            with_outcome[a] += regressors[a][row] * outcome[row];
            for (std::size_t b = 0; b < size; ++b) {
                products[a][b] += regressors[a][row] * regressors[b][row];
            }
        }
    }
    const Matrix inverse = inverse_of(products);
    if (inverse.empty() || size == 0) {
        return found;
    }
    for (std::size_t a = 0; a < size; ++a) {
        found.estimate[a] = std::inner_product(inverse[a].begin(), inverse[a].end(), with_outcome.begin(), 0.0);
    }
    if (rows <= found.parameters) {
        return found;
    }
    Matrix spread(size, std::vector<double>(size, 0.0));
    for (std::size_t row = 0; row < rows; ++row) {
        double rest = outcome[row];
        for (std::size_t a = 0; a < size; ++a) {
            rest -= found.estimate[a] * regressors[a][row];
        }
        for (std::size_t a = 0; a < size; ++a) {
            for (std::size_t b = 0; b < size; ++b) {
                spread[a][b] += rest * rest * regressors[a][row] * regressors[b][row];
            }
        }
    }
    const double factor = static_cast<double>(rows) / static_cast<double>(rows - found.parameters);
    for (std::size_t which = 0; which < size; ++which) {
        double variance = 0.0;
        for (std::size_t a = 0; a < size; ++a) {
            for (std::size_t b = 0; b < size; ++b) {
                variance += inverse[which][a] * spread[a][b] * inverse[b][which];
            }
        }
        found.standard_error[which] = std::sqrt(factor * std::max(0.0, variance));
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
