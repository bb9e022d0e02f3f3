#pragma once

#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// By node, the share of its usual supply that comes over the selected lanes: exposure to a measure.
std::vector<double> exposures(const Economy& economy, const World& world, const Selector& lanes);
/// Exposure to an announced measure: over its lanes where no waiver of today lifts it.
std::vector<double> exposures(const Economy& economy, const World& world, const Regime& regime,
                              const AnnouncedMeasure& measure);

/// Months of extra cover that buyers at each node hold against announced closures after this tick:
/// belief x affected share x min(length, horizon), built up evenly until the start, then used up.
std::vector<double> next_front_load(const Economy& economy, const World& world, const Regime& regime);

/// What sellers at the origin make of announced closures, per node, as a share of the price.
struct SellersView {
    std::vector<double> expected_fall;  // belief x affected share x share of sales x fall to avoidable cost
    std::vector<double> destock;        // the part of it that stocks are already valued at: all of it at the start
};
SellersView next_rush(const Economy& economy, const World& world, const Regime& regime);

/// Perceived supply risk of each node after this tick, relative to the base date: restrictions on
/// the origins a node depends on and price momentum raise it, time halves it.
void update_risk(const Economy& economy, World& world, const Regime& regime);

/// What holders of a good behind a licence or quota expect of the outside market, as a multiple of
/// the price at home (at least 1); flows-weighted over the restricted lanes.
void update_licence_value(const Economy& economy, World& world, const Regime& regime);

}  // namespace ytterby
