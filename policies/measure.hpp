#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policies/condition.hpp"
#include "policies/policy.hpp"

namespace ytterby {

/// What all measures have in common: actor, dates, goods, partners and condition. A policy holds one and adds its own
/// keys.
class Measure {
public:
    /// Reads name, actor, start, end, announced, goods, partners, exempt, when, latch, belief, expected_months.
    void read(KeyReader& keys);
    /// Reads the keys of a measure without partners: name, actor, start, end, goods, when, latch.
    void read_without_partners(KeyReader& keys);
    void resolve(const Names& names, const Calendar& calendar, Problems& problems);

    /// The tick since which the measure is in force, or nothing where it is not in force now. With a condition it is
    /// the tick at which the condition first held (kept in memory under "triggered").
    std::optional<std::int64_t> in_force_since(const PolicyView& view) const;
    /// Whether the measure is announced and not yet in force.
    bool is_awaited(const PolicyView& view) const;
    /// Writes the tick of the trigger into the memory.
    void remember(const PolicyView& view, PolicyMemory& memory) const;
    /// Clears the memory of a measure that has lapsed, so that it starts anew if it returns: new trigger, new ledger,
    /// new applications.
    static void forget(const PolicyView& view, Regime& regime);
    /// Announces the measure from its announcement to its start.
    void announce(const PolicyView& view, const Selector& lanes, double affected_share, Regime& regime) const;

    const std::string& name() const { return name_; }
    /// The actor's exports of the goods to the partners (without the actor and the exempt).
    Selector exports() const;
    /// Exports of the goods to the partners by third countries, which are neither actor nor partner.
    Selector reexports(std::size_t countries) const;
    CountryId actor() const { return actor_ids_.front(); }
    std::optional<std::int64_t> start_tick() const { return start_tick_; }
    bool has_end() const { return end_.has_value(); }
    const WrittenNames& written_actor() const { return actor_; }
    std::optional<std::int64_t> end_tick() const { return end_tick_; }
    const std::vector<GoodId>& goods() const { return good_ids_; }
    double expected_months() const { return expected_months_; }

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
