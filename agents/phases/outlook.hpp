#pragma once

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "core/random.hpp"

namespace ytterby {

/// Puts this tick's needs, hosts and disturbances in place: the outlook's indices, dated shocks, and the
/// named noise on use and on output. The first thing a tick does.
void follow_outlook(const Economy& economy, World& world, const Random& random);

}  // namespace ytterby
