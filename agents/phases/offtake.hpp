#pragma once

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// Owners get the offtake that came with their stakes first (pattern P9): a preference on the lane to the owner's
/// country, as large as takes its flow from what is usual to what it would send anyway and the owner's part of output;
/// none where that much flows already, and none above a share of the price.
void draw_offtake(const Economy& economy, const World& world, Regime& regime);

}  // namespace ytterby
