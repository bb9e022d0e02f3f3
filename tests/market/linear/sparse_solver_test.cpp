#include "market/linear/sparse_solver.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "market/linear/dense_solver.hpp"
#include "tests/market/drawn_markets.hpp"

namespace ytterby {
namespace {

/// The same matrix for both solvers: links between sellers and buyers, as a market has them.
struct Pair {
    std::size_t row = 0, column = 0;
    double value = 0.0, mirrored = 0.0;
};

TEST(SparseSolver, AgreesWithGaussianElimination) {
    for (const double links : {0.01, 0.05, 0.3, 1.0}) {
        Draws draws(static_cast<std::uint32_t>(1000 * links));
        constexpr std::size_t half = 40;
        std::vector<Pair> pairs;
        std::vector<double> excess;
        for (std::size_t index = 0; index < 2 * half; ++index) {
            excess.push_back(draws.spread(1e-3, 1.0));
        }
        for (std::size_t seller = 0; seller < half; ++seller) {
            for (std::size_t buyer = half; buyer < 2 * half; ++buyer) {
                for (int twice = 0; twice < 2; ++twice) {
                    if (draws.chance(links)) {
                        const double slope = draws.spread(1e-3, 1e3);
                        pairs.push_back({seller, buyer, -slope, -slope * draws.between(1.0, 1.5)});
                    }
                }
            }
        }
        SparseSolver sparse;
        sparse.reset(2 * half);
        std::vector<double> matrix(4 * half * half, 0.0);
        for (std::size_t index = 0; index < 2 * half; ++index) {
            sparse.add_excess(index, excess[index]);
            matrix[index * 2 * half + index] += excess[index];
        }
        for (const Pair& pair : pairs) {
            sparse.add_pair(pair.row, pair.column, pair.value, pair.mirrored);
            matrix[pair.row * 2 * half + pair.column] += pair.value;
            matrix[pair.column * 2 * half + pair.row] += pair.mirrored;
            matrix[pair.column * 2 * half + pair.column] -= pair.value;
            matrix[pair.row * 2 * half + pair.row] -= pair.mirrored;
        }
        std::vector<double> one;
        for (std::size_t index = 0; index < 2 * half; ++index) {
            one.push_back(draws.between(-1.0, 1.0));
        }
        std::vector<double> other = one;
        ASSERT_TRUE(sparse.factor());
        sparse.solve(one);
        ASSERT_TRUE(solve_dense(matrix, other));
        double size = 0.0;
        for (const double value : other) {
            size = std::max(size, std::abs(value));
        }
        for (std::size_t index = 0; index < one.size(); ++index) {
            EXPECT_NEAR(one[index], other[index], 1e-10 * size) << links;
        }
    }
}

/// A ring of sellers and buyers whose price level only an excess of 1e-30 determines: the level is still exact, where
/// elimination by subtraction would find a singular matrix or noise.
TEST(SparseSolver, KeepsATinyExcess) {
    constexpr std::size_t size = 20;
    SparseSolver solver;
    solver.reset(size);
    for (std::size_t index = 0; index < size; ++index) {
        solver.add_pair(index, (index + 1) % size, -1.0 / 3.0, -1.0 / 3.0);
    }
    solver.add_excess(7, 1e-30);
    ASSERT_TRUE(solver.factor());
    std::vector<double> right(size, 0.0);
    right[3] = 2e-30;
    solver.solve(right);
    for (const double value : right) {
        EXPECT_NEAR(value, 2.0, 1e-12);
    }
}

TEST(SparseSolver, DetectsASingularMatrix) {
    SparseSolver solver;
    solver.reset(2);
    solver.add_pair(0, 1, -1.0, -1.0);
    EXPECT_FALSE(solver.factor());
}

}  // namespace
}  // namespace ytterby
