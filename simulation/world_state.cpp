#include "simulation/world_state.hpp"

#include "agents/world/world_state.hpp"
#include "core/state/state_digest.hpp"

// The visit of all members of the World is a template that is slow to compile; this file has nothing else in it.
namespace ytterby {

void visit_world(StateVisitor& visit, World& world) { visit("world", world); }

std::string digest_of(const World& world) {
    StateDigest digest;
    visit_world(digest, const_cast<World&>(world));  // a digest changes nothing
    return digest.hex();
}

}  // namespace ytterby
