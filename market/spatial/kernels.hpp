#pragma once

#include <span>

#include "market/certificate.hpp"
#include "market/exact/solver.hpp"
#include "market/spatial/solver.hpp"

namespace ytterby {

/// Which of the two kernels of the spatial auction clears a group of markets.
enum class Kernel {
    automatic,  // the fast one if every open lane has a preference slope
    exact,      // always the exact one, which also clears step curves and lanes without slope
};

/// Clears interpolated curves with the fast kernel (market/spatial/solver.hpp), or with the exact one that `ytterby
/// clear` uses if a lane has no preference slope, if the fast kernel's answer is not good enough, or if `kernel` asks
/// for it. Both start from the prices in `clearing`; the exact one uses nothing else there. Within the knots of the
/// curves both give the same answer to 1e-9. Returns the certificate, or an empty one unless `certified`.
Certificate clear_curves(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, Kernel kernel,
                         SpatialSolver& solver, bool certified, SpatialClearing& clearing);
inline Certificate clear_curves(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, Kernel kernel,
                                SpatialClearing& clearing) {
    SpatialSolver solver;
    return clear_curves(markets, caps, kernel, solver, true, clearing);
}

/// A market of interpolated curves as one of exact order curves: supplies are extended to a price of zero and uses to
/// twice their last price, like `Curve`.
ExactMarket exact_market(const SpatialMarket& market);

}  // namespace ytterby
