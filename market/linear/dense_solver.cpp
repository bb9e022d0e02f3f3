#include "market/linear/dense_solver.hpp"

#include <cmath>
#include <utility>

#include "core/vector_clones.hpp"

namespace ytterby {
namespace {

/// Subtracts the pivot's row from the rows below it; nearly all of the work of a large market.
YTTERBY_VECTOR_CLONES
void eliminate(double* matrix, double* right_side, std::size_t size, std::size_t column) {
    const double* const pivot = matrix + column * size;
    for (std::size_t below = column + 1; below < size; ++below) {
        double* __restrict const row = matrix + below * size;
        const double factor = row[column] / pivot[column];
        if (factor == 0.0) {
            continue;
        }
        for (std::size_t place = column + 1; place < size; ++place) {
            row[place] -= factor * pivot[place];
        }
        right_side[below] -= factor * right_side[column];
    }
}

}  // namespace

bool solve_dense(std::vector<double>& matrix, std::span<double> right_side) {
    const std::size_t size = right_side.size();
    const auto row = [&](std::size_t index) { return matrix.data() + index * size; };
    for (std::size_t column = 0; column < size; ++column) {
        std::size_t pivot = column;
        for (std::size_t candidate = column + 1; candidate < size; ++candidate) {
            if (std::abs(row(candidate)[column]) > std::abs(row(pivot)[column])) {
                pivot = candidate;
            }
        }
        const double head = row(pivot)[column];
        if (!(std::abs(head) > 0.0) || !std::isfinite(head)) {
            return false;
        }
        if (pivot != column) {
            for (std::size_t place = column; place < size; ++place) {
                std::swap(row(pivot)[place], row(column)[place]);
            }
            std::swap(right_side[pivot], right_side[column]);
        }
        eliminate(matrix.data(), right_side.data(), size, column);
    }
    for (std::size_t back = size; back-- > 0;) {
        double sum = right_side[back];
        for (std::size_t place = back + 1; place < size; ++place) {
            sum -= row(back)[place] * right_side[place];
        }
        right_side[back] = sum / row(back)[back];
    }
    return true;
}

}  // namespace ytterby
