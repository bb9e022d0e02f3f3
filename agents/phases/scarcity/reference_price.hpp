#pragma once

#include <vector>

#include "agents/phases/scarcity/flow_curves.hpp"
#include "agents/phases/scarcity/lane_caps.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/lane_rules.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// A good's market on flow curves, by country; empty where no prices are found.
struct ReferenceMarket {
    std::vector<double> use_price;  // USD/t
    std::vector<double> used_t;     // t per tick
};

/// The market of a good if it is cleared on flow curves alone: need at the medium-run elasticity against output on the
/// run-rate curves, without stocks, under rules of trade and lasting caps (docs/model.md, section 7.16). The search
/// begins at prices by country; empty: at those of the base date.
ReferenceMarket reference_market(const Economy& economy, GoodId good, const std::vector<NodeFlow>& flows,
                                 const LaneRules& rules, const LaneCaps& caps, const std::vector<double>& start);

/// Reference prices of all goods in a tick, over those under the rules of the base date. Found for goods that duties,
/// tariffs or lasting caps move, and for what is made of them; all others are 1.
ReferencePrices next_references(const Economy& economy, const World& world, const Regime& regime);

}  // namespace ytterby
