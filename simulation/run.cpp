#include "simulation/run.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "core/config/diagnostics.hpp"
#include "simulation/stopwatch.hpp"
#include "simulation/tick.hpp"
#include "simulation/world_state.hpp"

namespace ytterby {

std::string_view PhaseTimes::name(Phase phase) {
    constexpr std::string_view names[] = {"govern",  "plan",   "clear",   "settle",
                                          "produce", "invest", "observe", "record"};
    return names[phase];
}

namespace {

Engine engine_of(const Scenario& scenario, const Economy& economy, Workers& workers, bool check_laws) {
    return {.economy = economy,
            .policies = scenario.policies,
            .calendar = scenario.calendar,
            .random = Random(scenario.run.seed, scenario.run.replicate),
            .workers = workers,
            .mechanism = *scenario.mechanism,
            .check_laws = check_laws};
}

}  // namespace

RunOutcome run(const Scenario& scenario, Simulation& simulation, Observer& observer, const RunControl& control) {
    Workers workers(scenario.run.threads);
    Engine engine = engine_of(scenario, simulation.economy, workers, scenario.run.check_laws);
    RunOutcome outcome;
    outcome.ticks_done = control.already_done;
    const auto asked_to_stop = [&] { return control.stop != nullptr && control.stop->load(); };
    outcome.interrupted = outcome.ticks_done < scenario.run.ticks && asked_to_stop();
    while (outcome.ticks_done < scenario.run.ticks && !outcome.interrupted) {
        tick(engine, simulation.world, observer);
        ++outcome.ticks_done;
        if (control.on_progress) {
            control.on_progress({outcome.ticks_done, scenario.run.ticks,
                                 format_month(scenario.calendar.date_of(simulation.world.tick - 1)), engine.times});
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

void try_out(const Scenario& scenario, Simulation& simulation, std::int64_t ticks_done) {
    constexpr std::int64_t ticks = 2;  // output of the first is sold in the second
    const auto refuse = [](std::string what) {
        throw InputError(
            Problem{.key = "checkpoint",
                    .what = std::move(what),
                    .why = "its numbers are inconsistent, or do not fit the changes of a branch",
                    .suggestion = "resume from an older checkpoint, or start the run anew with --overwrite"});
    };
    World& world = simulation.world;
    if (world.tick != ticks_done) {
        refuse("it is of tick " + std::to_string(ticks_done) + ", its world of tick " + std::to_string(world.tick));
    }
    World kept = world;
    try {
        Workers workers(scenario.run.threads);
        Engine engine = engine_of(scenario, simulation.economy, workers, true);
        NoObserver none;
        for (std::int64_t done = ticks_done; done < std::min(ticks_done + ticks, scenario.run.ticks); ++done) {
            tick(engine, world, none);
        }
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        refuse(std::string("the run cannot be resumed from it: ") + error.what());
    }
    world = std::move(kept);
}

}  // namespace ytterby
