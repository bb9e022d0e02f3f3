#pragma once

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// Intensity of use moves towards what slow prices are worth; products come to the end of their life.
void renew_products(const Economy& economy, World& world);

}  // namespace ytterby
