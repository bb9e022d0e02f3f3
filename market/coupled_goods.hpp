#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "core/ids.hpp"
#include "market/mechanism.hpp"
#include "market/network.hpp"
#include "market/spatial_market.hpp"
#include "rules/lane_rules.hpp"

namespace ytterby {

/// Goods that are cleared together because a shared cap couples them, and the shared limits among them.
struct CoupledGoods {
    std::vector<GoodId> goods;
    std::vector<std::size_t> limits;  // positions in LaneRules::shared_limits
};

/// Splits the goods into groups that no shared limit connects, in the order of goods; `count` is how many goods there
/// are.
std::vector<CoupledGoods> couple_goods(std::span<const SharedLimit> limits, std::size_t count);

/// A lane with the rules of this tick, after some tonnes of its cap are used. A closed lane keeps its leak: a share of
/// the base flow at a premium.
SpatialLane lane_terms(const TradeLane& lane, const LaneRule& rule, double usual_flow, double delivered_t = 0.0);

/// The lane of a good at this place in its list, with its rules and what contracts and owners add to them.
SpatialLane lane_terms(const MarketInput& input, GoodId good, std::size_t number);

/// The same lane where nobody said anything about it; every member is written where it stays, once.
inline void free_lane_terms(const TradeLane& lane, double usual_flow, SpatialLane& stated) {
    stated.from = lane.origin.value;
    stated.to = lane.destination.value;
    stated.export_duty = 0.0;
    stated.freight = lane.freight_usd_per_t;
    stated.tariff = stated.friction = stated.reserve_rent = stated.specific_tariff = 0.0;
    stated.preference = lane.preference_usd_per_t;
    stated.preference_slope = lane.preference_slope_usd_per_t;
    stated.usual_flow = usual_flow;
    stated.opening_flow = lane.opening_flow_t;
    stated.cap = std::numeric_limits<double>::infinity();
}

/// The shared limits of a group as caps; a member's market is the number of its good in the group.
std::vector<SharedCap> shared_caps_of(const MarketInput& input, const CoupledGoods& group);

}  // namespace ytterby
