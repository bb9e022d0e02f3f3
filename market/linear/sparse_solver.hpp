#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ytterby {

/// Solves A x = b for a sparse A that is column diagonally dominant: off-diagonal entries are zero or negative, and the
/// diagonal is the absolute value of their sum plus an `excess` of zero or more. Such a matrix needs no pivoting.
/// Unknowns with the fewest partners go first (minimum degree); once most of the rest are partners, the rest is
/// eliminated as a full block. Diagonals are summed from excesses instead of being subtracted from, so that nothing
/// cancels (Grassmann, Taksar and Heyman 1985): each entry of the factors is accurate to a few rounding errors, however
/// small the excess. The order depends on the structure alone, so the same matrix gives the same bits.
class SparseSolver {
public:
    /// Starts an empty matrix of `size` unknowns.
    void reset(std::size_t size);
    void add_excess(std::size_t column, double value) { excess_[column] += value; }
    /// Adds to two off-diagonal entries that mirror each other; values of zero or less.
    void add_pair(std::size_t row, std::size_t column, double value, double mirrored);
    /// Factors the matrix. False if a column is zero or has a number that is not finite.
    bool factor();
    /// b becomes x; after `factor`.
    void solve(std::span<double> right_side) const;
    std::size_t size() const { return excess_.size(); }

private:
    struct Entry {
        std::uint32_t column = 0;
        double value = 0.0;
    };
    /// A pivot with its row and its column over the unknowns that follow it.
    struct Pivot {
        std::uint32_t unknown = 0;
        double diagonal = 0.0;
        std::size_t first = 0;  // in partner_, row_ and factor_
        std::size_t last = 0;
    };
    void merge_entries();
    bool eliminate(std::uint32_t unknown);
    bool eliminate_block(std::vector<std::uint32_t> unknowns);

    std::vector<double> excess_;
    std::vector<std::vector<Entry>> rows_;  // off-diagonal, ascending once merged
    std::vector<Pivot> pivots_;
    std::vector<std::uint32_t> partner_;
    std::vector<double> row_;     // a(pivot, partner)
    std::vector<double> factor_;  // a(partner, pivot) / diagonal
    std::vector<double> column_;  // of the current pivot
    std::vector<Entry> merged_;
    std::vector<double> block_;
};

}  // namespace ytterby
