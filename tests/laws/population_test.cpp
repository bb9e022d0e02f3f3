#include <gtest/gtest.h>

#include <cmath>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// Largest relative differences of national prices and of consumption between two populations, over a shock and its
/// aftermath, when heterogeneity matters.
struct Difference {
    double price = 0.0;
    double consumption = 0.0;
};

Difference compare(const char* few, const char* many) {
    const auto overrides = [](const char* firms) {
        return std::vector<std::string>{"run.ticks=18", std::string("population.firms=") + firms};
    };
    const FinishedRun small = run_config("gallium_control.toml", overrides(few));
    const FinishedRun large = run_config("gallium_control.toml", overrides(many));
    Difference worst;
    for (const char* good : {"gallium.refined", "germanium.refined", "cobalt.refined", "nickel.refined", "ndpr.refined",
                             "dysprosium.refined"}) {
        for (const char* country : {"CHN", "USA", "JPN", "KOR", "DEU"}) {
            for (std::size_t tick = 0; tick < 18; ++tick) {
                worst.price = std::max(
                    worst.price, std::abs(small.price(good, country, tick) / large.price(good, country, tick) - 1.0));
                const double used = small.history.consumption[tick][small.node(good, country)] /
                                    large.history.consumption[tick][large.node(good, country)];
                worst.consumption = std::max(worst.consumption, std::abs(used - 1.0));
            }
        }
    }
    return worst;
}

/// Splitting the same economy into more firms hardly changes national prices and use: prices by less than 5 % during a
/// licence shock that doubles them, use by less than 2 %.
TEST(Population, SplitsTheSameEconomy) {
    const Difference difference = compare("1000", "100000");
    EXPECT_LT(difference.price, 0.05);
    EXPECT_LT(difference.consumption, 0.02);
    std::cout << "price within " << 100 * difference.price << " %, use within " << 100 * difference.consumption
              << " %\n";
}

TEST(Population, TotalsDoNotDependOnTheNumberOfFirms) {
    for (const char* firms : {"1", "300", "30000"}) {
        const Scenario scenario = load_scenario(shipped("stationary.toml"), {std::string("population.firms=") + firms});
        const Simulation simulation = build_simulation(scenario);
        double capacity = 0.0;
        for (const Cell& cell : simulation.economy.cells) {
            double flow = 0.0;
            for (std::uint32_t k = 0; k < cell.firms; ++k) {
                flow += simulation.economy.traits.capacity_t[cell.first_firm + k] *
                        static_cast<double>(simulation.economy.traits.base_run_rate[cell.first_firm + k]);
            }
            ASSERT_NEAR(flow, cell.base_throughput_t,
                        1e-12 * cell.base_throughput_t);  // 0 in cells without plants
            capacity += flow;
        }
        EXPECT_GT(capacity, 0.0);
    }
}

}  // namespace
}  // namespace ytterby
