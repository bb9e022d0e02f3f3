#include <gtest/gtest.h>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

struct Steps : Observer {
    double steps = 0.0;
    double markets = 0.0;
    void on_tick(const TickReport& report) override {
        steps += static_cast<double>(report.trades.quality.iterations);
        markets += static_cast<double>(report.trades.quality.markets);
    }
};

/// A count, not a time: 2.7 steps and sweeps per market where a search starts from extrapolated prices, 3.8 where it
/// starts from the last prices.
TEST(SearchSteps, AreFewFromExtrapolatedPrices) {
    const Scenario scenario = load_scenario(shipped("baseline.toml"), {"run.ticks=72", "population.firms=1000"});
    Simulation simulation = build_simulation(scenario);
    Steps count;
    run(scenario, simulation, count);
    ASSERT_GT(count.markets, 1000.0);
    EXPECT_LT(count.steps / count.markets, 3.2);
}

}  // namespace
}  // namespace ytterby
