#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "agents/phases/scarcity/flow_curves.hpp"

namespace ytterby {

/// Countries of a good that share one market behind walls, added up.
struct Component {
    std::vector<std::size_t> countries;
    FlowCurve supply;
    PathDemand demand{.need_t = 0.0};
    IdlePlants idle;
    double output_t = 0.0;  // per month
    double stock_t = 0.0;
    double target_t = 0.0;
    double held_t = 0.0;
    double loss_t = 0.0;       // output per month that dated shocks take
    double loss_months = 0.0;  // how much longer
    double anchor_multiple = 1.0;
    // Reference prices over that under the duties in force: with the lasting caps in force, and the announced ones too.
    double standing_multiple = 1.0;
    double lasting_multiple = 1.0;
    bool marked = false;

    void add(const NodeFlow& flow);
    /// All of another component, as a part of the other side.
    void add(const Component& other);
    double size_t() const { return std::max({demand.need_t, output_t, 1e-12}); }
    /// Share of supply that can run so many months ahead: what stands idle takes its time, what a shock took is back
    /// after it.
    double supply_share(double passed) const;
    /// Tonnes by which stocks and adaptation are off what is usual.
    double abnormal_t() const;
    /// What a side that a wall will close in so many months keeps of its stock at the end of the tick: the rest comes
    /// out bit by bit until the door closes.
    double kept_until(double months, double months_per_tick) const;
};

}  // namespace ytterby
