#include "market/dominant_solver.hpp"

#include <bit>
#include <cmath>

#include "core/vector_clones.hpp"

namespace ytterby {
namespace {

/// A matrix under elimination, by its arrays.
struct Rows {
    double* matrix;
    double* right_side;
    std::uint64_t* partners;
    std::size_t size;
    std::size_t words;
};

/// Calls f for every partner of an unknown that follows it, in order.
template <class F>
void each_later(const Rows& rows, std::size_t unknown, F&& f) {
    const std::uint64_t* const partners = rows.partners + unknown * rows.words;
    std::size_t word = unknown / 64;
    std::uint64_t bits = partners[word] & ~(~std::uint64_t{0} >> (63 - unknown % 64));
    while (true) {
        for (; bits != 0; bits &= bits - 1) {
            f(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
        }
        if (++word == rows.words) {
            return;
        }
        bits = partners[word];
    }
}

/// Takes each pivot's row off the rows of its later partners, which become partners of one another.
YTTERBY_VECTOR_CLONES
bool eliminate(const Rows& rows) {
    for (std::size_t pivot = 0; pivot < rows.size; ++pivot) {
        const double* const top = rows.matrix + pivot * rows.size;
        if (!(top[pivot] > 0.0) || !std::isfinite(top[pivot])) {
            return false;
        }
        std::size_t first = rows.size;
        std::size_t last = 0;
        each_later(rows, pivot, [&](std::size_t partner) {
            first = first < partner ? first : partner;
            last = partner;
        });
        const double inverse = 1.0 / top[pivot];
        each_later(rows, pivot, [&](std::size_t partner) {
            double* __restrict const row = rows.matrix + partner * rows.size;
            const double factor = row[pivot] * inverse;
            for (std::size_t place = first; place <= last; ++place) {
                row[place] -= factor * top[place];
            }
            rows.right_side[partner] -= factor * rows.right_side[pivot];
            for (std::size_t word = pivot / 64; word < rows.words; ++word) {
                rows.partners[partner * rows.words + word] |= rows.partners[pivot * rows.words + word];
            }
        });
    }
    return true;
}

}  // namespace

void DominantSolver::reset(std::size_t size) {
    size_ = size;
    words_ = (size + 63) / 64;
    matrix_.assign(size_ * size_, 0.0);
    partners_.assign(size_ * words_, 0);
}

void DominantSolver::add_pair(std::size_t row, std::size_t column, double value, double mirrored) {
    matrix_[row * size_ + column] += value;
    matrix_[column * size_ + row] += mirrored;
    partners_[row * words_ + column / 64] |= std::uint64_t{1} << (column % 64);
    partners_[column * words_ + row / 64] |= std::uint64_t{1} << (row % 64);
}

bool DominantSolver::solve(std::span<double> right_side) {
    const Rows rows{matrix_.data(), right_side.data(), partners_.data(), size_, words_};
    if (!eliminate(rows)) {
        return false;
    }
    for (std::size_t back = size_; back-- > 0;) {
        double sum = right_side[back];
        each_later(rows, back, [&](std::size_t place) { sum -= matrix_[back * size_ + place] * right_side[place]; });
        right_side[back] = sum / matrix_[back * size_ + back];
    }
    return true;
}

}  // namespace ytterby
