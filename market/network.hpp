#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/ids.hpp"

namespace ytterby {

/// A directed trade route of one good: what does not change during a run.
struct TradeLane {
    CountryId origin;
    CountryId destination;
    double freight_usd_per_t = 0.0;
    /// a of the origin preference, USD/t: the lane margin at which the usual flow is bought (inverted at the base date;
    /// positive mathematical programming, Howitt 1995).
    double preference_usd_per_t = 0.0;
    /// b of the origin preference, USD/t: base price over the trade elasticity.
    double preference_slope_usd_per_t = 0.0;
    /// x0 of the origin preference, t per tick: 1 % of the gravity-predicted flow, so new lanes can open.
    double opening_flow_t = 0.0;
    /// Flow at the base date, t per tick.
    double base_flow_t = 0.0;
};

/// The lanes of one good, ordered by origin, then destination.
struct GoodLanes {
    std::vector<TradeLane> lanes;
    /// Offset of this good's first lane in columns over all lanes.
    std::uint32_t first_lane = 0;
};

/// Which goods can be shipped between which countries: the lanes of each good. Constant during a run.
struct TradeNetwork {
    std::size_t countries = 0;
    std::vector<GoodLanes> goods;
    std::size_t lane_count = 0;

    NodeId node(GoodId good, CountryId country) const {
        return NodeId{static_cast<std::uint32_t>(good.index() * countries + country.index())};
    }
    GoodId good_of(std::size_t node) const { return GoodId{static_cast<std::uint32_t>(node / countries)}; }
    CountryId country_of(std::size_t node) const { return CountryId{static_cast<std::uint32_t>(node % countries)}; }
    std::size_t node_count() const { return goods.size() * countries; }
    /// Fills first_lane and lane_count after the lanes are in place.
    void number_lanes();
};

inline void TradeNetwork::number_lanes() {
    lane_count = 0;
    for (GoodLanes& good : goods) {
        good.first_lane = static_cast<std::uint32_t>(lane_count);
        lane_count += good.lanes.size();
    }
}

}  // namespace ytterby
