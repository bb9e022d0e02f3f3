#pragma once

#include <cstddef>
#include <vector>

#include "policies/policy.hpp"

namespace ytterby {

/// A covered lane and its index in the columns over all lanes.
struct CoveredLane {
    GoodId good;
    const TradeLane* lane;
    std::size_t index;

    /// A selector of this lane alone.
    Selector alone() const { return {{lane->origin}, {lane->destination}, {good}}; }
};

/// The lanes that a selector covers, good by good.
std::vector<CoveredLane> covered_lanes(const TradeNetwork& network, const Selector& selector);

/// The lanes of an export control in one tick, with usual flows before traders knew of it.
struct ControlledLanes {
    const PolicyView& view;
    const Selector& lanes;
    const std::vector<CoveredLane>& covered;
    const std::vector<double>& usual;  // of the covered lanes, t per tick
};

/// Whether an agreement waived export controls on a lane in the last tick: such exports use no quota.
bool is_exempt(const PolicyView& view, const CoveredLane& lane);

}  // namespace ytterby
