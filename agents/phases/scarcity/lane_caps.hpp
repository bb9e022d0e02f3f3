#pragma once

#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// Caps on the lanes of a good, t per tick; infinite where there is none, and empty without any. Index = place in
/// GoodLanes::lanes.
using LaneCaps = std::vector<double>;

/// Caps of the base date, whose rents are in its prices.
LaneCaps base_caps(const Economy& economy, GoodId good);

/// Caps together with those of the base date on lanes that a measure in force still restricts.
LaneCaps with_base_caps(const Economy& economy, const World& world, const Regime& regime, GoodId good, LaneCaps caps);

/// Tightens the caps of a good to what a measure leaves of usual flows, unless a treaty lifts it.
void add_caps(const Economy& economy, const Regime& regime, GoodId good, const ExpectedMeasure& measure, double share,
              LaneCaps& caps);

}  // namespace ytterby
