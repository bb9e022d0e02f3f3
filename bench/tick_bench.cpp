#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "records/recorder/recorder.hpp"
#include "records/store/run_store.hpp"
#include "simulation/run.hpp"
#include "simulation/tick.hpp"

namespace {

using namespace ytterby;

Scenario baseline(std::int64_t firms) {
    return load_scenario(std::string(YTTERBY_SOURCE_DIR) + "/configs/baseline.toml",
                         {"population.firms=" + std::to_string(firms), "noise.demand_noise=0.01"});
}

template <class T>
std::size_t bytes_of(const Column<T>& column) {
    return column.size() * sizeof(T);
}

/// Bytes of everything that grows with the number of firms: traits, state, orders.
double bytes_per_firm(const Economy& economy, const World& world, const Plan& plan) {
    const FirmTraits& traits = economy.traits;
    const std::size_t total =
        bytes_of(traits.capacity_t) + bytes_of(traits.base_run_rate) + bytes_of(traits.run_rate_offset) +
        bytes_of(traits.run_rate_response) + bytes_of(traits.avoidable_cost_share) +
        bytes_of(traits.fundamentalist_weight) + bytes_of(traits.fundamentalist_pull) + bytes_of(traits.trend_speed) +
        bytes_of(traits.trend_gain) + bytes_of(traits.fear) + bytes_of(world.firms.run_rate) +
        bytes_of(world.firms.cash) + bytes_of(world.firms.capacity_t) + bytes_of(world.firms.status) +
        bytes_of(world.firms.state_ticks) + bytes_of(world.positions.stock) +
        bytes_of(world.positions.trend_expectation) + bytes_of(world.positions.expectation) +
        bytes_of(plan.orders.rows) + bytes_of(plan.trend_expectation) + bytes_of(plan.expectation);
    return static_cast<double>(total) / static_cast<double>(traits.size());
}

/// The whole tick of the shipped baseline with its heterogeneity, demand noise and default recording.
/// Counters: ns per firm-tick (a running firm that updates its expectation, plans and posts an order),
/// in all and by phase; bytes per firm; steps of the search for prices per market; share of firms that were idle.
void whole_tick(benchmark::State& state) {
    const Scenario scenario = baseline(state.range(0));
    Simulation simulation = build_simulation(scenario);
    Workers workers(static_cast<unsigned>(state.range(1)));
    Engine engine{.economy = simulation.economy,
                  .policies = scenario.policies,
                  .calendar = scenario.calendar,
                  .random = Random(1),
                  .workers = workers,
                  .mechanism = *scenario.mechanism,
                  .check_laws = false};
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() /
        ("ytterby_bench_" + std::to_string(state.range(0)) + "_" + std::to_string(state.range(1)));
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    RunStore store(folder,
                   {.ticks_per_commit = 12, .in_background = true, .outlasts_power_cut = false, .many_rows = true});
    Recorder recorder(store, {});
    for (int warm = 0; warm < 3; ++warm) {
        tick(engine, simulation.world, recorder);
    }
    engine.times = {};
    double firm_ticks = 0.0;
    double ticks = 0.0;
    double steps = 0.0;  // of the search for prices
    double markets = 0.0;
    for (auto _ : state) {
        tick(engine, simulation.world, recorder);
        for (const CellTotals& cell : simulation.world.cells) {
            firm_ticks += cell.running;
        }
        ++ticks;
        steps += engine.buffers.trades.quality.iterations;
        markets += engine.buffers.trades.quality.markets;
    }
    double seconds = 0.0;
    for (int phase = 0; phase < PhaseTimes::count; ++phase) {
        const auto which = static_cast<PhaseTimes::Phase>(phase);
        state.counters[std::string(PhaseTimes::name(which)) + "_ns"] = 1e9 * engine.times.seconds[which] / firm_ticks;
        seconds += engine.times.seconds[which];
    }
    state.counters["ns_per_firm_tick"] = 1e9 * seconds / firm_ticks;
    state.counters["bytes_per_firm"] = bytes_per_firm(simulation.economy, simulation.world, engine.buffers.plan);
    state.counters["steps_per_market"] = steps / markets;
    state.counters["idle_share"] = 1.0 - firm_ticks / (ticks * static_cast<double>(simulation.economy.traits.size()));
    store.finish();
    std::filesystem::remove_all(folder);
}

BENCHMARK(whole_tick)
    ->ArgNames({"firms", "threads"})
    ->Args({1000, 1})
    ->Args({10000, 1})
    ->Args({100000, 1})
    ->Args({1000000, 1})
    ->Args({1000000, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

/// Ten million firms take some gigabytes, so this is a separate benchmark, to be run by name.
BENCHMARK(whole_tick)
    ->Name("whole_tick_large")
    ->ArgNames({"firms", "threads"})
    ->Args({10000000, 1})
    ->Args({10000000, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(3);

}  // namespace
