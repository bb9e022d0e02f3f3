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

/// What a policy may look at: the whole world as the last tick left it, and its own memory.
struct PolicyView {
    const Economy& economy;
    const World& world;
    const Calendar& calendar;
    const PolicyMemory& memory;

    std::int64_t tick() const { return world.tick; }
    /// A remembered series, or nothing.
    const std::vector<double>* recall(std::string_view series) const;
    /// One of this many numbers; what another kind of measure of that name remembered counts as nothing.
    const std::vector<double>* recall(std::string_view series, std::size_t size) const;
};

/// A remembered number that is a place in a list of `count`; std::logic_error where it is none.
std::size_t remembered_place(double number, std::size_t count);

/// One instrument of the state. A policy reads its keys, checks what they mean, and then every tick
/// reads the world and speaks verbs into the Regime; it touches nothing else.
class Policy {
public:
    virtual ~Policy() = default;
    /// Checks names and dates against the scenario; every finding goes to `problems`.
    virtual void resolve(const Names& names, const Calendar& calendar, Problems& problems) = 0;
    virtual void apply(const PolicyView& view, Regime& regime) const = 0;
    virtual const std::string& name() const = 0;
};

using Policies = std::vector<std::unique_ptr<Policy>>;

/// Applies every policy and returns the rules of this tick, which do not change any more. The order of the policies
/// cannot matter: all verbs commute.
Regime govern(const Economy& economy, const World& world, const Calendar& calendar, const Policies& policies);

/// Keeps the memories of the policies in the World; the last step of a tick.
void commit_memories(const PolicyMemories& memories, World& world);

}  // namespace ytterby
