#pragma once

#include "policies/export_control/controlled_lanes.hpp"
#include "policies/measure.hpp"

namespace ytterby {

/// The clause that metal made by the actor may not reach the partners through third countries either.
class ReexportClause {
public:
    void read(KeyReader& keys);
    bool on() const { return on_; }
    /// Third countries may send the partners metal that the actor did not make, and of the actor's metal the part that
    /// escapes enforcement.
    void apply(const PolicyView& view, const Measure& measure, Regime& regime) const;

private:
    bool on_ = false;
    double enforcement_share_ = 0.5;
    double evasion_cost_share_ = 1.0;
};

}  // namespace ytterby
