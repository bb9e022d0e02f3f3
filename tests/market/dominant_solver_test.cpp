#include "market/dominant_solver.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ytterby {
namespace {

/// Seventy unknowns, more than one word of partners, each coupled with the next and with one far away.
void fill(DominantSolver& solver, std::size_t size) {
    solver.reset(size);
    for (std::size_t row = 0; row < size; ++row) {
        solver.add_diagonal(row, 4.0 + 0.01 * static_cast<double>(row));
        if (row + 1 < size) {
            solver.add_pair(row, row + 1, -1.0, -0.9);
        }
        if (row + 40 < size) {
            solver.add_pair(row, row + 40, -0.5, -0.6);
        }
    }
}

TEST(DominantSolver, SolvesAgainWithTheMatrixItHas) {
    constexpr std::size_t size = 70;
    std::vector<double> first(size), second(size);
    for (std::size_t row = 0; row < size; ++row) {
        first[row] = static_cast<double>(row % 7) - 3.0;
        second[row] = 1.0 / (1.0 + static_cast<double>(row));
    }
    std::vector<double> expected = second;
    DominantSolver fresh;
    fill(fresh, size);
    ASSERT_TRUE(fresh.solve(expected));
    DominantSolver kept;
    fill(kept, size);
    ASSERT_TRUE(kept.solve(first));
    kept.solve_again(second);
    for (std::size_t row = 0; row < size; ++row) {
        EXPECT_NEAR(second[row], expected[row], 1e-14) << row;
    }
}

TEST(DominantSolver, SaysWhenADiagonalDoesNotStayPositive) {
    DominantSolver solver;
    solver.reset(2);
    solver.add_diagonal(0, 1.0);
    solver.add_diagonal(1, 1.0);
    solver.add_pair(0, 1, -1.0, -1.0);
    std::vector<double> right_side{1.0, 1.0};
    EXPECT_FALSE(solver.solve(right_side));
}

}  // namespace
}  // namespace ytterby
