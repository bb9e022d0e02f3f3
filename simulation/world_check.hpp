#pragma once

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// Checks that a World read from a checkpoint fits the economy, beyond the lengths of its columns, and that its values
/// are within their bounds; throws InputError.
void check_shape(const Economy& economy, const World& world);

/// Checks the values alone; throws InputError.
void check_values(const World& world);

}  // namespace ytterby
