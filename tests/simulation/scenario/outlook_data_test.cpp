#include "simulation/scenario/outlook_data.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/simulation/scenario/spoilt_tables.hpp"

namespace ytterby {
namespace {

TEST(AtYear, InterpolatesLogarithms) {
    const YearPath path{{2024, 1.0}, {2030, 4.0}, {2040, 2.0}};
    EXPECT_NEAR(at_year(path, 2024.0, true), 1.0, 1e-12);
    EXPECT_NEAR(at_year(path, 2030.0, true), 4.0, 1e-12);
    EXPECT_NEAR(at_year(path, 2040.0, true), 2.0, 1e-12);
    EXPECT_NEAR(at_year(path, 2027.0, true), 2.0, 1e-12);
    EXPECT_NEAR(at_year(path, 2035.0, false), std::sqrt(8.0), 1e-12);
}

TEST(AtYear, BeyondItsYearsTheNearestGrowthOrTheNearestValueContinues) {
    const YearPath path{{2024, 1.0}, {2030, 4.0}, {2040, 2.0}};
    EXPECT_NEAR(at_year(path, 2021.0, true), 0.5, 1e-12);
    EXPECT_NEAR(at_year(path, 2050.0, true), 1.0, 1e-12);
    EXPECT_NEAR(at_year(path, 2021.0, false), 1.0, 1e-12);
    EXPECT_NEAR(at_year(path, 2050.0, false), 2.0, 1e-12);
}

TEST(AtYear, OneYearIsConstantAndAnEmptyPathIsOne) {
    EXPECT_EQ(at_year({{2024, 7.0}}, 2050.0, true), 7.0);
    EXPECT_EQ(at_year({}, 2050.0, true), 1.0);
}

using OutlookTables = SpoiltTables;

const char* const long_run_tables[] = {"end_uses.csv",   "demand_index.csv", "substitution.csv", "us_economy.csv",
                                       "us_drivers.csv", "us_run_rates.csv", "investment.csv",   "capacity_plan.csv",
                                       "reserves.csv",   "latent.csv",       "host_index.csv",   "recycling.csv",
                                       "footprint.csv"};

TEST_F(OutlookTables, WithoutThemTheWorldIsStationary) {
    for (const char* name : long_run_tables) {
        remove_table(name);
    }
    EXPECT_TRUE(problems({"population.firms=100"}).empty());
    scenario("[outlook]\ndemand = \"STEPS\"\n");
    expect_one({"s.toml:4:", "error: outlook.demand", "the data folder has no scenario STEPS",
                "end_uses.csv and demand_index.csv give the growth of demand", "demand = \"constant\""});
}

/// A missing table does not make names of other tables unknown.
TEST_F(OutlookTables, EachOfThemMayBeMissing) {
    for (const char* name : long_run_tables) {
        SCOPED_TRACE(name);
        const std::string text = table(name);
        remove_table(name);
        EXPECT_TRUE(problems({"population.firms=100"}).empty());
        const std::vector<std::string> steps{"population.firms=100", "outlook.demand=\"STEPS\""};
        if (std::string(name) == "end_uses.csv" || std::string(name) == "demand_index.csv") {
            expect_one({"outlook.demand", "the data folder has no scenario STEPS"}, steps);
        } else {
            EXPECT_TRUE(problems(steps).empty());
        }
        write_table(name, text);
    }
}

TEST_F(OutlookTables, AScenarioThatTheTableLacksIsReported) {
    std::string text = table("demand_index.csv");
    for (std::size_t at = text.find(",NZE,"); at != std::string::npos; at = text.find(",NZE,", at)) {
        text.replace(at, 5, ",APS,");
    }
    write_table("demand_index.csv", text);
    expect_one({"outlook.demand", "the data folder has no scenario NZE"}, {"outlook.demand=\"NZE\""});
    EXPECT_TRUE(problems({"outlook.demand=\"STEPS\"", "population.firms=100"}).empty());
}

TEST_F(OutlookTables, UnknownNames) {
    const auto spoilt = [&](const std::string& name, const std::string& from, const std::string& to,
                            const std::vector<std::string>& pieces) {
        SCOPED_TRACE(name);
        const std::string text = table(name);
        spoil(name, from, to);
        expect_one(pieces);
        write_table(name, text);
    };
    spoilt("demand_index.csv", "gallium.refined,semiconductors", "gallium.refined,semiconductor",
           {"data/demand_index.csv:2:17", "end_use", "unknown end use 'semiconductor' of gallium.refined",
            "end_uses.csv does not list it"});
    spoilt("us_drivers.csv", "industrial_production_all_industry", "industrial_production",
           {"data/us_drivers.csv:2:", "unknown indicator 'industrial_production'", "us_economy.csv does not list it"});
    spoilt("us_run_rates.csv", "gallium_recovery", "galium_recovery",
           {"data/us_run_rates.csv:2:1", "unknown process 'galium_recovery'", "did you mean 'gallium_recovery'"});
    spoilt("investment.csv", "gallium_recovery", "galium_recovery",
           {"data/investment.csv:2:1", "unknown process 'galium_recovery'"});
    spoilt("capacity_plan.csv", "cobalt_mine,USA", "cobalt_mine,USS",
           {"data/capacity_plan.csv:2:13", "unknown country 'USS'", "did you mean 'USA'"});
    spoilt("latent.csv", "gallium_recovery,USA", "gallium_recovery,USS",
           {"data/latent.csv:2:18", "unknown country 'USS'"});
}

TEST_F(OutlookTables, ValuesOutOfBounds) {
    const auto spoilt = [&](const std::string& name, const std::string& row, const std::string& column,
                            const std::string& value, const std::vector<std::string>& pieces) {
        SCOPED_TRACE(name);
        const std::string text = table(name);
        set_cell(name, row, column, value);
        expect_one(pieces);
        write_table(name, text);
    };
    spoilt("end_uses.csv", "gallium.refined,semiconductors", "share", "1.5",
           {"data/end_uses.csv:2:", "1.5 is above the most allowed"});
    spoilt("demand_index.csv", "gallium.refined,semiconductors,STEPS,2024", "index", "0",
           {"data/demand_index.csv:2:", "0 is below the least allowed", "2024 = 1"});
    spoilt("investment.csv", "gallium_recovery", "lifetime_years", "0",
           {"data/investment.csv:2:", "0 is below the least allowed", "years"});
    spoilt("investment.csv", "gallium_recovery", "own_price_share", "1.1",
           {"data/investment.csv:2:", "1.1 is above the most allowed"});
    spoilt("us_run_rates.csv", "gallium_recovery,2020", "utilisation_share", "lots",
           {"data/us_run_rates.csv:2:", "\"lots\" is not a number"});
    spoilt("recycling.csv", "cobalt.refined", "collection_share", "-0.1",
           {"data/recycling.csv:2:", "-0.1 is below the least allowed"});
}

/// Mean run rate of a sector's firms, weighted with their capacity.
double run_rate(const Simulation& simulation, const std::string& process, const char* country) {
    const Economy& economy = simulation.economy;
    double made = 0.0;
    double capacity = 0.0;
    for (const Cell& cell : economy.cells) {
        if (economy.processes[cell.process.index()].name == process && cell.country == economy.country(country)) {
            for (std::size_t firm = cell.first_firm; firm < cell.first_firm + cell.firms; ++firm) {
                capacity += economy.traits.capacity_t[firm];
                made += economy.traits.capacity_t[firm] * static_cast<double>(economy.traits.base_run_rate[firm]);
            }
        }
    }
    return made / capacity;
}

TEST_F(OutlookTables, RunRatesOfUnitedStatesPlantsAreThoseOfTheirIndustry) {
    const auto rate = [&](const std::string& year) {
        const Scenario scenario =
            load_scenario((folder_ / "s.toml").string(), {"base_year=" + year, "population.firms=100"});
        return run_rate(build_simulation(scenario), "lithium_mine", "USA");
    };
    // us_run_rates.csv: USGS, metal mining.
    EXPECT_NEAR(rate("2020"), 0.66, 1e-4);
    EXPECT_NEAR(rate("2022"), 0.56, 1e-4);
    // A figure for the plants themselves takes precedence.
    write_table("capacity.csv", table("capacity.csv") + "lithium_mine,USA,2022,1000,0.7,assumed,,,test,\n");
    EXPECT_NEAR(rate("2022"), 0.7, 1e-4);
    EXPECT_NEAR(rate("2020"), 0.66, 1e-4);
}

}  // namespace
}  // namespace ytterby
