#pragma once

#include <cstddef>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// What merchants scale their usual turnover by where a detour leads past a lane that is closed: goods at their node
/// fetch more abroad than they cost there. They then follow what passes through their hands, from month to month more
/// while the margin is above a threshold and less below it, and are bound to no multiple of the turnover of the base
/// date. 1 where the node has one price. `number` is the position's place in the cell.
double transit_multiple(const Economy& economy, const World& world, std::size_t cell, std::size_t number);

}  // namespace ytterby
