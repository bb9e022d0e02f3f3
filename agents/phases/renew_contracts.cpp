#include "agents/phases/renew_contracts.hpp"

#include <algorithm>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// What the two cells would sign for, t per tick: their usual trade, spot and contract, and less of it where the
/// spot market says that the lane no longer pays (premium below zero, on the lane's own preference curve).
double signed_again(const Economy& economy, const World& world, const Offtake& offtake) {
    const double part = offtake.contract_share * offtake.pair_share;
    if (offtake.lane == Offtake::at_home) {
        return part * world.contracts.usual_home_t[economy.network.node(offtake.good, offtake.origin).index()];
    }
    const GoodLanes& lanes = economy.network.goods[offtake.good.index()];
    const double slope = lanes.lanes[offtake.lane - lanes.first_lane].preference_slope_usd_per_t;
    const double pays = slope > 0.0 ? exp(std::min(0.0, world.lanes.premium[offtake.lane] / slope)) : 1.0;
    return part * pays * world.lanes.usual_flow[offtake.lane];
}

}  // namespace

void renew_contracts(const Economy& economy, World& world, const Deliveries& deliveries) {
    const ContractBook& book = economy.contracts;
    if (book.empty()) {
        return;
    }
    ContractColumns& state = world.contracts;
    const std::size_t nodes = economy.network.node_count();
    const std::size_t slot = static_cast<std::size_t>(world.tick) % book.history_ticks;
    const double forget = 1.0 - exp(-economy.months_per_tick() / economy.behaviour.usual_flow_months);
    for (std::size_t node = 0; node < nodes; ++node) {
        state.price_history[slot * nodes + node] = world.nodes.supply_price[node];
        const double home = std::max(0.0, world.nodes.sold[node] - world.nodes.exports[node]);
        state.usual_home_t[node] += forget * (home - state.usual_home_t[node]);
    }
    const std::int64_t next = world.tick + 1;
    for (std::size_t number = 0; number < book.offtakes.size(); ++number) {
        const Offtake& offtake = book.offtakes[number];
        state.delivered_t[number] = deliveries.tonnes[number];
        const bool stopped = deliveries.allowed_t[number] < book.force_majeure_share * state.volume_t[number];
        state.idle_ticks[number] = stopped ? state.idle_ticks[number] + 1 : 0;
        if (offtake.captive) {
            const Cell& cell = economy.cells[offtake.seller_cell];
            state.volume_t[number] = offtake.output_share * world.cells[offtake.seller_cell].throughput_t *
                                     cell.positions[offtake.seller_position].per_throughput;
            continue;
        }
        if (state.idle_ticks[number] >= book.lapse_ticks) {
            state.volume_t[number] = 0.0;
            state.idle_ticks[number] = 0;
        }
        if (next >= state.expiry_tick[number]) {
            state.volume_t[number] = signed_again(economy, world, offtake);
            state.expiry_tick[number] += offtake.length_ticks;
        }
    }
}

}  // namespace ytterby
