#pragma once

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

class PlantRules;
class Workers;
struct PlantSupport;

/// Runs the plants of all firms for a tick: run rates follow margins, inputs become outputs, final
/// use is delivered and paid for, costs and profits are paid out, hopeless stock is disposed of.
/// What policies promise plants enters their margins. Fills the totals of cells and nodes.
void produce(const Economy& economy, World& world, const PlantRules& rules, const PlantSupport& support,
             Workers& workers);

}  // namespace ytterby
