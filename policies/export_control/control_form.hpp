#pragma once

#include <cstdint>
#include <vector>

#include "policies/export_control/controlled_lanes.hpp"
#include "policies/news.hpp"

namespace ytterby {

/// What an export control does to exports: one class for each form, which reads the keys that only this form has.
class ControlForm {
public:
    virtual ~ControlForm() = default;
    virtual void resolve(const Calendar&) {}
    /// What traders hear of it; null where they do not act ahead of this form.
    virtual const News* news() const { return nullptr; }
    /// Share of usual exports that traders expect it to shut out.
    virtual double affected_share(const ControlledLanes&) const { return 0.0; }
    /// What traders expect to pass from the start on, as shares of usual exports by date; empty where they expect all.
    virtual std::vector<Expectation::Step> expected_steps(const ControlledLanes&, std::int64_t) const { return {}; }
    /// Notes in the memory what the form has to know from before it is in force.
    virtual void note_before(const ControlledLanes&, PolicyMemory&) const {}
    /// Adds the rules of a tick in which it is in force.
    virtual void apply(const ControlledLanes& now, PolicyMemory& memory, Regime& regime) const = 0;
};

/// The cost of licences and of rights to a quota for those who ship.
class ComplianceCost {
public:
    void read(KeyReader& keys);
    void apply(const ControlledLanes& now, Regime& regime) const;

private:
    double usd_per_t_ = 0.0;
};

/// What traders expect of a measure that lets a share of usual exports pass from its first day on: in its first tick
/// also what passes before that day.
std::vector<Expectation::Step> steps_from(std::int64_t start, double late_start, double open_share);

/// Reads the key rent_to of a form that limits tonnes: who gets the rent where the limit binds.
void read_rent_holder(KeyReader& keys, RentHolder& holder);

}  // namespace ytterby
