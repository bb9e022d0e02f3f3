#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ytterby {

/// Solves A x = b by Gaussian elimination with partial pivoting. A is row-major, n x n, and is overwritten; b becomes
/// x. False if A is singular to working precision.
bool solve_dense(std::vector<double>& matrix, std::span<double> right_side);

}  // namespace ytterby
