#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "market/certificate.hpp"
#include "market/exact_solver.hpp"
#include "tests/market/drawn_markets.hpp"

namespace {

using namespace ytterby;

/// A market of countries with lanes between about half of the pairs, as in the shipped baseline.
std::vector<SpatialMarket> elastic_market(std::uint32_t nodes) {
    Draws draws(nodes);
    DrawnShape shape;
    shape.nodes = nodes;
    return {drawn_market(draws, shape, 1000.0)};
}

/// From one price for all.
void elastic_market_cold(benchmark::State& state) {
    const auto markets = elastic_market(static_cast<std::uint32_t>(state.range(0)));
    SpatialClearing clearing;
    for (auto _ : state) {
        clearing = start_at(markets, 1000.0);
        clear_spatial(markets, {}, clearing);
    }
    state.counters["lanes"] = static_cast<double>(markets[0].lanes.size());
    state.counters["newton_steps"] = clearing.newton_steps;
    state.counters["certificate"] = certify(markets, {}, clearing).worst();
}
BENCHMARK(elastic_market_cold)->Arg(25)->Arg(50)->Arg(100)->Arg(200)->Unit(benchmark::kMicrosecond);

/// From last tick's prices, each of them a per cent off.
void elastic_market_warm(benchmark::State& state) {
    const auto markets = elastic_market(static_cast<std::uint32_t>(state.range(0)));
    SpatialClearing answer = start_at(markets, 1000.0);
    clear_spatial(markets, {}, answer);
    Draws draws(1);
    for (std::size_t node = 0; node < answer.markets[0].supply_price.size(); ++node) {
        const double change = draws.between(0.99, 1.01);
        answer.markets[0].supply_price[node] *= change;
        answer.markets[0].use_price[node] *= change;
    }
    SpatialClearing clearing;
    for (auto _ : state) {
        clearing = answer;
        clear_spatial(markets, {}, clearing);
    }
    state.counters["lanes"] = static_cast<double>(markets[0].lanes.size());
    state.counters["newton_steps"] = clearing.newton_steps;
}
BENCHMARK(elastic_market_warm)->Arg(25)->Arg(50)->Arg(100)->Arg(200)->Unit(benchmark::kMicrosecond);

std::vector<LimitOrder> drawn_orders(Draws& draws, std::int64_t count) {
    std::vector<LimitOrder> orders;
    const double shift = draws.between(-0.3, 0.3);
    for (std::int64_t order = 0; order < count; ++order) {
        const double limit = 1000.0 * draws.between(0.5 + shift, 1.5 + shift);
        orders.push_back({draws.spread(0.1, 10.0), limit, limit});
    }
    return orders;
}

ExactMarket exact_market(std::uint32_t nodes, std::int64_t orders) {
    Draws draws(nodes);
    ExactMarket market;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        market.supply.push_back(make_supply_curve(drawn_orders(draws, orders / nodes / 2)));
        market.use.push_back(make_use_curve(drawn_orders(draws, orders / nodes / 2)));
        for (std::uint32_t other = 0; other < nodes; ++other) {
            if (other != node) {
                SpatialLane lane;
                lane.from = node;
                lane.to = other;
                lane.freight = 300.0 * draws.share();
                market.lanes.push_back(lane);
            }
        }
    }
    return market;
}

/// Exact step orders, lanes of fixed cost between all pairs; curves already built.
void exact_market_cold(benchmark::State& state) {
    const ExactMarket market = exact_market(static_cast<std::uint32_t>(state.range(0)), state.range(1));
    SpatialClearing clearing;
    for (auto _ : state) {
        clearing = {};
        clear_exact({&market, 1}, {}, clearing);
    }
    state.counters["steps"] = clearing.newton_steps;
    state.counters["certificate"] = certify_exact({&market, 1}, {}, clearing).worst();
}
BENCHMARK(exact_market_cold)->ArgNames({"nodes", "orders"})->Args({25, 10000})->Args({25, 1000000})->Args({50, 100000})->Args({100, 100000})->Args({200, 100000})->Unit(benchmark::kMillisecond);

/// A million orders into one curve.
void curve_of_orders(benchmark::State& state) {
    Draws draws(1);
    const std::vector<LimitOrder> orders = drawn_orders(draws, state.range(0));
    for (auto _ : state) {
        benchmark::DoNotOptimize(make_supply_curve(orders).quantity.back());
    }
}
BENCHMARK(curve_of_orders)->Arg(1000000)->Unit(benchmark::kMillisecond);

}  // namespace
