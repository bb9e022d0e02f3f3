#include "agents/phases/investment/believed_prices.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "policies/policy.hpp"
#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// The world at rest, with or without a measure that starts in its second month; a measure of the base date would be
/// part of it.
struct Believing {
    Scenario scenario;
    Simulation simulation;

    explicit Believing(const std::vector<std::string>& more = {})
        : scenario(load_scenario(shipped("stationary.toml"), with_few_firms(more))),
          simulation(build_simulation(scenario)) {
        simulation.world.tick = 1;
        const Regime regime = govern(simulation.economy, simulation.world, scenario.calendar, scenario.policies);
        renew_believed_prices(simulation.economy, simulation.world, regime, simulation.world.believed);
    }
    static std::vector<std::string> with_few_firms(std::vector<std::string> more) {
        more.insert(more.begin(), "population.firms=100");
        return more;
    }
    double at(std::size_t year, const char* good, const char* country) const {
        const Economy& economy = simulation.economy;
        const std::size_t node = economy.network.node(economy.good(good), economy.country(country)).index();
        return simulation.world.believed.multiple[year * economy.network.node_count() + node];
    }
};

std::string quota_at(double t_per_year, const char* more = "") {
    return "policy.q={kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods=[\"gallium.refined\"],quota_t_per_"
           "year=" +
           std::to_string(t_per_year) + ",start=\"2024-02\",expected_months=600" + more + "}";
}

TEST(BelievedPrices, AtRestTheyAreThoseOfTheBaseDate) {
    const Believing rest;
    for (const double multiple : rest.simulation.world.believed.multiple) {
        ASSERT_NEAR(multiple, 1.0, 1e-6);
    }
}

TEST(BelievedPrices, ATariffIsInThePriceOfASmallImporterForGood) {
    const Believing wall(
        {"policy.w={kind=\"tariff\",actor=\"USA\",goods=[\"cobalt.refined\"],start=\"2024-02\",rate_share=0.2}"});
    for (std::size_t year = 0; year < believed_years.size(); ++year) {
        EXPECT_GT(wall.at(year, "cobalt.refined", "USA"), 1.15);
        EXPECT_LT(wall.at(year, "cobalt.refined", "USA"), 1.21);
        EXPECT_NEAR(wall.at(year, "cobalt.refined", "JPN"), 1.0, 0.03);
    }
}

/// The tighter, the more expensive; and what others build brings prices down in years.
TEST(BelievedPrices, EntryEndsRents) {
    double before = 1.0;
    for (const double t_per_year : {58.0, 45.0, 32.0, 19.0, 6.0}) {
        const Believing quota({quota_at(t_per_year)});
        const double soon = quota.at(0, "gallium.refined", "USA");
        EXPECT_GT(soon, before) << t_per_year;
        EXPECT_LT(quota.at(believed_years.size() - 1, "gallium.refined", "USA"), soon);
        EXPECT_GT(quota.at(believed_years.size() - 1, "gallium.refined", "USA"), 1.0);
        before = soon;
    }
}

TEST(BelievedPrices, AMeasureThatIsExpectedToEndIsInNoLaterYear) {
    const Believing passing(
        {"policy.q={kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium.refined\"],"
         "start=\"2024-02\",expected_months=24}"});
    for (std::size_t year = 0; year < believed_years.size(); ++year) {
        EXPECT_NEAR(passing.at(year, "gallium.refined", "USA"), 1.0, 0.02);
    }
}

}  // namespace
}  // namespace ytterby
