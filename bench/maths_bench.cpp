#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>

#include "core/column.hpp"
#include "core/maths.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"

namespace {

using namespace ytterby;

constexpr std::size_t size = 4096;

/// Applies a function to a column that fits the cache; items per second are calls.
template <class Value, class Function>
void over_column(benchmark::State& state, Function function) {
    Column<Value> input(size);
    Column<Value> output(size);
    for (std::size_t i = 0; i < size; ++i) {
        input[i] = static_cast<Value>(0.05 + 0.005 * static_cast<double>(i));
    }
    for (auto _ : state) {
        for (std::size_t i = 0; i < size; ++i) {
            output[i] = function(input[i]);
        }
        benchmark::DoNotOptimize(output.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(size));
}

void fast_log_column(benchmark::State& state) {
    over_column<float>(state, [](float x) { return fast_log(x); });
}
void fast_exp_column(benchmark::State& state) {
    over_column<float>(state, [](float x) { return fast_exp(-x); });
}
void fast_pow_column(benchmark::State& state) {
    over_column<float>(state, [](float x) { return fast_pow(x, -0.6F); });
}
void fast_logistic_column(benchmark::State& state) {
    over_column<float>(state, [](float x) { return fast_logistic(x); });
}
void library_powf_column(benchmark::State& state) {
    over_column<float>(state, [](float x) { return std::pow(x, -0.6F); });
}
void exact_log_column(benchmark::State& state) {
    over_column<double>(state, [](double x) { return ytterby::log(x); });
}
void exact_exp_column(benchmark::State& state) {
    over_column<double>(state, [](double x) { return ytterby::exp(-x); });
}
void exact_pow_column(benchmark::State& state) {
    over_column<double>(state, [](double x) { return ytterby::pow(x, -0.6); });
}
void library_log_column(benchmark::State& state) {
    over_column<double>(state, [](double x) { return std::log(x); });
}
void library_exp_column(benchmark::State& state) {
    over_column<double>(state, [](double x) { return std::exp(-x); });
}
void library_pow_column(benchmark::State& state) {
    over_column<double>(state, [](double x) { return std::pow(x, -0.6); });
}

void random_uniform_scalar(benchmark::State& state) {
    const Random random(1);
    std::uint32_t entity = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(random.uniform(entity++, Purpose::test, 3));
    }
    state.SetItemsProcessed(state.iterations());
}

void random_uniform_fill(benchmark::State& state) {
    const Random random(1);
    Column<float> values(size);
    for (auto _ : state) {
        random.fill_uniform(values, 0u, Purpose::test, 3);
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(size));
}

void random_normal_fill(benchmark::State& state) {
    const Random random(1);
    Column<float> values(size);
    for (auto _ : state) {
        random.fill_normal(values, 0u, Purpose::test, 3);
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(size));
}

/// Cost of handing an empty job to the pool and waiting for it.
void empty_for_blocks(benchmark::State& state) {
    Workers workers(static_cast<unsigned>(state.range(0)));
    for (auto _ : state) {
        workers.for_blocks(16, [](std::size_t block) { benchmark::DoNotOptimize(block); });
    }
}

BENCHMARK(fast_log_column);
BENCHMARK(fast_exp_column);
BENCHMARK(fast_pow_column);
BENCHMARK(fast_logistic_column);
BENCHMARK(library_powf_column);
BENCHMARK(exact_log_column);
BENCHMARK(exact_exp_column);
BENCHMARK(exact_pow_column);
BENCHMARK(library_log_column);
BENCHMARK(library_exp_column);
BENCHMARK(library_pow_column);
BENCHMARK(random_uniform_scalar);
BENCHMARK(random_uniform_fill);
BENCHMARK(random_normal_fill);
BENCHMARK(empty_for_blocks)->Arg(1)->Arg(2)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
