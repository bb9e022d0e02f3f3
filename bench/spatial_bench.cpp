#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "market/certificate.hpp"
#include "market/exact/solver.hpp"
#include "market/spatial/solver.hpp"
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

/// Step orders spread over all nodes, lanes of fixed cost between all pairs or to about six others.
ExactMarket exact_market(const benchmark::State& state) {
    const auto nodes = static_cast<std::uint32_t>(state.range(0));
    const std::int64_t each = std::max<std::int64_t>(1, state.range(1) / nodes / 2);
    const double lanes = state.range(2) != 0 ? 1.0 : std::min(1.0, 6.0 / nodes);
    Draws draws(nodes);
    ExactMarket market;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        market.supply.push_back(make_supply_curve(drawn_orders(draws, each)));
        market.use.push_back(make_use_curve(drawn_orders(draws, each)));
        for (std::uint32_t other = 0; other < nodes; ++other) {
            if (other != node && draws.chance(lanes)) {
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

void count_exact(benchmark::State& state, const ExactMarket& market, const SpatialClearing& clearing) {
    state.counters["lanes"] = static_cast<double>(market.lanes.size());
    state.counters["steps"] = clearing.newton_steps;
    state.counters["certificate"] = certify_exact({&market, 1}, {}, clearing).worst();
}

/// From nothing known; curves already built.
void exact_market_cold(benchmark::State& state) {
    const ExactMarket market = exact_market(state);
    SpatialClearing clearing;
    for (auto _ : state) {
        clearing = {};
        clear_exact({&market, 1}, {}, clearing);
    }
    count_exact(state, market, clearing);
}

/// From last tick's answer after every node's curves moved by up to 1 % (0.1 % where `permille` is 1).
void exact_market_warm(benchmark::State& state) {
    ExactMarket market = exact_market(state);
    SpatialClearing last;
    clear_exact({&market, 1}, {}, last);
    Draws draws(1);
    const double most = 1e-3 * static_cast<double>(state.range(3));
    for (std::size_t node = 0; node < market.supply.size(); ++node) {
        for (OrderCurve* curve : {&market.supply[node], &market.use[node]}) {
            const double change = draws.between(1.0 - most, 1.0 + most);
            for (double& price : curve->price) {
                price *= change;
            }
        }
    }
    SpatialClearing clearing;
    for (auto _ : state) {
        clearing = last;
        clear_exact({&market, 1}, {}, clearing);
    }
    count_exact(state, market, clearing);
}

void exact_sizes(benchmark::internal::Benchmark* bench, bool warm) {
    for (const std::int64_t nodes : {2, 25, 200}) {
        for (const std::int64_t orders : {100, 10000, 100000, 1000000}) {
            for (const std::int64_t dense : {0, 1}) {
                if (orders < 2 * nodes || (nodes == 2 && dense == 0)) {
                    continue;
                }
                if (!warm) {
                    bench->Args({nodes, orders, dense});
                    continue;
                }
                for (const std::int64_t permille : {1, 10}) {
                    bench->Args({nodes, orders, dense, permille});
                }
            }
        }
    }
}
BENCHMARK(exact_market_cold)->ArgNames({"nodes", "orders", "dense"})->Apply([](auto* bench) {
    exact_sizes(bench, false);
}) -> Unit(benchmark::kMillisecond);
BENCHMARK(exact_market_warm)->ArgNames({"nodes", "orders", "dense", "permille"})->Apply([](auto* bench) {
    exact_sizes(bench, true);
}) -> Unit(benchmark::kMillisecond);

/// Orders into one curve.
void curve_of_orders(benchmark::State& state) {
    Draws draws(1);
    const std::vector<LimitOrder> orders = drawn_orders(draws, state.range(0));
    for (auto _ : state) {
        benchmark::DoNotOptimize(make_supply_curve(orders).quantity.back());
    }
}
BENCHMARK(curve_of_orders)->RangeMultiplier(10)->Range(100, 1000000)->Unit(benchmark::kMillisecond);

}  // namespace
