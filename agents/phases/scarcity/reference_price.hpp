#pragma once

#include <cstdint>
#include <vector>

#include "agents/phases/scarcity/flow_curves.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/lane_rules.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// Caps on lanes that hold for good, t per tick; infinite where there is none. Index = place in GoodLanes::lanes.
using LastingCaps = std::vector<double>;

/// Prices of a good, USD/t by country, if its market is cleared on flow curves alone: need at the medium-run elasticity
/// against output on the run-rate curves, without stocks, under rules of trade and lasting caps (docs/model.md, section
/// 7.16). Empty where no prices are found.
std::vector<double> reference_prices(const Economy& economy, const World& world, GoodId good,
                                     const std::vector<NodeFlow>& flows, const LaneRules& rules,
                                     const LastingCaps& caps);

/// What duties, tariffs, frictions and preferences say of a good's lanes, as a fingerprint; the lanes that differ from
/// the base date alone count, so 0 is the base date.
std::uint64_t fingerprint_of_duties(const Economy& economy, const LaneRules& rules, GoodId good);

/// Reference prices of all goods in a tick, over those under the rules of the base date: found anew where duties,
/// tariffs or lasting caps have changed, and for all that are not 1 at the start of a year.
ReferencePrices next_references(const Economy& economy, const World& world, const Regime& regime);

}  // namespace ytterby
