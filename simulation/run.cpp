#include "simulation/run.hpp"

#include "agents/world_state.hpp"
#include "core/diagnostics.hpp"
#include "core/state_digest.hpp"
#include "simulation/stopwatch.hpp"
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
    outcome.ticks_done = control.already_done;
    const auto asked_to_stop = [&] { return control.stop != nullptr && control.stop->load(); };
    outcome.interrupted = outcome.ticks_done < scenario.run.ticks && asked_to_stop();
    while (outcome.ticks_done < scenario.run.ticks && !outcome.interrupted) {
        tick(engine, simulation.world, observer);
        ++outcome.ticks_done;
        if (control.on_progress) {
            control.on_progress({outcome.ticks_done, scenario.run.ticks, format_month(scenario.calendar.date_of(simulation.world.tick - 1))});
        }
        if (outcome.ticks_done == scenario.run.ticks) {
            break;
        }
        outcome.interrupted = asked_to_stop();
        if (control.on_pause) {
            Stopwatch watch(engine.times);
            control.on_pause(outcome.ticks_done, outcome.interrupted);
            watch.lap(PhaseTimes::record);
        }
    }
    outcome.times = engine.times;
    outcome.digest = digest_of(simulation.world);
    return outcome;
}

void visit_world(StateVisitor& visit, World& world) { visit("world", world); }

void check_shape(const Economy& economy, const World& world) {
    const auto refuse = [](std::string what) {
        throw InputError(Problem{.key = "checkpoint", .what = std::move(what), .why = "it is not of this scenario", .suggestion = "start the run anew"});
    };
    if (world.tick < 0) {
        refuse("its tick is " + std::to_string(world.tick));
    }
    for (const auto& [account, balances] : world.treasury) {
        if (balances.size() != economy.countries.size()) {
            refuse("account " + account + " is of " + std::to_string(balances.size()) + " countries");
        }
    }
    if (!world.lanes.waivers.empty() && world.lanes.waivers.size() != world.lanes.flow.size()) {
        refuse("waivers are of " + std::to_string(world.lanes.waivers.size()) + " lanes");
    }
    for (const Holding& holding : world.holdings) {
        if (holding.cell >= economy.cells.size() || holding.owner.index() >= economy.countries.size()) {
            refuse("a holding is of sector " + std::to_string(holding.cell) + " and country " + std::to_string(holding.owner.value));
        }
    }
    for (const Deal& deal : world.deals.deals) {
        const bool rival = !deal.runner_up.exists() || deal.runner_up.index() < economy.countries.size();
        if (deal.cell >= economy.cells.size() || deal.acquirer.index() >= economy.countries.size() || !rival || deal.after > world.deals.deals.size()) {
            refuse("a deal is of sector " + std::to_string(deal.cell) + " and country " + std::to_string(deal.acquirer.value));
        }
    }
    for (const Seeker& seeker : world.deals.seekers) {
        if (seeker.deal >= world.deals.deals.size() || seeker.acquirer.index() >= economy.countries.size()) {
            refuse("an investor seeks for deal " + std::to_string(seeker.deal));
        }
    }
    if (world.deals.funds_usd.size() != (economy.deals.enabled ? economy.countries.size() : 0)) {
        refuse("funds are of " + std::to_string(world.deals.funds_usd.size()) + " countries");
    }
    for (const auto& [policy, tonnes] : world.stockpiles) {
        if (tonnes.size() != world.nodes.stock.size()) {
            refuse("the stockpile of " + policy + " is of " + std::to_string(tonnes.size()) + " nodes");
        }
    }
    for (const auto& [policy, ledger] : world.support) {
        for (const std::vector<double>* sums : {&ledger.claimed_usd, &ledger.paid_usd}) {
            if (!sums->empty() && sums->size() != economy.cells.size()) {
                refuse("what " + policy + " paid is of " + std::to_string(sums->size()) + " sectors");
            }
        }
    }
    for (const DealStep& step : world.deals.steps) {
        if (step.number >= world.deals.deals.size() || step.deal.cell >= economy.cells.size() || step.deal.acquirer.index() >= economy.countries.size() ||
            (step.deal.runner_up.exists() && step.deal.runner_up.index() >= economy.countries.size())) {
            refuse("a step is of a deal that is not there");
        }
    }
    const MarketMemory& memory = world.market_memory;
    if (memory.slots == 0 ? !memory.partners.empty() : memory.partners.size() % memory.slots != 0) {
        refuse("partners do not fill " + std::to_string(memory.slots) + " places each");
    }
    check_values(world);
}

std::string digest_of(const World& world) {
    StateDigest digest;
    visit_world(digest, const_cast<World&>(world));  // a digest leaves it as it is
    return digest.hex();
}

}  // namespace ytterby
