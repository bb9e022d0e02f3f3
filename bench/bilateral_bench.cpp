#include <benchmark/benchmark.h>

#include <vector>

#include "market/bilateral/bargaining.hpp"
#include "market/bilateral/partners.hpp"
#include "tests/market/drawn_traders.hpp"

namespace {

using namespace ytterby;

/// One tick of search and bargaining after two ticks in which partners were found. `traders` counts all, half of them
/// buyers, in 25 countries with lanes between half of the pairs; schedules have four steps.
void bilateral_tick(benchmark::State& state) {
    const auto traders = static_cast<std::uint32_t>(state.range(0));
    Draws draws(traders);
    TraderShape shape;
    shape.nodes = 25;
    shape.sellers = shape.buyers = traders / 2;
    shape.lanes_per_pair = 0.5;
    SingleOrderMarket market = drawn_traders(draws, shape);
    for (SpatialLane& lane : market.lanes) {
        lane.usual_flow *= traders / 2500.0;  // countries grow with the number of their firms
        lane.opening_flow *= traders / 2500.0;
    }
    BilateralRules rules;
    rules.sample_size = static_cast<std::uint32_t>(state.range(1));
    const double kept = kept_strength(rules.half_life_months, 1.0);
    const std::vector<double> known(shape.nodes, 1000.0);
    MarketMemory memory;
    std::vector<SingleTrade> trades;
    BilateralEffort effort;
    for (int tick = 0; tick < 2; ++tick) {
        trades.clear();
        clear_bilateral({market, rules, {known, known}, Random(1), tick, kept}, memory, trades);
    }
    const MarketMemory partners = memory;
    for (auto _ : state) {
        trades.clear();
        memory = partners;
        effort = clear_bilateral({market, rules, {known, known}, Random(1), 2, kept}, memory, trades);
    }
    state.counters["trades"] = static_cast<double>(trades.size());
    state.counters["quotes"] = static_cast<double>(effort.quotes);
    state.counters["per_trader"] = benchmark::Counter(
        static_cast<double>(traders), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(bilateral_tick)
    ->ArgNames({"traders", "sample"})
    ->Args({1000, 6})
    ->Args({10000, 6})
    ->Args({100000, 6})
    ->Args({1000000, 6})
    ->Args({100000, 3})
    ->Args({100000, 12})
    ->Unit(benchmark::kMillisecond);

}  // namespace
