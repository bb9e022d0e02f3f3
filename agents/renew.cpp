#include <algorithm>

#include "agents/deliver.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

/// What the two cells usually trade now, spot and contract, t per tick.
double usual_trade(const Economy& economy, const World& world, const Offtake& offtake) {
    const double usual = offtake.lane == Offtake::at_home ? world.contracts.usual_home_t[economy.network.node(offtake.good, offtake.origin).index()]
                                                          : world.lanes.usual_flow[offtake.lane];
    return offtake.pair_share * usual;
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
            state.volume_t[number] = offtake.output_share * world.cells[offtake.seller_cell].throughput_t * cell.positions[offtake.seller_position].per_throughput;
            continue;
        }
        if (state.idle_ticks[number] >= book.lapse_ticks) {
            state.volume_t[number] = 0.0;
            state.idle_ticks[number] = 0;
        }
        if (next >= state.expiry_tick[number]) {
            state.volume_t[number] = offtake.contract_share * usual_trade(economy, world, offtake);
            state.expiry_tick[number] += offtake.length_ticks;
        }
    }
}

}  // namespace ytterby
