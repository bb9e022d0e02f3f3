#pragma once

#include <span>
#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// The world's price of each good over that of the base date, at these use prices of the nodes and
/// weighted by use of the last tick; 1 where nothing was used.
std::vector<double> world_multiples(const Economy& economy, const World& world, std::span<const double> use_price);

}  // namespace ytterby
