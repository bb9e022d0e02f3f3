#include "agents/phases/offtake.hpp"

#include <algorithm>
#include <cmath>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Preferences are rounded to this part of a dollar per tonne, so that their sums do not depend on order (technical).
constexpr double preference_units = 1048576.0;  // 2^20

/// The lane of a good between two countries, or nothing.
const TradeLane* find_lane(const GoodLanes& book, CountryId origin, CountryId destination, std::size_t& place) {
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        if (book.lanes[number].origin == origin && book.lanes[number].destination == destination) {
            place = book.first_lane + number;
            return &book.lanes[number];
        }
    }
    return nullptr;
}

}  // namespace

std::vector<double> owner_preferences(const Economy& economy, const World& world) {
    std::vector<double> preferences;
    for (const Holding& holding : world.holdings) {
        if (holding.offtake_share <= 0.0) {
            continue;
        }
        const Cell& cell = economy.cells[holding.cell];
        for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
            const Position& output = cell.positions[number];
            std::size_t place = 0;
            const TradeLane* lane =
                find_lane(economy.network.goods[output.good.index()], cell.country, holding.owner, place);
            if (lane == nullptr || lane->preference_slope_usd_per_t <= 0.0) {
                continue;
            }
            const double made = world.cells[holding.cell].throughput_t * output.per_throughput;
            const double grown = output.base_flow_t > 0.0 ? made / output.base_flow_t : 1.0;
            const double wanted =
                holding.offtake_share * made + (1.0 - holding.offtake_share) * grown * lane->base_flow_t;
            const double usual = world.lanes.usual_flow[place];
            if (wanted <= usual) {
                continue;
            }
            const double most = economy.deals.most_prefer_share *
                                world.nodes.use_price[economy.network.node(output.good, holding.owner).index()];
            const double wedge = lane->preference_slope_usd_per_t *
                                 log((wanted + lane->opening_flow_t) / (usual + lane->opening_flow_t));
            preferences.resize(economy.network.lane_count, 0.0);
            preferences[place] += std::round(std::min(most, wedge) * preference_units) / preference_units;
        }
    }
    return preferences;
}

}  // namespace ytterby
