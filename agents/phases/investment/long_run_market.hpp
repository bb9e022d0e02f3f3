#pragma once

#include <vector>

#include "agents/phases/scarcity/stock_path.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "market/spatial_market.hpp"
#include "rules/lane_rules.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// Caps on lanes, t per tick; infinite where there is none, and empty without any. Index = place in GoodLanes::lanes.
using LaneCaps = std::vector<double>;

/// Caps of the base date, whose rents are in its prices.
LaneCaps base_caps(const Economy& economy, GoodId good);

/// Caps together with those of the base date on lanes that a measure in force still restricts.
LaneCaps with_base_caps(const Economy& economy, const World& world, const Regime& regime, GoodId good,
                        const LaneCaps& caps);

/// What a good's countries make and use at each price; a curve without points where they do not.
struct LongRunCurves {
    std::vector<Curve> supply;  // t per tick
    std::vector<Curve> use;
};

/// Use per month at a multiple of the base price once users have adapted.
double adapted_use(const PathDemand& demand, double multiple);

/// Use prices by country, USD/t, if the market is cleared on such curves alone, without stocks, under rules of trade
/// and caps, and once buyers have got used to what they import then; empty where no prices are found.
std::vector<double> long_run_prices(const Economy& economy, const World& world, GoodId good,
                                    const LongRunCurves& curves, const LaneRules& rules, const LaneCaps& caps);

}  // namespace ytterby
