#pragma once

#include "agents/phases/support/plant_support.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// Where nothing is disturbed, starts follow the plan; where projects are worth more than planned ones, more of them
/// are begun. Builds, retires, and gives entrants their first capacity.
void invest(const Economy& economy, World& world, const PlantSupport& support);

/// Fills the pipelines as if building had gone to plan before the run.
void fill_pipelines(const Economy& economy, World& world);

}  // namespace ytterby
