#include "market/linear/dominant_solver.hpp"

#include <bit>
#include <cmath>

#include "core/vector_clones.hpp"

namespace ytterby {
namespace {

/// Where less than one in so many entries of a row's range is nonzero, entries are processed one by one; elsewhere as
/// vectors (technical).
constexpr std::size_t sparse_below = 3;

/// The arrays of a matrix under elimination.
struct Rows {
    double* matrix;
    double* right_side;
    std::uint64_t* partners;
    std::uint32_t* later;  // work space: partners that follow a pivot
    std::size_t size;
    std::size_t words;
};

/// Calls f for each partner that follows an unknown, in order; `all` holds the partners of all unknowns.
template <class F>
void each_later(const std::uint64_t* all, std::size_t words, std::size_t unknown, F&& f) {
    const std::uint64_t* const partners = all + unknown * words;
    std::size_t word = unknown / 64;
    std::uint64_t bits = partners[word] & ~(~std::uint64_t{0} >> (63 - unknown % 64));
    while (true) {
        for (; bits != 0; bits &= bits - 1) {
            f(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
        }
        if (++word == words) {
            return;
        }
        bits = partners[word];
    }
}

/// Subtracts each pivot's row from the rows of its later partners, which become partners of one another. Of a symmetric
/// matrix only entries above the diagonal are read and written.
template <bool symmetric>
bool eliminate_rows(const Rows& rows) {
    for (std::size_t pivot = 0; pivot < rows.size; ++pivot) {
        const double* const top = rows.matrix + pivot * rows.size;
        if (!(top[pivot] > 0.0) || !std::isfinite(top[pivot])) {
            return false;
        }
        std::size_t count = 0;
        each_later(rows.partners, rows.words, pivot,
                   [&](std::size_t partner) { rows.later[count++] = static_cast<std::uint32_t>(partner); });
        if (count == 0) {
            continue;
        }
        const std::size_t first = rows.later[0];
        const std::size_t last = rows.later[count - 1];
        const bool sparse = sparse_below * count < last - first + 1;
        const double inverse = 1.0 / top[pivot];
        for (std::size_t index = 0; index < count; ++index) {
            const std::size_t partner = rows.later[index];
            double* __restrict const row = rows.matrix + partner * rows.size;
            const double factor = (symmetric ? top[partner] : row[pivot]) * inverse;
            if (sparse) {
                for (std::size_t other = symmetric ? index : 0; other < count; ++other) {
                    row[rows.later[other]] -= factor * top[rows.later[other]];
                }
            } else {
                for (std::size_t place = symmetric ? partner : first; place <= last; ++place) {
                    row[place] -= factor * top[place];
                }
            }
            rows.right_side[partner] -= factor * rows.right_side[pivot];
            for (std::size_t word = pivot / 64; word < rows.words; ++word) {
                rows.partners[partner * rows.words + word] |= rows.partners[pivot * rows.words + word];
            }
        }
    }
    return true;
}

YTTERBY_VECTOR_CLONES
bool eliminate(const Rows& rows) { return eliminate_rows<false>(rows); }
YTTERBY_VECTOR_CLONES
bool eliminate_symmetric(const Rows& rows) { return eliminate_rows<true>(rows); }

}  // namespace

void DominantSolver::reset(std::size_t size) {
    size_ = size;
    is_symmetric_ = true;
    words_ = (size + 63) / 64;
    matrix_.assign(size_ * size_, 0.0);
    partners_.assign(size_ * words_, 0);
    later_.resize(size_);
}

bool DominantSolver::solve(std::span<double> right_side) {
    const Rows rows{matrix_.data(), right_side.data(), partners_.data(), later_.data(), size_, words_};
    if (!(is_symmetric_ ? eliminate_symmetric(rows) : eliminate(rows))) {
        return false;
    }
    substitute_back(right_side);
    return true;
}

void DominantSolver::solve_again(std::span<double> right_side) const {
    // Entries below the diagonal are as they were when the pivot of their column was eliminated; of a symmetric matrix
    // those above it are.
    for (std::size_t pivot = 0; pivot < size_; ++pivot) {
        const double part = right_side[pivot] / matrix_[pivot * size_ + pivot];
        each_later(partners_.data(), words_, pivot, [&](std::size_t partner) {
            right_side[partner] -= matrix_[is_symmetric_ ? pivot * size_ + partner : partner * size_ + pivot] * part;
        });
    }
    substitute_back(right_side);
}

void DominantSolver::substitute_back(std::span<double> right_side) const {
    for (std::size_t back = size_; back-- > 0;) {
        double sum = right_side[back];
        each_later(partners_.data(), words_, back,
                   [&](std::size_t place) { sum -= matrix_[back * size_ + place] * right_side[place]; });
        right_side[back] = sum / matrix_[back * size_ + back];
    }
}

}  // namespace ytterby
