#include "market/dense_solver.hpp"

#include <cmath>
#include <utility>

namespace ytterby {

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
        for (std::size_t below = column + 1; below < size; ++below) {
            const double factor = row(below)[column] / head;
            if (factor == 0.0) {
                continue;
            }
            for (std::size_t place = column + 1; place < size; ++place) {
                row(below)[place] -= factor * row(column)[place];
            }
            right_side[below] -= factor * right_side[column];
        }
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
