#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ytterby {

/// A design as points of the unit cube: one row a cell, one column a factor, and the role of each cell in the design.
struct PointSet {
    std::size_t factors = 0;
    std::size_t points = 0;
    std::vector<double> units;            // [point][factor]
    std::vector<std::string> texts;       // [point][factor] where a table gives the values themselves; else empty
    std::vector<std::string> role_names;  // "saltelli_block", "morris_trajectory", ...
    std::vector<std::string> roles;       // [point][role]

    double unit(std::size_t point, std::size_t factor) const { return units[point * factors + factor]; }
    double& unit(std::size_t point, std::size_t factor) { return units[point * factors + factor]; }
    const std::string& role(std::size_t point, std::size_t which) const {
        return roles[point * role_names.size() + which];
    }
    static PointSet of_size(std::size_t points, std::size_t factors);
};

/// Every combination of levels: the last factor changes fastest. Gives level numbers, [point][factor].
std::vector<std::uint32_t> all_combinations(const std::vector<std::uint32_t>& levels);

/// The generators of a two-level design of resolution V for this number of factors: bit masks of the basic columns
/// whose product each factor's column is (Walsh indices). Each is the least that keeps every product of four or fewer
/// columns from being constant, which gives the sequence 1, 2, 4, 8, 15, 16, 32, 51, 64, 85, 106, 128 ... of Sanchez
/// and Sanchez (2005), "Very large fractional factorial and central composite designs", ACM TOMACS 15(4).
std::vector<std::uint32_t> resolution_five_generators(std::size_t factors);

/// The two-level design of these generators, [run][factor]; true is the high level.
std::vector<bool> two_level_fraction(const std::vector<std::uint32_t>& generators);

/// One point in each of `samples` strata of every factor, the strata in random order (McKay, Beckman and Conover 1979).
PointSet latin_hypercube(std::size_t samples, std::size_t factors, std::uint32_t seed);

/// The first points of Sobol's sequence, with the origin, each in the middle of its cell of 2^-32 so that none is 0
/// or 1.
PointSet sobol_points(std::size_t samples, std::size_t factors);

/// Blocks for variance-based indices (Saltelli 2002): for each row of a Sobol' sequence of twice the dimension, A, then
/// A with one column from B (AB_name), with second order also B with one column from A (BA_name), then B.
PointSet saltelli_blocks(std::size_t samples, const std::vector<std::string>& factors, bool second_order);

/// Trajectories for elementary effects (Morris 1991): from a random point of a grid of `levels`, each factor moves
/// once, by levels / (2 (levels - 1)), in random order.
PointSet morris_trajectories(std::size_t trajectories, const std::vector<std::string>& factors, std::uint32_t levels,
                             std::uint32_t seed);

}  // namespace ytterby
