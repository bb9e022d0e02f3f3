#include "agents/observe.hpp"

#include "agents/foresight.hpp"

namespace ytterby {

namespace {

/// What treaties lifted in the tick; ledgers of export controls leave these lanes out.
void keep_waivers(const Economy& economy, World& world, const Regime& regime) {
    if (!regime.anything_waived()) {
        world.lanes.waivers.clear();
        return;
    }
    world.lanes.waivers.assign(economy.network.lane_count, 0);
    for (std::size_t good = 0; good < economy.network.goods.size(); ++good) {
        const GoodLanes& book = economy.network.goods[good];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            world.lanes.waivers[book.first_lane + number] =
                regime.rule(id_at<GoodId>(good), book.lanes[number].origin, book.lanes[number].destination).waivers;
        }
    }
}

}  // namespace

void observe(const Economy& economy, World& world, const Regime& regime) {
    update_risk(economy, world, regime);
    update_licence_value(economy, world, regime);
    keep_waivers(economy, world, regime);
}

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
