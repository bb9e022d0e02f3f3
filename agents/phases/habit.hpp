#pragma once

#include <vector>

#include "agents/phases/deliver.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// Flows that buyers are used to, t per tick by lane: the reference of the origin preference (docs/model.md, section
/// 7.6). Between the usual flow of the lane and its share of purchases at the base date, as a geometric mean with the
/// weight `trade.habit_memory`; a habit is about shares, so buying less of everything is no dislike of anybody. Less
/// what contracts carry.
std::vector<double> habitual_flows(const Economy& economy, const World& world, const Deliveries& deliveries);

}  // namespace ytterby
