#pragma once

#include <span>

#include "market/spatial_market.hpp"

namespace ytterby {

/// The largest violation of each condition of a spatial price equilibrium, recomputed from the
/// question and the answer alone. Quantities are relative to the market's volume, prices to its
/// highest price.
struct Certificate {
    double balance = 0.0;    // sold = supplied, bought = used at every node
    double arbitrage = 0.0;  // no open lane or home trade would pay; flow only where it pays exactly
    double cap = 0.0;        // flows above lane caps or shared caps
    double idle_rent = 0.0;  // rent on a cap with room left
    double worst() const;
};

/// Raises the worst violation so far to this one if it is larger. NaN counts as worse than any number and stays.
void raise(double& worst, double violation);

Certificate certify(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps,
                    const SpatialClearing& clearing);

}  // namespace ytterby
