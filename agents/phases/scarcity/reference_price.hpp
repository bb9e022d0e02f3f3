#pragma once

#include <vector>

#include "agents/phases/scarcity/flow_curves.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "market/spatial_market.hpp"
#include "rules/lane_rules.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// Caps on lanes that hold for good, t per tick; infinite where there is none. Index = place in GoodLanes::lanes.
using LastingCaps = std::vector<double>;

/// A good's market on flow curves, by country; empty where no prices are found.
struct ReferenceMarket {
    std::vector<double> use_price;  // USD/t
    std::vector<double> used_t;     // t per tick
};

/// What a good's countries make and use at each price; a curve without points where they do not.
struct ReferenceCurves {
    std::vector<Curve> supply;  // t per tick
    std::vector<Curve> use;
};

/// Use per month at a multiple of the base price once users have adapted.
double medium_run_use(const PathDemand& demand, double multiple);

/// Curves of flows: need at the medium-run elasticity, output on the run-rate curves.
ReferenceCurves reference_curves(const Economy& economy, GoodId good, const std::vector<NodeFlow>& flows);

/// The market of a good if it is cleared on such curves alone, without stocks, under rules of trade and lasting caps
/// (docs/model.md, section 7.16). `habits`: how often buyers have got used to what they import then.
ReferenceMarket reference_market(const Economy& economy, GoodId good, const ReferenceCurves& curves,
                                 const LaneRules& rules, const LastingCaps& caps, int habits = 0);

/// Caps of the base date, whose rents are in its prices; empty without any.
LastingCaps base_caps(const Economy& economy, GoodId good);

/// Caps together with those of the base date on lanes that a measure in force still restricts; empty where they are
/// those of the base date.
LastingCaps with_base_caps(const Economy& economy, const World& world, const Regime& regime, GoodId good,
                           const LastingCaps& caps);

/// Reference prices of all goods in a tick, over those under the rules of the base date. Found for goods that duties,
/// tariffs or lasting caps move, and for what is made of them; all others are 1.
ReferencePrices next_references(const Economy& economy, const World& world, const Regime& regime);

}  // namespace ytterby
