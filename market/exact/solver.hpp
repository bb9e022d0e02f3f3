#pragma once

#include <span>
#include <vector>

#include "market/exact/order_curve.hpp"
#include "market/spatial_market.hpp"

namespace ytterby {

/// One good with exact order curves. Lanes without a preference slope have a fixed cost per tonne (their wedge is the
/// preference alone), the others are elastic as in market/spatial/solver.hpp.
struct ExactMarket {
    std::vector<OrderCurve> supply;  // per node; either may be empty
    std::vector<OrderCurve> use;
    std::vector<SpatialLane> lanes;
    bool through_shipment = false;  // whether goods that arrive at a node may leave it again; it then has one price
};

/// Spatial price equilibrium on exact order curves with jumps. Where many answers satisfy every condition, these rules
/// choose:
/// - Prices: the mean of the highest and the lowest equilibrium prices at the flows found. (Prices that clear form a
///   lattice, so both exist; nodes that trade with each other shift together.) If one end does not exist, because
///   nothing is offered or wanted there, the other end. If only one side of a node trades, the price of the other side
///   is as near to it as the idle orders and lanes allow. A side without orders has the price of the node's other side;
///   a node without orders keeps its start price.
/// - Quantities: the largest volume at these prices; among these, the same share of the orders at the margin is filled
///   at every node, as nearly as the lanes allow (least sum of quantity x share squared); among these, as much as
///   possible is sold at home; the rest is shared between lanes that tie in proportion to usual + opening flow (least
///   sum of flow squared over it; where it is zero, the volume of the market replaces it).
/// - Shared caps whose rent is not unique: the rent that a search from zero finds.
/// docs/exact_market.md lists degenerate cases and tests. `supplied` and `used` tell how far into the jump at its price
/// each node's curve is filled (see `marginal_share`). The search starts from the prices, flows and rents in `clearing`
/// if there are any; only the last digits of the answer depend on them, except in the rare cases that
/// docs/exact_market.md names. With ad valorem duties an equilibrium maximises nothing, but the same conditions hold.
/// Throws std::invalid_argument for a curve that does not start (supply) or end (use) at zero or is not monotone, and
/// std::runtime_error if no answer within 1e-9 of every condition is found; no market that the tests draw is of that
/// kind.
void clear_exact(std::span<const ExactMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing);

/// The largest violation of each condition, recomputed from the question and the answer alone; quantities relative to
/// the market's volume, prices to its highest price.
struct ExactCertificate {
    double balance = 0.0;    // sold = supplied, bought = used
    double orders = 0.0;     // orders better than the price by more than 1e-9 of it are filled whole, worse ones not
    double arbitrage = 0.0;  // as in Certificate
    double cap = 0.0;        // flows above caps
    double idle_rent = 0.0;  // rent on a cap with room left
    double worst() const;
};

ExactCertificate certify_exact(std::span<const ExactMarket> markets, std::span<const SharedCap> caps,
                               const SpatialClearing& clearing);

}  // namespace ytterby
