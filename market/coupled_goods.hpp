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

/// Splits `count` goods into groups that no shared limit connects, in the order of goods.
std::vector<CoupledGoods> couple_goods(std::span<const SharedLimit> limits, std::size_t count);

/// Whether a lane is closed and something may leak all the same.
inline bool leaks(const LaneRule& rule) { return rule.closed() && rule.has_leak && rule.leak_t > 0.0; }

/// What leaks over a closed lane, t per tick: passing x costs (delivered price + risk x price inside) / (1 - x / most),
/// so it grows with the gap between the prices.
double leaking_t(const SpatialLane& terms, const LaneRule& rule, double inside_price, double outside_price);
/// Sets a lane to carry just that: those who carry it get the difference between the prices.
void carry_leak(double tonnes, SpatialLane& terms);

/// A lane with the rules of this tick, after some tonnes of its cap are used. A closed lane keeps the most that leaks;
/// it pays no export duty, and buyers have no taste in it.
SpatialLane lane_terms(const TradeLane& lane, const LaneRule& rule, double usual_flow, double delivered_t = 0.0);

/// The lane of a good at this place in its list, with its rules and what contracts and owners add to them. Over a
/// closed lane leaks what last tick's prices give.
SpatialLane lane_terms(const MarketInput& input, GoodId good, std::size_t number);

/// A lane that has no rule; every member is written in place, once.
inline void free_lane_terms(const TradeLane& lane, double usual_flow, SpatialLane& terms) {
    terms.from = lane.origin.value;
    terms.to = lane.destination.value;
    terms.export_duty = 0.0;
    terms.freight = lane.freight_usd_per_t;
    terms.tariff = terms.friction = terms.reserve_rent = terms.specific_tariff = 0.0;
    terms.preference = lane.preference_usd_per_t;
    terms.preference_slope = lane.preference_slope_usd_per_t;
    terms.usual_flow = usual_flow;
    terms.opening_flow = lane.opening_flow_t;
    terms.cap = std::numeric_limits<double>::infinity();
}

/// The shared limits of a group as caps; a member's market is the number of its good within the group.
std::vector<SharedCap> shared_caps_of(const MarketInput& input, const CoupledGoods& group);

}  // namespace ytterby
