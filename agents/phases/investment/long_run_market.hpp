#pragma once

#include <vector>

#include "agents/phases/scarcity/lane_caps.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "market/spatial_market.hpp"
#include "rules/lane_rules.hpp"

namespace ytterby {

/// What a good's countries make and use at each price; a curve without points where they do not.
struct LongRunCurves {
    std::vector<Curve> supply;  // t per tick
    std::vector<Curve> use;
};

/// A good's market on such curves alone, without stocks, under rules of trade and caps.
struct LongRunMarket {
    const Economy& economy;
    const World& world;
    GoodId good;
    const LongRunCurves& curves;
    const LaneRules& rules;
    const LaneCaps& caps;
    const std::vector<double>& start;  // prices by country from which the search begins, USD/t
};

/// Use prices by country, USD/t, once buyers have got used to what they import then; empty where no prices are found.
/// `imports`: by country, to which they are used; the search begins with those given, or today's where all are 0.
std::vector<double> long_run_prices(const LongRunMarket& market, std::vector<double>& imports);

}  // namespace ytterby
