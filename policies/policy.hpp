#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/names.hpp"
#include "agents/world/world.hpp"
#include "core/calendar.hpp"
#include "core/config/keys.hpp"
#include "core/config/registry.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// What a policy reads: the whole world as the last tick left it, and its own memory.
struct PolicyView {
    const Economy& economy;
    const World& world;
    const Calendar& calendar;
    const PolicyMemory& memory;

    std::int64_t tick() const { return world.tick; }
    /// A series of the policy's memory; null where there is none.
    const std::vector<double>* recall(std::string_view series) const;
    /// The same, null also where the series has another size: a policy of another kind may have written it.
    const std::vector<double>* recall(std::string_view series, std::size_t size) const;
};

/// A remembered number that must be an index into a list of `count` entries; std::logic_error where it is not.
std::size_t remembered_index(double number, std::size_t count);

/// One policy instrument of a state. It reads its keys, checks what they mean, and in every tick reads the world and
/// adds rules to the Regime; it changes nothing else.
class Policy {
public:
    virtual ~Policy() = default;
    /// Looks up names and dates in the scenario; errors go to `problems`.
    virtual void resolve(const Names& names, const Calendar& calendar, Problems& problems) = 0;
    virtual void apply(const PolicyView& view, Regime& regime) const = 0;
    virtual const std::string& name() const = 0;
};

using Policies = std::vector<std::unique_ptr<Policy>>;

/// Applies every policy and returns the rules of this tick. The order of the policies does not matter: all verbs
/// commute.
Regime govern(const Economy& economy, const World& world, const Calendar& calendar, const Policies& policies);

/// Writes the policies' memories of this tick into the World; the last step of a tick.
void commit_memories(const PolicyMemories& memories, World& world);

}  // namespace ytterby
