#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ytterby {

/// Solves A x = b without pivoting, for column diagonally dominant matrices whose off-diagonal entries come in mirrored
/// pairs. If both entries of every pair are equal, only those above the diagonal are used. A bit per entry marks the
/// unknowns that are coupled (partners), so that only nonzero entries and their fill-in are processed; it pays to
/// number unknowns with few partners first. The order of operations depends only on the structure and on symmetry.
class DominantSolver {
public:
    /// Starts an empty matrix of `size` unknowns.
    void reset(std::size_t size);
    void add_diagonal(std::size_t unknown, double value) { matrix_[unknown * size_ + unknown] += value; }
    /// Adds to an entry off the diagonal and its mirror image.
    void add_pair(std::size_t row, std::size_t column, double value, double mirrored) {
        matrix_[row * size_ + column] += value;
        matrix_[column * size_ + row] += mirrored;
        is_symmetric_ = is_symmetric_ && value == mirrored;
        partners_[row * words_ + column / 64] |= std::uint64_t{1} << (column % 64);
        partners_[column * words_ + row / 64] |= std::uint64_t{1} << (row % 64);
    }
    /// b becomes x. False if a diagonal does not stay positive; `right_side` is then undefined.
    bool solve(std::span<double> right_side);
    /// The same for another b, after a successful `solve` and before the next `reset`.
    void solve_again(std::span<double> right_side) const;

private:
    void substitute_back(std::span<double> right_side) const;

    std::size_t size_ = 0;
    bool is_symmetric_ = true;  // so far
    std::size_t words_ = 0;     // of 64 unknowns, per row of partners
    std::vector<double> matrix_;
    std::vector<std::uint64_t> partners_;
    std::vector<std::uint32_t> later_;
};

}  // namespace ytterby
