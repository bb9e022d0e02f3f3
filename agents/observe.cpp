#include "agents/observe.hpp"

#include <cmath>

#include "agents/foresight.hpp"
#include "core/maths.hpp"

namespace ytterby {

void shake_demand(const Economy& economy, World& world, const Random& random) {
    const Behaviour& behaviour = economy.behaviour;
    if (behaviour.demand_noise <= 0.0) {
        return;
    }
    const double months = economy.months_per_tick();
    const double kept = pow(behaviour.demand_noise_persistence, months);
    const double spread = behaviour.demand_noise * std::sqrt(months);
    for (std::size_t node = 0; node < world.nodes.demand_shock.size(); ++node) {
        double& shock = world.nodes.demand_shock[node];
        shock = kept * shock + spread * random.normal(static_cast<std::uint32_t>(node), Purpose::demand_shock, world.tick);
    }
}

void observe(const Economy& economy, World& world, const Regime& regime) {
    update_risk(economy, world, regime);
    update_licence_value(economy, world, regime);
}

MarketInput market_input(const Economy& economy, const World& world, const Regime& regime, const Deliveries& deliveries, const Orders& orders, const Random& random) {
    return {.network = economy.network,
            .orders = orders,
            .regime = deliveries.left(regime),
            .usual_flow = deliveries.empty() ? world.lanes.usual_flow : deliveries.spot_usual_flow,
            .last_supply_price = world.nodes.supply_price,
            .last_use_price = world.nodes.use_price,
            .last_shared_rents = world.shared_rents,
            .memory = world.market_memory,
            .random = random,
            .tick = world.tick,
            .months_per_tick = economy.months_per_tick()};
}

}  // namespace ytterby
