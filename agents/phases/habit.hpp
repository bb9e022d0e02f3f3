#pragma once

#include <vector>

#include "agents/phases/deliver.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// Flows that buyers are used to, t per tick by lane: the reference of the origin preference (docs/model.md, section
/// 7.6). They are the imports of a year, split by shares between the usual ones and those of the base date: a geometric
/// mean, in which the usual ones have the weight `trade.habit_memory`. A habit is about shares, so buying less of
/// everything is no dislike of anybody. Less what contracts carry.
std::vector<double> habitual_flows(const Economy& economy, const World& world, const Deliveries& deliveries);

}  // namespace ytterby
