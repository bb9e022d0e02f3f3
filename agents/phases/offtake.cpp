#include "agents/phases/offtake.hpp"

#include <algorithm>

#include "core/maths.hpp"

namespace ytterby {
namespace {

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

void draw_offtake(const Economy& economy, const World& world, Regime& regime) {
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
            regime.prefer_as_owner(output.good, cell.country, holding.owner, std::min(most, wedge));
        }
    }
}

}  // namespace ytterby
