#pragma once

#include "agents/phases/support/plant_support.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// What recyclers can pay for scrap at prices of the base date, USD per t of throughput: the metal less processing.
double base_scrap_price(const Cell& cell);

/// Collected scrap over that of the base date, from the same products: it follows what recyclers pay for it, and what
/// states add per tonne, with a constant elasticity (docs/model.md, section 7.11).
double collected(const Economy& economy, const World& world, const Cell& cell, double support_usd_per_t);

/// Collected scrap over what would be collected without the support of scrap; exactly 1 without any.
double collected_multiple(const Economy& economy, const World& world, const Cell& cell, const CellSupport* support);

}  // namespace ytterby
