#include "simulation/calibration/build.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

class BaseYear : public ::testing::TestWithParam<int> {};

/// Production = use + net exports for every good and country.
TEST_P(BaseYear, Balances) {
    const Scenario scenario = load_scenario(shipped("stationary.toml"), {"base_year=" + std::to_string(GetParam())});
    const Simulation simulation = build_simulation(scenario);
    ASSERT_EQ(simulation.base->goods.size(), 26U);
    for (std::size_t good = 0; good < simulation.base->goods.size(); ++good) {
        const GoodBase& base = simulation.base->goods[good];
        double made = 0.0;
        double used = 0.0;
        for (std::size_t i = 0; i < base.production.size(); ++i) {
            double out = 0.0;
            double in = 0.0;
            for (std::size_t j = 0; j < base.production.size(); ++j) {
                out += base.flow[i][j];
                in += base.flow[j][i];
            }
            EXPECT_NEAR(out, base.production[i], 1e-9 * (1.0 + base.production[i]));
            EXPECT_NEAR(in, base.use[i], 1e-9 * (1.0 + base.use[i]));
            EXPECT_GT(base.price[i], 0.0);
            made += out;
            used += in;
        }
        EXPECT_GT(made, 0.0);
        EXPECT_NEAR(made, used, 1e-9 * made);
    }
}

/// Production in the base state is that of the tables, within 3 % by country.
TEST_P(BaseYear, KeepsTheDataOfEveryProducer) {
    const Scenario scenario = load_scenario(shipped("stationary.toml"), {"base_year=" + std::to_string(GetParam())});
    const Simulation simulation = build_simulation(scenario);
    int compared = 0;
    for (const auto& [process, table] : scenario.data.production) {
        for (const auto& [key, tonnes] : table) {
            const GoodId good = simulation.economy.good(key.first);
            const CountryId country = simulation.economy.country(key.second);
            double all = 0.0;
            for (const auto& [other, others] : scenario.data.production) {
                const auto found = others.find(key);
                all += found == others.end() ? 0.0 : found->second;
            }
            EXPECT_NEAR(simulation.base->goods[good.index()].production[country.index()] / all, 1.0, 0.03)
                << key.first << " " << key.second;
            ++compared;
        }
    }
    EXPECT_GT(compared, 40);
}

INSTANTIATE_TEST_SUITE_P(Years, BaseYear, ::testing::Values(2020, 2021, 2022, 2023, 2024));

/// The mean of node prices is the quote.
TEST(Build, PlacesNodePricesAtTheQuote) {
    const Scenario scenario = load_scenario(shipped("stationary.toml"), {});
    const Simulation simulation = build_simulation(scenario);
    const Economy& economy = simulation.economy;
    const std::size_t cobalt = economy.good("cobalt.refined").index();
    double value = 0.0;
    double weight = 0.0;
    for (std::size_t country = 0; country < economy.countries.size(); ++country) {
        const GoodBase& base = simulation.base->goods[cobalt];
        value += base.production[country] * base.price[country];
        weight += base.production[country];
    }
    EXPECT_NEAR(value / weight / scenario.data.find(scenario.data.prices, "cobalt.refined", "world", 0.0), 1.0, 0.03);
    // Two tiers where the data quote two: gallium under the licence of 2024.
    const auto price = [&](const char* country) {
        return economy
            .base_price[economy.network.node(economy.good("gallium.refined"), economy.country(country)).index()];
    };
    EXPECT_NEAR(price("CHN"), scenario.data.find(scenario.data.prices, "gallium.refined", "CHN", 0.0), 1.0);
    EXPECT_GT(price("JPN") / price("CHN"), 1.5);
}

/// A licence in force at the base date earns the price gap as its rent, also where the run ends it or takes it out.
TEST(Build, SeparatesRentsFromPreferences) {
    using Overrides = std::vector<std::string>;
    for (const Overrides& overrides :
         {Overrides{}, Overrides{"policy.gallium_licence.end=\"2024-01\""},
          Overrides{"policy.gallium_licence.remove=true", "base.never=[\"gallium_licence\"]"}}) {
        const Scenario scenario = load_scenario(shipped("stationary.toml"), overrides);
        const Simulation simulation = build_simulation(scenario);
        const Economy& economy = simulation.economy;
        const GoodLanes& book = economy.network.goods[economy.good("gallium.refined").index()];
        bool found = false;
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const TradeLane& lane = book.lanes[number];
            if (lane.origin == economy.country("CHN") && lane.destination == economy.country("JPN")) {
                found = true;
                const double rent = simulation.world.lanes.rent[book.first_lane + number];
                EXPECT_GT(rent, 100000.0);
                EXPECT_LT(std::abs(lane.preference_usd_per_t), 1.0);
            }
        }
        EXPECT_TRUE(found);
    }
}

/// A scenario of 2024 says what became of the licences of the base date; other base years and tables do not ask.
TEST(Build, AsksForMeasuresOfTheBaseDate) {
    const auto refusal = [](const std::vector<std::string>& overrides) -> std::string {
        try {
            load_scenario(shipped("stationary.toml"), overrides);
        } catch (const InputError& error) {
            EXPECT_EQ(error.problems().count(), 1U) << error.what();
            return error.what();
        }
        return "";
    };
    const std::string gone = "policy.gallium_licence.remove=true";
    EXPECT_EQ(refusal({}), "");
    EXPECT_NE(refusal({gone}).find("write [base] never = [\"gallium_licence\"]"), std::string::npos) << refusal({gone});
    EXPECT_NE(refusal({gone}).find("write end = \"2024-01\""), std::string::npos);
    EXPECT_NE(refusal({"policy.gallium_licence.start=\"2024-01\""}).find("start = \"2023-08-01\""), std::string::npos);
    EXPECT_EQ(refusal({"policy.gallium_licence.start=\"2023-08-01\""}), "");
    EXPECT_EQ(refusal({"policy.gallium_licence.end=\"2024-01\""}), "");
    EXPECT_EQ(refusal({gone, "base.never=[\"gallium_licence\"]"}), "");
    EXPECT_NE(refusal({"base.never=[\"gallium_licence\"]"}).find("a measure cannot be both"), std::string::npos);
    EXPECT_NE(refusal({"base.never=[\"galium_licence\"]"}).find("did you mean 'gallium_licence'?"), std::string::npos);
    EXPECT_FALSE(load_scenario(shipped("behaviour.toml"), {}).data.base_measures.empty())
        << "without policies: not asked";
    try {
        load_scenario(shipped("stationary.toml"), {gone, "policy.germanium_licence.remove=true"});
        ADD_FAILURE() << "the last policies were taken out";
    } catch (const InputError& error) {
        EXPECT_EQ(error.problems().count(), 2U) << error.what();
    }
    EXPECT_EQ(refusal({gone, "base_year=2023"}), "") << "a year in which they began";
    EXPECT_EQ(
        refusal({gone, "policy.other={kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=[\"gallium\"]}"}),
        "")
        << "whatever its name";
}

/// The groups that a policy may name. NATO and the partners of US trade agreements are those in the tables.
TEST(Build, KnowsTheGroupsOfTheCountriesTable) {
    const Scenario scenario = load_scenario(shipped("stationary.toml"), {});
    for (const auto& [group, members] : {std::pair{"EU27", 27U},
                                         {"G7", 7U},
                                         {"MSP", 14U},
                                         {"FEOC", 3U},
                                         {"IPEF", 14U},
                                         {"NATO", 28U},
                                         {"US_FTA", 7U}}) {
        const auto found = scenario.names.find_countries(group);
        ASSERT_TRUE(found) << group;
        EXPECT_EQ(found->size(), members) << group;
    }
}

TEST(Build, EveryGoodHasARestOfTheWorld) {
    const Simulation simulation = build_simulation(load_scenario(shipped("stationary.toml"), {}));
    EXPECT_TRUE(simulation.economy.country("ROW").exists());
    EXPECT_GE(simulation.economy.countries.size(), 30U);
}

}  // namespace
}  // namespace ytterby
