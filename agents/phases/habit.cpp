#include "agents/phases/habit.hpp"

#include <algorithm>
#include <cstddef>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Calls visit(place among all lanes, lane, node of the destination) for every lane.
template <class Visit>
void each_lane(const TradeNetwork& network, Visit&& visit) {
    for (std::size_t good = 0; good < network.goods.size(); ++good) {
        const GoodLanes& book = network.goods[good];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const TradeLane& lane = book.lanes[number];
            visit(book.first_lane + number, lane, network.node(id_at<GoodId>(good), lane.destination).index());
        }
    }
}

}  // namespace

std::vector<double> habitual_flows(const Economy& economy, const World& world, const Deliveries& deliveries) {
    // Every lane counts with its opening flow beside what passes.
    std::vector<double> usual(economy.network.node_count(), 0.0);
    std::vector<double> opening(economy.network.node_count(), 0.0);
    each_lane(economy.network, [&](std::size_t place, const TradeLane& lane, std::size_t node) {
        usual[node] += world.lanes.usual_flow[place] + lane.opening_flow_t;
        opening[node] += lane.opening_flow_t;
    });
    std::vector<double> flows(world.lanes.usual_flow.size());
    std::vector<double> ratio(flows.size(), 1.0);  // of the usual share to that of the base date
    each_lane(economy.network, [&](std::size_t place, const TradeLane& lane, std::size_t node) {
        const double base = lane.base_flow_t + lane.opening_flow_t;
        if (base > 0.0 && usual[node] > 0.0) {
            const double share = base / (economy.base_imports[node] + opening[node]);
            flows[place] = share * (world.nodes.usual_imports[node] + opening[node]);
            ratio[place] = (world.lanes.usual_flow[place] + lane.opening_flow_t) / usual[node] / share;
        }
    });
    pow_each(ratio, std::vector<double>(ratio.size(), economy.behaviour.habit_memory));
    each_lane(economy.network, [&](std::size_t place, const TradeLane& lane, std::size_t) {
        const double carried = deliveries.empty() ? 0.0 : deliveries.lanes[place].tonnes;
        flows[place] = std::max(0.0, flows[place] * ratio[place] - lane.opening_flow_t - carried);
    });
    return flows;
}

}  // namespace ytterby
