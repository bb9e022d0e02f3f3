#pragma once

#include <span>

#include "market/certificate.hpp"
#include "market/exact/solver.hpp"
#include "market/spatial/solver.hpp"

namespace ytterby {

/// Which of the two kernels of the spatial auction clears a group of markets.
enum class Kernel {
    automatic,  // the fast one where it applies: every open lane has a preference slope
    exact,      // always the one for steps and classical lanes
};

/// Clears interpolated curves with the fast kernel (spatial_solver.hpp), or, where a lane has no preference slope,
/// where that kernel's answer is not good enough, or where `kernel` says so, with the exact one that `ytterby clear`
/// uses. Either begins at the prices in `clearing`; the exact one looks at nothing else there. Within the curves' knots
/// both give the same answer to 1e-9. Returns the certificate, or an empty one where none is asked for.
Certificate clear_curves(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, Kernel kernel,
                         SpatialSolver& solver, bool certified, SpatialClearing& clearing);
inline Certificate clear_curves(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, Kernel kernel,
                                SpatialClearing& clearing) {
    SpatialSolver solver;
    return clear_curves(markets, caps, kernel, solver, true, clearing);
}

/// A market of interpolated curves with its curves as exact sums of orders: a supply from a price of zero, a use up to
/// twice its last price, as `Curve` continues them.
ExactMarket exact_market(const SpatialMarket& market);

}  // namespace ytterby
