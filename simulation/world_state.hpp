#pragma once

#include <string>

#include "agents/world/world.hpp"
#include "core/state/state_visitor.hpp"

namespace ytterby {

/// Visits everything that changes in a run, column by column (the members are listed in agents/world/world_state.hpp).
void visit_world(StateVisitor& visit, World& world);

/// Fingerprint of everything that changes in a run: two equal digests are two equal worlds.
std::string digest_of(const World& world);

}  // namespace ytterby
