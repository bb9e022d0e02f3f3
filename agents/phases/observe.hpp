#pragma once

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// What people will have seen of this tick when they plan the next: perceived risk and what a
/// rationed lane would be worth.
void observe(const Economy& economy, World& world, const Regime& regime);

}  // namespace ytterby
