#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "market/clearing/detail/wide_number.hpp"

namespace ytterby {

/// Equations with few terms each, in wide numbers. Eliminates fewest partners first; what is left of a difference of
/// equal numbers counts as zero.
class SparseSystem {
public:
    /// `unknowns` columns; the last ones may stand for right-hand sides.
    void reset(std::size_t equations, std::size_t unknowns) {
        rows_.assign(equations, {});
        in_column_.assign(unknowns, 0);
        solved_by_.assign(unknowns, none);
    }
    void add(std::size_t equation, std::uint32_t column, const Wide& factor) {
        if (!factor.is_zero()) {
            add_to(rows_[equation], column, factor);
        }
    }

    /// Solves each equation for one of the first `pivots` columns. False if some equation has none left.
    bool eliminate(std::size_t pivots) {
        pivots_ = pivots;
        order_.clear();
        for (const std::vector<Term>& row : rows_) {
            for (const Term& term : row) {
                ++in_column_[term.column];
            }
        }
        std::vector<bool> done(rows_.size(), false);
        for (std::size_t turn = 0; turn < rows_.size(); ++turn) {
            std::size_t best = none;
            for (std::size_t row = 0; row < rows_.size(); ++row) {
                if (!done[row] && (best == none || rows_[row].size() < rows_[best].size())) {
                    best = row;
                }
            }
            const std::size_t place = pivot_in(rows_[best]);
            if (place == none) {
                return false;
            }
            done[best] = true;
            order_.push_back(best);
            const Term pivot = rows_[best][place];
            solved_by_[pivot.column] = best;
            remove_column(best, pivot, done);
        }
        return true;
    }

    /// The values of the pivot columns that follow from those of the others, which are set beforehand.
    void substitute(std::vector<Wide>& values) const {
        for (std::size_t turn = order_.size(); turn-- > 0;) {
            const std::size_t row = order_[turn];
            Wide sum;
            const Term* own = nullptr;
            for (const Term& term : rows_[row]) {
                if (solved_by_[term.column] == row) {
                    own = &term;
                } else if (!values[term.column].is_zero()) {
                    sum += term.factor * values[term.column];
                }
            }
            values[own->column] = -(sum / own->factor);
        }
    }

    bool is_pivot(std::size_t column) const { return solved_by_[column] != none; }

private:
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
    /// Bits by which a pivot may be smaller than the largest of its row.
    static constexpr std::int64_t smaller_pivot = 100;
    /// Of the bits that a number has, as many as a difference may lose.
    static std::int64_t kept_bits(const Wide& number) { return 64 * (number.limbs() - 2); }

    struct Term {
        std::uint32_t column = 0;
        Wide factor;
    };

    std::size_t pivot_in(const std::vector<Term>& row) const {
        std::int64_t largest = std::numeric_limits<std::int32_t>::min();
        for (const Term& term : row) {
            largest = term.column < pivots_ ? std::max(largest, term.factor.magnitude()) : largest;
        }
        std::size_t best = none;
        for (std::size_t place = 0; place < row.size(); ++place) {
            const Term& term = row[place];
            const bool fit = term.column < pivots_ && term.factor.magnitude() >= largest - smaller_pivot;
            if (fit && (best == none || in_column_[term.column] < in_column_[row[best].column])) {
                best = place;
            }
        }
        return best;
    }

    void add_to(std::vector<Term>& row, std::uint32_t column, const Wide& factor) {
        for (Term& term : row) {
            if (term.column == column) {
                term.factor += factor;
                return;
            }
        }
        row.push_back({column, factor});
    }

    void remove_column(std::size_t pivot_row, const Term& pivot, const std::vector<bool>& done) {
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            if (done[row]) {
                continue;
            }
            const auto found = std::find_if(rows_[row].begin(), rows_[row].end(),
                                            [&](const Term& term) { return term.column == pivot.column; });
            if (found == rows_[row].end()) {
                continue;
            }
            const Wide share = -(found->factor / pivot.factor);
            *found = rows_[row].back();
            rows_[row].pop_back();
            for (const Term& term : rows_[pivot_row]) {
                if (term.column != pivot.column) {
                    combine(rows_[row], term.column, share * term.factor);
                }
            }
        }
    }

    void combine(std::vector<Term>& row, std::uint32_t column, const Wide& change) {
        for (std::size_t place = 0; place < row.size(); ++place) {
            if (row[place].column == column) {
                const Wide sum = row[place].factor + change;
                if (sum.magnitude() < change.magnitude() - kept_bits(sum)) {
                    --in_column_[column];
                    row[place] = row.back();
                    row.pop_back();
                } else {
                    row[place].factor = sum;
                }
                return;
            }
        }
        ++in_column_[column];
        row.push_back({column, change});
    }

    std::vector<std::vector<Term>> rows_;
    std::vector<std::size_t> in_column_;
    std::vector<std::size_t> solved_by_;  // per column: the equation that gives it
    std::vector<std::size_t> order_;
    std::size_t pivots_ = 0;
};

}  // namespace ytterby
