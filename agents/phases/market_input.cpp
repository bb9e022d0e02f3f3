#include "agents/phases/market_input.hpp"

namespace ytterby {

MarketInput market_input(const MarketContext& context) {
    const Deliveries& deliveries = context.deliveries;
    const World& world = context.world;
    return {.network = context.economy.network,
            .orders = context.plan.orders,
            .rules = context.rules,
            .use = {.delivered_t = deliveries.lane_t,
                    .shared_delivered_t = deliveries.shared_used_t,
                    .owner_prefers = context.owner_prefers},
            .usual_flow = context.habits,
            .last_supply_price = world.nodes.supply_price,
            .last_use_price = world.nodes.use_price,
            .previous_supply_price = world.nodes.previous_supply_price,
            .previous_use_price = world.nodes.previous_use_price,
            .last_shared_rents = world.shared_rents,
            .memory = world.market_memory,
            .random = context.random,
            .tick = world.tick,
            .months_per_tick = context.economy.months_per_tick(),
            .workers = &context.workers,
            .certify = context.certify};
}

}  // namespace ytterby
