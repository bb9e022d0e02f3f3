#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ytterby {

/// Solves A x = b without pivoting, for matrices whose columns are dominated by their diagonals and whose entries off
/// it come in mirrored pairs. Where the two of every pair are the same, only the entries above the diagonal are worked
/// on. Who is coupled with whom is kept in bits, so that only entries that are there, or come to be there, are worked
/// on; it pays to number unknowns with few partners first. The order of operations depends on the structure, and on
/// whether the matrix is symmetric, alone.
class DominantSolver {
public:
    /// An empty matrix of `size` unknowns.
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
    /// b becomes x. False if a diagonal does not stay positive; then nothing in `right_side` counts.
    bool solve(std::span<double> right_side);
    /// The same for another b, after `solve` said true and before the next `reset`.
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
