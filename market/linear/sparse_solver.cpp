#include "market/linear/sparse_solver.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>
#include <utility>

namespace ytterby {
namespace {

/// The rest is eliminated as a full block once the best pivot has this share of the remaining unknowns as partners
/// (assumed, range 0.2 to 0.6; it affects only the time).
constexpr double crowded = 0.35;

}  // namespace

void SparseSolver::reset(std::size_t size) {
    excess_.assign(size, 0.0);
    rows_.resize(size);
    for (std::vector<Entry>& row : rows_) {
        row.clear();
    }
}

void SparseSolver::add_pair(std::size_t row, std::size_t column, double value, double mirrored) {
    rows_[row].push_back({static_cast<std::uint32_t>(column), value});
    rows_[column].push_back({static_cast<std::uint32_t>(row), mirrored});
}

void SparseSolver::merge_entries() {
    for (std::vector<Entry>& row : rows_) {
        std::stable_sort(row.begin(), row.end(),
                         [](const Entry& left, const Entry& right) { return left.column < right.column; });
        std::size_t kept = 0;
        for (std::size_t next = 0; next < row.size(); ++next) {
            if (kept > 0 && row[kept - 1].column == row[next].column) {
                row[kept - 1].value += row[next].value;
            } else {
                row[kept++] = row[next];
            }
        }
        row.resize(kept);
    }
}

bool SparseSolver::eliminate(std::uint32_t unknown) {
    const std::vector<Entry>& row = rows_[unknown];
    Pivot pivot{unknown, excess_[unknown], partner_.size(), partner_.size() + row.size()};
    column_.clear();
    for (const Entry& entry : row) {
        const std::vector<Entry>& other = rows_[entry.column];
        const auto place = std::lower_bound(other.begin(), other.end(), unknown,
                                            [](const Entry& left, std::uint32_t right) { return left.column < right; });
        column_.push_back(place->value);
        pivot.diagonal -= place->value;
    }
    if (!(pivot.diagonal > 0.0) || !std::isfinite(pivot.diagonal)) {
        return false;
    }
    const double excess = excess_[unknown] / pivot.diagonal;
    for (std::size_t index = 0; index < row.size(); ++index) {
        const double factor = column_[index] / pivot.diagonal;
        partner_.push_back(row[index].column);
        row_.push_back(row[index].value);
        factor_.push_back(factor);
        excess_[row[index].column] -= excess * row[index].value;
        // The partner's row loses the pivot and gains the pivot's other partners.
        std::vector<Entry>& other = rows_[row[index].column];
        merged_.clear();
        std::size_t mine = 0;
        for (const Entry& entry : row) {
            if (entry.column == row[index].column) {
                continue;
            }
            while (mine < other.size() && other[mine].column < entry.column) {
                merged_.push_back(other[mine++]);
            }
            Entry sum{entry.column, -factor * entry.value};
            if (mine < other.size() && other[mine].column == entry.column) {
                sum.value += other[mine++].value;
            }
            merged_.push_back(sum);
        }
        merged_.insert(merged_.end(), other.begin() + static_cast<std::ptrdiff_t>(mine), other.end());
        std::erase_if(merged_, [unknown](const Entry& entry) { return entry.column == unknown; });
        other.assign(merged_.begin(), merged_.end());
    }
    pivots_.push_back(pivot);
    return true;
}

bool SparseSolver::eliminate_block(std::vector<std::uint32_t> unknowns) {
    // Few partners first here, too: in a network of sellers and buyers this leaves half of the block empty.
    std::stable_sort(unknowns.begin(), unknowns.end(), [this](std::uint32_t left, std::uint32_t right) {
        return rows_[left].size() < rows_[right].size();
    });
    const std::size_t count = unknowns.size();
    std::vector<std::uint32_t> place(excess_.size(), 0);
    for (std::size_t index = 0; index < count; ++index) {
        place[unknowns[index]] = static_cast<std::uint32_t>(index);
    }
    block_.assign(count * count, 0.0);
    for (std::size_t index = 0; index < count; ++index) {
        for (const Entry& entry : rows_[unknowns[index]]) {
            block_[index * count + place[entry.column]] = entry.value;
        }
    }
    for (std::size_t step = 0; step < count; ++step) {
        const double* top = block_.data() + step * count;
        Pivot pivot{unknowns[step], excess_[unknowns[step]], partner_.size(), 0};
        for (std::size_t below = step + 1; below < count; ++below) {
            pivot.diagonal -= block_[below * count + step];
        }
        if (!(pivot.diagonal > 0.0) || !std::isfinite(pivot.diagonal)) {
            return false;
        }
        const double excess = excess_[unknowns[step]] / pivot.diagonal;
        for (std::size_t below = step + 1; below < count; ++below) {
            double* row = block_.data() + below * count;
            if (top[below] == 0.0 && row[step] == 0.0) {
                continue;
            }
            const double factor = row[step] / pivot.diagonal;
            partner_.push_back(unknowns[below]);
            row_.push_back(top[below]);
            factor_.push_back(factor);
            excess_[unknowns[below]] -= excess * top[below];
            if (factor != 0.0) {
                for (std::size_t column = step + 1; column < count; ++column) {
                    row[column] -= factor * top[column];
                }
            }
        }
        pivot.last = partner_.size();
        pivots_.push_back(pivot);
    }
    return true;
}

bool SparseSolver::factor() {
    merge_entries();
    pivots_.clear();
    partner_.clear();
    row_.clear();
    factor_.clear();
    // Candidates go stale when a degree changes; one with the current degree is always in the queue.
    using Candidate = std::pair<std::size_t, std::uint32_t>;
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates;
    std::vector<bool> gone(size(), false);
    for (std::uint32_t unknown = 0; unknown < size(); ++unknown) {
        candidates.emplace(rows_[unknown].size(), unknown);
    }
    for (std::size_t left = size(); left > 0;) {
        const auto [degree, unknown] = candidates.top();
        candidates.pop();
        if (gone[unknown] || degree != rows_[unknown].size()) {
            continue;
        }
        if (degree > 8 && static_cast<double>(degree) > crowded * static_cast<double>(left)) {
            std::vector<std::uint32_t> rest;
            for (std::uint32_t other = 0; other < size(); ++other) {
                if (!gone[other]) {
                    rest.push_back(other);
                }
            }
            return eliminate_block(std::move(rest));
        }
        if (!eliminate(unknown)) {
            return false;
        }
        gone[unknown] = true;
        --left;
        for (const Entry& entry : rows_[unknown]) {
            candidates.emplace(rows_[entry.column].size(), entry.column);
        }
    }
    return true;
}

void SparseSolver::solve(std::span<double> right_side) const {
    for (const Pivot& pivot : pivots_) {
        const double value = right_side[pivot.unknown];
        if (value != 0.0) {
            for (std::size_t place = pivot.first; place < pivot.last; ++place) {
                right_side[partner_[place]] -= factor_[place] * value;
            }
        }
    }
    for (std::size_t back = pivots_.size(); back-- > 0;) {
        const Pivot& pivot = pivots_[back];
        double value = right_side[pivot.unknown];
        for (std::size_t place = pivot.first; place < pivot.last; ++place) {
            value -= row_[place] * right_side[partner_[place]];
        }
        right_side[pivot.unknown] = value / pivot.diagonal;
    }
}

}  // namespace ytterby
