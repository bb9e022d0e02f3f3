#pragma once

#include "agents/phases/support/plant_support.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/lane_rules.hpp"

namespace ytterby {

/// Where nothing is disturbed, starts follow the plan; margins above those of the base date raise them,
/// capacity ahead of the plan lowers them. Builds, retires, and gives entrants their first capacity.
void invest(const Economy& economy, World& world, const LaneRules& rules, const PlantSupport& support);

/// Fills the pipelines as if building had gone to plan before the run.
void fill_pipelines(const Economy& economy, World& world);

}  // namespace ytterby
