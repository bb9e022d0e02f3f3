#pragma once

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/lane_rules.hpp"

namespace ytterby {

/// Where a node's metal was made: stocks are mixed on entry, so that exports have the mix of the stock.
/// Refining makes a new good, whose origin is the country of the plant.

/// The mix at the base date: that of output and imports, each at the mix of where it comes from.
void fill_origins(const Economy& economy, World& world);

/// Imports of the tick enter at their exporter's mix, and the stock of the tick before is what they are mixed into.
/// Under a re-export clause a lane carries the exporter's mix less what the clause keeps back.
void mix_imports(const Economy& economy, World& world, const LaneRules& rules);

/// Output of the tick enters.
void mix_output(const Economy& economy, World& world);

}  // namespace ytterby
