#include "simulation/run.hpp"

#include "core/digest.hpp"
#include "simulation/tick.hpp"

namespace ytterby {

std::string_view PhaseTimes::name(Phase phase) {
    constexpr std::string_view names[] = {"govern", "plan", "clear", "settle", "produce", "invest", "observe", "record"};
    return names[phase];
}

RunOutcome run(const Scenario& scenario, Simulation& simulation, Observer& observer, const RunControl& control) {
    Workers workers(scenario.run.threads);
    Engine engine{.economy = simulation.economy,
                  .policies = scenario.policies,
                  .calendar = scenario.calendar,
                  .random = Random(scenario.run.seed, scenario.run.replicate),
                  .workers = workers,
                  .mechanism = *scenario.mechanism,
                  .check_laws = scenario.run.check_laws,
                  .plan = {},
                  .trades = {},
                  .times = {}};
    RunOutcome outcome;
    while (outcome.ticks_done < scenario.run.ticks) {
        if (control.stop != nullptr && control.stop->load()) {
            outcome.interrupted = true;
            break;
        }
        tick(engine, simulation.world, observer);
        ++outcome.ticks_done;
        if (control.on_progress) {
            control.on_progress({outcome.ticks_done, scenario.run.ticks, format_month(scenario.calendar.date_of(simulation.world.tick - 1))});
        }
    }
    outcome.times = engine.times;
    outcome.digest = digest_of(simulation.world);
    return outcome;
}

std::string digest_of(const World& world) {
    Digest digest;
    digest.add(world.tick);
    const NodeColumns& nodes = world.nodes;
    for (const Column<double>* column : {&nodes.supply_price, &nodes.use_price, &nodes.previous_supply_price, &nodes.previous_use_price, &nodes.landed_price,
                                         &nodes.supply_anchor, &nodes.use_anchor, &nodes.year_price, &nodes.risk, &nodes.front_load_months, &nodes.rush, &nodes.usual_bought, &world.origin_share,
                                         &nodes.demand_shock, &nodes.licence_value, &nodes.need_index, &nodes.stepped, &nodes.stock_index, &nodes.intensity, &nodes.turnover_index, &nodes.slow_use_price,
                                         &nodes.slow_supply_price, &nodes.new_in_use, &nodes.old_in_use, &world.world_demand_shock, &world.firms.capacity_t, &nodes.production, &nodes.consumption, &nodes.need, &nodes.bought,
                                         &nodes.sold, &nodes.imports, &nodes.exports, &nodes.stock, &world.lanes.usual_flow, &world.lanes.flow,
                                         &world.lanes.rent, &world.lanes.premium, &world.firms.cash, &world.positions.stock, &world.outside}) {
        digest.add(*column);
    }
    for (const Column<float>* column : {&world.firms.run_rate, &world.positions.trend_expectation, &world.positions.expectation}) {
        digest.add(*column);
    }
    digest.add(world.firms.status).add(world.firms.state_ticks);
    for (const PlantState& plant : world.plants) {
        digest.add(plant.building.brownfield).add(plant.building.greenfield).add(plant.planned_building.brownfield).add(plant.planned_building.greenfield);
        digest.add(plant.planned_capacity_t).add(plant.permitted_t).add(plant.exploration).add(plant.profit_index).add(plant.started_t);
        digest.add(plant.added_t).add(plant.retired_t).add(plant.extracted_t).add(plant.cost_factor).add(plant.limit).add(plant.availability).add(plant.outage_log);
    }
    if (const ContractColumns& contracts = world.contracts; !contracts.volume_t.empty()) {
        digest.add(contracts.volume_t).add(contracts.expiry_tick).add(contracts.idle_ticks).add(contracts.delivered_t);
        digest.add(contracts.usual_home_t).add(contracts.price_history);
    }
    if (!world.deals.funds_usd.empty()) {
        digest.add(world.deals.funds_usd);
        for (const Holding& holding : world.holdings) {
            digest.add(holding.cell).add(holding.owner.value).add(holding.share).add(holding.offtake_share);
        }
        for (const Deal& deal : world.deals.deals) {
            digest.add(deal.acquirer.value).add(deal.cell).add(static_cast<std::uint32_t>(deal.stage)).add(deal.plants_share).add(deal.stake).add(deal.price_usd);
            digest.add(deal.offtake_share).add(deal.filed_tick).add(deal.closed_tick).add(deal.refiled).add(deal.risk());
        }
        for (const Seeker& seeker : world.deals.seekers) {
            digest.add(seeker.acquirer.value).add(seeker.deal);
        }
    }
    digest.add(world.shared_rents);
    for (const Partner& partner : world.market_memory.partners) {
        digest.add(partner.row).add(partner.tonnes);
    }
    for (const CellTotals& cell : world.cells) {
        digest.add(cell.throughput_t).add(cell.capacity_t).add(cell.run_rate_sum).add(cell.running).add(cell.cash_usd);
        digest.add(cell.stock).add(cell.sold).add(cell.bought).add(cell.disposed);
    }
    for (const auto& [account, balances] : world.treasury) {
        digest.add(account).add(balances);
    }
    for (const auto& [policy, memory] : world.memory) {
        digest.add(policy);
        for (const auto& [series, values] : memory) {
            digest.add(series).add(values);
        }
    }
    return digest.hex();
}

}  // namespace ytterby
