#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/names.hpp"
#include "agents/world/world.hpp"
#include "core/calendar.hpp"
#include "core/config/keys.hpp"
#include "core/config/registry.hpp"
#include "policies/policy_schedule.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// What a policy reads: the whole world as the last tick left it, its own memory as the last tick left it, and since
/// when it is in force.
struct PolicyView {
    const Economy& economy;
    const World& world;
    const Calendar& calendar;
    const PolicyMemory& memory;
    /// The tick since which the policy is in force; nothing where it is not.
    std::optional<std::int64_t> since = {};
    /// The part of this tick in which it is not in force although it is in others; and the part of its first tick that
    /// lies before its first day. Zero where the policy's dates are those of whole ticks.
    double out_of_force = 0.0;
    double late_start = 0.0;

    std::int64_t tick() const { return world.tick; }
    /// A series of the policy's memory; null where there is none.
    const std::vector<double>* recall(std::string_view series) const;
    /// The same, null also where the series has another size: a policy of another kind may have written it.
    const std::vector<double>* recall(std::string_view series, std::size_t size) const;

    // Values of one good in one country, as the last tick left them.
    /// USD/t that buyers pay; that at the base date; share of the need that was not met, 0 to 1.
    double price(CountryId country, GoodId good) const { return world.nodes.use_price[node(country, good)]; }
    double base_price(CountryId country, GoodId good) const { return economy.base_price[node(country, good)]; }
    double unmet_share(CountryId country, GoodId good) const;
    /// Tonnes that states hold there for a policy.
    double reserve_of(std::string_view policy, CountryId country, GoodId good) const;
    /// Tonnes that a country's buyers use of a good in so many days, at the need of the last tick.
    double tonnes_of_days(CountryId country, GoodId good, double days) const;
    std::size_t node(CountryId country, GoodId good) const { return economy.network.node(good, country).index(); }

    /// The part of this tick in which it is in force.
    double in_force() const { return 1.0 - out_of_force; }

    /// A rate per year as the amount of one tick.
    double per_tick(double per_year) const { return per_year / economy.ticks_per_year; }
};

/// A remembered number that must be an index into a list of `count` entries; std::logic_error where it is not.
std::size_t remembered_index(double number, std::size_t count);

/// What a measure is, as base data name those in force at the base date (configs/data/base_measures.csv).
struct MeasureIdentity {
    std::string kind, form;
    CountryId actor;
    GoodId good;
};

/// One policy instrument of a state. It reads its keys, checks what they mean, and in every tick in which it is in
/// force reads the world and adds rules to the Regime; it changes nothing else.
class Policy {
public:
    virtual ~Policy() = default;
    /// Looks up names and dates in the scenario; errors go to `problems`.
    virtual void resolve(const Names& names, const Calendar& calendar, Problems& problems) = 0;
    /// When it is in force.
    virtual const PolicySchedule& schedule() const = 0;
    /// Whether it is this measure, whatever its dates.
    virtual bool is(const MeasureIdentity&) const { return false; }
    /// Whether it acts in a tick in which it is not in force: an announcement before the start, claims and grants
    /// after the end.
    virtual bool acts_out_of_force(const PolicyView&) const { return false; }
    /// Adds the rules of this tick. `memory` is a copy of `view.memory`; what is in it afterwards comes back in the
    /// next tick. A policy that does not act forgets: its memory is cleared.
    virtual void apply(const PolicyView& view, PolicyMemory& memory, Regime& regime) const = 0;
    virtual const std::string& name() const = 0;
};

using Policies = std::vector<std::unique_ptr<Policy>>;

/// Applies every policy and returns the rules of this tick. The order of the policies does not matter: all verbs
/// commute.
Regime govern(const Economy& economy, const World& world, const Calendar& calendar, const Policies& policies);

/// Writes the policies' memories of this tick into the World; the last step of a tick.
void commit_memories(const PolicyMemories& memories, World& world);

}  // namespace ytterby
