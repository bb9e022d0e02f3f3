#include "agents/phases/market_input.hpp"

namespace ytterby {

MarketInput market_input(const Economy& economy, const World& world, const Regime& regime, const Deliveries& deliveries,
                         const Orders& orders, const Random& random) {
    return {.network = economy.network,
            .orders = orders,
            .regime = deliveries.left(regime),
            .usual_flow = deliveries.empty() ? world.lanes.usual_flow : deliveries.spot_usual_flow,
            .last_supply_price = world.nodes.supply_price,
            .last_use_price = world.nodes.use_price,
            .previous_supply_price = world.nodes.previous_supply_price,
            .previous_use_price = world.nodes.previous_use_price,
            .last_shared_rents = world.shared_rents,
            .memory = world.market_memory,
            .random = random,
            .tick = world.tick,
            .months_per_tick = economy.months_per_tick()};
}

}  // namespace ytterby
