#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policies/condition.hpp"
#include "policies/policy.hpp"

namespace ytterby {

/// What all measures have in common: who, when, on which goods, against whom, on what condition.
/// A policy holds one and adds its own keys.
class Measure {
public:
    /// Reads name, actor, start, end, announced, goods, partners, exempt, when, latch, belief, expected_months.
    void read(KeyReader& keys);
    /// Reads only what a measure that is aimed at nobody needs: name, actor, start, end, goods, when, latch.
    void read_unaimed(KeyReader& keys);
    void resolve(const Names& names, const Calendar& calendar, Problems& problems);

    /// The tick from which the measure is in force at this tick, or nothing. With a condition, the
    /// tick at which it first held (kept in memory under "triggered" when it latches).
    std::optional<std::int64_t> in_force_since(const PolicyView& view) const;
    /// Whether traders know of the measure and wait for its start.
    bool is_awaited(const PolicyView& view) const;
    /// Writes what must be remembered of the trigger.
    void remember(const PolicyView& view, PolicyMemory& memory) const;
    /// A measure that has lapsed begins afresh if it ever comes back: new trigger, new ledger, new applications.
    static void forget(const PolicyView& view, Regime& regime);
    /// Says `announce` while the measure is known but not yet in force.
    void announce(const PolicyView& view, const Selector& lanes, double affected_share, Regime& regime) const;

    const std::string& name() const { return name_; }
    /// Exports of the actor's goods to the partners (all but the actor and the exempt).
    Selector exports() const;
    /// Exports of its goods by third countries, neither actor nor aimed at, to the partners.
    Selector reexports(std::size_t countries) const;
    CountryId actor() const { return actor_ids_.front(); }
    std::optional<std::int64_t> start_tick() const { return start_tick_; }
    bool has_end() const { return end_.has_value(); }
    const WrittenNames& written_actor() const { return actor_; }
    std::optional<std::int64_t> end_tick() const { return end_tick_; }
    const std::vector<GoodId>& goods() const { return good_ids_; }
    double expected_months() const { return expected_months_; }
    double belief() const { return belief_; }
    /// The tick from which traders expect a measure that starts at `start` to be over: so many months after it, and as
    /// many again each time that passes. Nothing where they expect it to last.
    std::optional<std::int64_t> expected_end(const PolicyView& view, std::int64_t start) const;

private:
    void read_actor_and_dates(KeyReader& keys);
    void read_goods(KeyReader& keys);
    void read_condition(KeyReader& keys);
    bool within_dates(std::int64_t tick) const;

    std::string name_;
    WrittenNames actor_, goods_, partners_, exempt_, when_, end_key_;
    std::optional<Date> start_, end_, announced_;
    bool latch_ = true;
    double belief_ = 1.0;
    double expected_months_ = 12.0;
    Condition condition_;
    std::vector<CountryId> actor_ids_, partner_ids_;
    std::vector<GoodId> good_ids_;
    std::optional<std::int64_t> start_tick_, end_tick_, announced_tick_;
};

}  // namespace ytterby
