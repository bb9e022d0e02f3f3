#pragma once

#include <span>
#include <vector>

#include "market/exact/order_curve.hpp"
#include "market/spatial_market.hpp"

namespace ytterby {

/// One good with exact order curves. Lanes without preference slope have a fixed cost per tonne (their
/// wedge is the preference alone), the others are elastic as in spatial_solver.hpp.
struct ExactMarket {
    std::vector<OrderCurve> supply;  // per node; either may be empty
    std::vector<OrderCurve> use;
    std::vector<SpatialLane> lanes;
    bool through_shipment = false;  // what arrives at a node may leave it again; a node then has one price
};

/// Spatial price equilibrium on exact order curves with jumps. Where many answers satisfy every condition,
/// these rules choose:
/// - Prices: the mean of the highest and the lowest equilibrium prices at the flows found. (Prices that
///   clear form a lattice, so both exist; nodes that trade with each other shift together.) Where one end
///   does not exist, because nobody offers or wants anything there, the other. Where only one side of a node trades,
///   the other's price is as near to it as the idle orders and lanes allow. A side without orders has the price of the
///   node's other side; a node without orders keeps its start price.
/// - Quantities: the largest volume at these prices; among these, the same share of the orders at the
///   margin is filled at every node, as nearly as the lanes allow (least sum of quantity x share squared);
///   among these, as much as possible is sold at home; the rest is shared between lanes that tie in
///   proportion to usual + opening flow (least sum of flow squared over it; where it is zero, the volume
///   of the market stands in).
/// - Shared caps whose rent is not unique: the rent that a search from none comes to.
/// docs/exact_market.md lists degenerate cases and how all this is tested.
/// `supplied` and `used` say how far into the jump at its price each node's curve is filled (see
/// `marginal_share`). The search begins at the prices, flows and rents in `clearing` where it has them; the
/// answer depends on them in its last digits alone, but for the rare cases that docs/exact_market.md names.
/// With ad valorem duties an equilibrium is not the optimum of anything, but the same conditions hold.
/// Throws std::invalid_argument for a curve that does not start (supply) or end (use) at nothing or is not
/// monotone, and std::runtime_error if no answer within 1e-9 of every condition is found, which no market
/// that the tests draw comes to.
void clear_exact(std::span<const ExactMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing);

/// The largest violation of each condition, recomputed from the question and the answer alone.
struct ExactCertificate {
    double balance = 0.0;  // sold = supplied, bought = used, relative to the volume
    double orders = 0.0;   // orders better than the price by more than a billionth filled whole, worse ones not at all
    double arbitrage = 0.0;  // as in Certificate, relative to the price
    double cap = 0.0;        // flows above caps, relative to the volume
    double idle_rent = 0.0;  // rent on a cap with room left
    double worst() const;
};

ExactCertificate certify_exact(std::span<const ExactMarket> markets, std::span<const SharedCap> caps,
                               const SpatialClearing& clearing);

}  // namespace ytterby
