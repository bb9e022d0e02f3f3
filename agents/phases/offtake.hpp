#pragma once

#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// Owners get the offtake that came with their stakes first (pattern P9): a preference on the lane to the owner's
/// country, as large as takes its flow from what is usual to what it would send anyway and the owner's part of output;
/// none where that much flows already, and none above a share of the price. USD/t by lane, rounded to 2^-20; empty
/// where no owner draws any.
std::vector<double> owner_preferences(const Economy& economy, const World& world);

}  // namespace ytterby
