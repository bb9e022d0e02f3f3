#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policies/policy.hpp"

namespace ytterby {

/// What all measures of one country have in common: actor, goods, partners and schedule. A policy holds one and adds
/// its own keys.
class Measure {
public:
    /// Reads name, actor, start, end, when, latch, ends_when, goods, partners, exempt.
    void read(KeyReader& keys);
    /// Reads the keys of a measure without partners: name, actor, start, end, when, latch, ends_when, goods.
    void read_without_partners(KeyReader& keys);
    /// Lets the measure begin and end within a tick (PolicySchedule::count_days); before `resolve`.
    void count_days() { schedule_.count_days(); }
    void resolve(const Names& names, const Calendar& calendar, Problems& problems);

    const std::string& name() const { return name_; }
    const PolicySchedule& schedule() const { return schedule_; }
    /// The actor's exports of the goods to the partners (without the actor and the exempt).
    Selector exports() const;
    /// The actor's imports of the goods from the partners.
    Selector imports() const;
    /// Exports of the goods to the partners by third countries, which are neither actor nor partner.
    Selector reexports(std::size_t countries) const;
    CountryId actor() const { return actor_ids_.front(); }
    const WrittenNames& written_actor() const { return actor_; }
    const std::vector<GoodId>& goods() const { return good_ids_; }

private:
    void read_actor_and_schedule(KeyReader& keys);
    void read_goods(KeyReader& keys);

    std::string name_;
    WrittenNames actor_, goods_, partners_, exempt_;
    PolicySchedule schedule_;
    std::vector<CountryId> actor_ids_, partner_ids_;
    std::vector<GoodId> good_ids_;
};

}  // namespace ytterby
