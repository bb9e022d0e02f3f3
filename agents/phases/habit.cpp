#include "agents/phases/habit.hpp"

#include <algorithm>

#include "core/maths.hpp"

namespace ytterby {

std::vector<double> habitual_flows(const Economy& economy, const World& world, const Deliveries& deliveries) {
    const double memory = economy.behaviour.habit_memory;
    std::vector<double> flows(world.lanes.usual_flow.size());
    std::vector<double> ratio(flows.size());  // of the usual flow to that of the shares at the base date
    const std::vector<double> exponents(flows.size(), memory);
    for (std::size_t index = 0; index < economy.network.goods.size(); ++index) {
        const GoodLanes& book = economy.network.goods[index];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const TradeLane& lane = book.lanes[number];
            const std::size_t place = book.first_lane + number;
            const std::size_t node = economy.network.node(id_at<GoodId>(index), lane.destination).index();
            const double bought = economy.base_bought[node];
            const double share = bought > 0.0 ? lane.base_flow_t / bought : 0.0;
            flows[place] = std::max(1e-12, share * world.nodes.usual_bought[node] + lane.opening_flow_t);
            ratio[place] = (world.lanes.usual_flow[place] + lane.opening_flow_t) / flows[place];
        }
    }
    pow_each(ratio, exponents);
    for (std::size_t index = 0; index < economy.network.goods.size(); ++index) {
        const GoodLanes& book = economy.network.goods[index];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const std::size_t place = book.first_lane + number;
            const double carried = deliveries.empty() ? 0.0 : deliveries.lanes[place].tonnes;
            flows[place] =
                std::max(0.0, flows[place] * ratio[place] - book.lanes[number].opening_flow_t - carried);
        }
    }
    return flows;
}

}  // namespace ytterby
