#include "market/linear/dominant_solver.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/random.hpp"

namespace ytterby {
namespace {

/// A drawn system whose columns are dominated by their diagonals, with the same entries in a plain matrix, and an x
/// that solves it.
struct Drawn {
    std::size_t size;
    std::vector<double> matrix, x, right_side;
    DominantSolver solver;

    Drawn(std::size_t unknowns, double density, std::uint32_t entity, bool symmetric = false)
        : size(unknowns), matrix(unknowns * unknowns, 0.0), right_side(unknowns, 0.0) {
        const Random random(11);
        std::uint32_t n = 0;
        const auto uniform = [&] { return random.uniform(entity, Purpose::test, 0, n++); };
        solver.reset(size);
        for (std::size_t row = 0; row < size; ++row) {
            for (std::size_t column = row + 1; column < size; ++column) {
                if (uniform() < density) {
                    const double value = -uniform(), mirrored = symmetric ? value : -uniform();
                    solver.add_pair(row, column, value, mirrored);
                    matrix[row * size + column] += value;
                    matrix[column * size + row] += mirrored;
                }
            }
        }
        for (std::size_t unknown = 0; unknown < size; ++unknown) {
            double others = 0.1 + uniform();
            for (std::size_t row = 0; row < size; ++row) {
                others += row == unknown ? 0.0 : std::abs(matrix[row * size + unknown]);
            }
            solver.add_diagonal(unknown, others);
            matrix[unknown * size + unknown] = others;
            x.push_back(2.0 * uniform() - 1.0);
        }
        for (std::size_t row = 0; row < size; ++row) {
            for (std::size_t column = 0; column < size; ++column) {
                right_side[row] += matrix[row * size + column] * x[column];
            }
        }
    }
};

/// Whether a drawn system is symmetric: each kind has its own elimination.
class DominantSolverOf : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(BothKinds, DominantSolverOf, testing::Bool(),
                         [](const auto& info) { return info.param ? "Symmetric" : "Asymmetric"; });

/// Sizes around a word of 64 partners; from no coupled unknowns to all.
TEST_P(DominantSolverOf, FindsTheSolutionOfDrawnSystems) {
    std::uint32_t entity = 0;
    for (const std::size_t size : {1U, 2U, 17U, 63U, 64U, 65U, 130U}) {
        for (const double density : {0.0, 0.03, 0.2, 1.0}) {
            Drawn drawn(size, density, entity++, GetParam());
            ASSERT_TRUE(drawn.solver.solve(drawn.right_side)) << size << " at " << density;
            for (std::size_t unknown = 0; unknown < size; ++unknown) {
                EXPECT_NEAR(drawn.right_side[unknown], drawn.x[unknown], 1e-10) << size << " at " << density;
            }
        }
    }
}

/// A second right side is solved with the matrix that the first solution left.
TEST_P(DominantSolverOf, SolvesAgainWithTheMatrixItHas) {
    Drawn drawn(70, 0.1, 100, GetParam());
    std::vector<double> second(drawn.size), expected(drawn.size);
    for (std::size_t row = 0; row < drawn.size; ++row) {
        second[row] = expected[row] = 1.0 / (1.0 + static_cast<double>(row));
    }
    Drawn fresh(70, 0.1, 100, GetParam());
    ASSERT_TRUE(fresh.solver.solve(expected));
    ASSERT_TRUE(drawn.solver.solve(drawn.right_side));
    drawn.solver.solve_again(second);
    for (std::size_t row = 0; row < drawn.size; ++row) {
        EXPECT_NEAR(second[row], expected[row], 1e-14) << row;
    }
}

/// One pair with different entries makes a matrix asymmetric, wherever it is among the pairs.
TEST(DominantSolver, DetectsAnAsymmetricPair) {
    DominantSolver solver;
    for (const std::size_t odd : {0U, 1U, 2U, 3U}) {
        solver.reset(3);
        std::vector<double> matrix(9, 0.0), b(3, 0.0);
        for (std::size_t pair = 0; pair < 3; ++pair) {
            const std::size_t row = pair == 2 ? 1 : 0, column = pair == 0 ? 1 : 2;
            const double mirrored = pair == odd ? -2.0 : -1.0;
            solver.add_pair(row, column, -1.0, mirrored);
            matrix[row * 3 + column] = -1.0;
            matrix[column * 3 + row] = mirrored;
        }
        for (std::size_t unknown = 0; unknown < 3; ++unknown) {
            solver.add_diagonal(unknown, 4.0);
            matrix[unknown * 4] = 4.0;
        }
        for (std::size_t row = 0; row < 3; ++row) {
            b[row] = matrix[row * 3] + 2.0 * matrix[row * 3 + 1] + 3.0 * matrix[row * 3 + 2];
        }
        ASSERT_TRUE(solver.solve(b));
        for (std::size_t unknown = 0; unknown < 3; ++unknown) {
            EXPECT_NEAR(b[unknown], 1.0 + static_cast<double>(unknown), 1e-14) << odd;
        }
    }
}

/// Two spokes that share a hub become partners of one another when the hub goes first.
TEST(DominantSolver, EliminatesFillIn) {
    DominantSolver solver;
    solver.reset(3);
    solver.add_diagonal(0, 3.0);
    solver.add_diagonal(1, 2.0);
    solver.add_diagonal(2, 2.0);
    solver.add_pair(0, 1, -1.0, -1.0);
    solver.add_pair(0, 2, -1.0, -1.0);
    std::vector<double> b{3.0 - 2.0 - 3.0, -1.0 + 4.0, -1.0 + 6.0};
    ASSERT_TRUE(solver.solve(b));
    EXPECT_NEAR(b[0], 1.0, 1e-14);
    EXPECT_NEAR(b[1], 2.0, 1e-14);
    EXPECT_NEAR(b[2], 3.0, 1e-14);
}

TEST(DominantSolver, EntriesAddUpAndResetForgetsThem) {
    DominantSolver solver;
    for (const double part : {0.5, 0.25}) {
        solver.reset(2);
        for (double sum = 0.0; sum < 1.0; sum += part) {
            solver.add_diagonal(0, 4.0 * part);
            solver.add_diagonal(1, 2.0 * part);
            solver.add_pair(0, 1, -part, -3.0 * part);
        }
        std::vector<double> b{4.0 * 1.0 - 1.0 * 5.0, -3.0 * 1.0 + 2.0 * 5.0};
        ASSERT_TRUE(solver.solve(b));
        EXPECT_NEAR(b[0], 1.0, 1e-14);
        EXPECT_NEAR(b[1], 5.0, 1e-14);
    }
}

/// A diagonal that is not positive, from the start or after elimination, or not finite is refused.
TEST(DominantSolver, RefusesDiagonalsThatDoNotStayPositive) {
    const auto solves = [](double first, double second, double pair) {
        DominantSolver solver;
        solver.reset(2);
        solver.add_diagonal(0, first);
        solver.add_diagonal(1, second);
        solver.add_pair(0, 1, pair, pair);
        std::vector<double> b{1.0, 1.0};
        return solver.solve(b);
    };
    EXPECT_TRUE(solves(1.0, 1.0, -0.5));
    EXPECT_FALSE(solves(0.0, 1.0, 0.0));
    EXPECT_FALSE(solves(-1.0, 1.0, 0.0));
    EXPECT_FALSE(solves(1.0, 1.0, -1.0)) << "singular";
    EXPECT_FALSE(solves(1.0, 1.0, -2.0));
    EXPECT_FALSE(solves(std::numeric_limits<double>::infinity(), 1.0, 0.0));
    EXPECT_FALSE(solves(std::numeric_limits<double>::quiet_NaN(), 1.0, 0.0));
}

}  // namespace
}  // namespace ytterby
