#include "simulation/calibration/outlook_paths.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "simulation/calibration/build.hpp"
#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// The world of a base year with an outlook.
struct Growing {
    explicit Growing(const std::string& demand, std::vector<std::string> overrides = {}) {
        overrides.emplace_back("outlook.demand=\"" + demand + "\"");
        overrides.emplace_back("population.firms=100");
        scenario = load_scenario(shipped("stationary.toml"), overrides);
        simulation = build_simulation(scenario);
    }
    const Economy& economy() const { return simulation.economy; }
    const Outlook& outlook() const { return simulation.economy.outlook; }
    /// Need of a good in a country relative to the start.
    double need(const std::string& good, const std::string& country, double years) const {
        const std::size_t node = economy().network.node(economy().good(good), economy().country(country)).index();
        return outlook().need.at(node, years) / outlook().need.at(node, 0.0);
    }
    /// World need, weighted with use at the base date.
    double world_need(const std::string& good, double years) const {
        const std::vector<double>& use = simulation.base->goods[economy().good(good).index()].use;
        double sum = 0.0;
        for (std::size_t country = 0; country < use.size(); ++country) {
            sum += use[country] > 0.0 ? use[country] * need(good, economy().countries[country].code, years) : 0.0;
        }
        return sum / std::accumulate(use.begin(), use.end(), 0.0);
    }
    /// Planned throughput of a process relative to the base date; that of one country if it is named.
    double plan(const std::string& process, double years, const std::string& country = {}) const {
        double then = 0.0;
        double now = 0.0;
        for (std::size_t index = 0; index < economy().cells.size(); ++index) {
            const Cell& cell = economy().cells[index];
            if (economy().processes[cell.process.index()].name == process &&
                (country.empty() || economy().country(country) == cell.country)) {
                now += cell.base_throughput_t;
                then += cell.base_throughput_t * outlook().plan.at(index, years);
            }
        }
        return then / now;
    }
    /// Long-run price of a good that the plan makes, over that of the base date.
    double cost(const std::string& good, double years) const {
        return outlook().cost.at(economy().good(good).index(), years);
    }
    /// Planned output of a good relative to the base date.
    double planned_output(const std::string& good, double years) const {
        const GoodId id = economy().good(good);
        double then = 0.0;
        double now = 0.0;
        for (std::size_t index = 0; index < economy().cells.size(); ++index) {
            const Cell& cell = economy().cells[index];
            for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
                if (cell.kind != FirmKind::merchant && cell.positions[number].good == id) {
                    now += cell.base_throughput_t * cell.positions[number].per_throughput;
                    then += cell.base_throughput_t * cell.positions[number].per_throughput *
                            outlook().plan.at(index, years);
                }
            }
        }
        return then / now;
    }

    Scenario scenario;
    Simulation simulation;
};

TEST(OutlookLaidOut, AConstantWorldHasShocksButNoPaths) {
    Growing still("constant");
    EXPECT_TRUE(still.outlook().need.empty() && still.outlook().plan.empty() && still.outlook().host.empty());
    EXPECT_FALSE(still.outlook().depletes);
    EXPECT_EQ(still.outlook().cost_decline_per_year, 0.0);
    EXPECT_TRUE(still.outlook().shocks.empty());
    still.scenario.resolved_shocks = {{.name = "flood", .goods = {}, .countries = {}, .share = 0.5, .start_tick = 2}};
    still.simulation = build_simulation(still.scenario);
    ASSERT_EQ(still.outlook().shocks.size(), 1U);
    EXPECT_EQ(still.outlook().shocks[0].start_tick, 2);
}

TEST(OutlookLaidOut, EveryIndexStartsFromTheBaseDate) {
    const Growing growing("STEPS");
    EXPECT_TRUE(growing.outlook().depletes);
    EXPECT_EQ(growing.outlook().cost_decline_per_year, growing.economy().behaviour.cost_decline_per_year);
    for (std::size_t index = 0; index < growing.economy().cells.size(); ++index) {
        const Cell& cell = growing.economy().cells[index];
        if (cell.kind == FirmKind::manufacturer) {
            // Apparent use less stock building.
            const double start = growing.outlook().need.at(cell.positions[0].node.index(), 0.0);
            EXPECT_GE(start, 0.8 - 1e-12);
            EXPECT_LE(start, 1.1 + 1e-12);
        }
        EXPECT_NEAR(growing.outlook().plan.at(index, 0.0), 1.0, 1e-9) << index;
        EXPECT_NEAR(growing.outlook().host.at(index, 0.0), 1.0, 1e-9) << index;
    }
}

/// Statistics count stock building as use; it is growth over the first years x months of stocks.
TEST(OutlookLaidOut, NeedExcludesStockBuilding) {
    const Growing growing("STEPS");
    const auto cover = [&](const char* good, const char* role) {
        return growing.scenario.data.find(growing.scenario.data.cover_months, good, role, 1.0);
    };
    const auto start = [&](const char* good) {
        return growing.outlook().need.at(
            growing.economy().network.node(growing.economy().good(good), growing.economy().country("JPN")).index(),
            0.0);
    };
    const auto growth = [&](const char* good) { return std::log(growing.world_need(good, 3.0)) / 3.0; };
    ASSERT_GT(growth("gallium.refined"), 0.01);
    EXPECT_NEAR(start("gallium.refined"),
                1.0 - growth("gallium.refined") *
                          (cover("gallium.refined", "producer") + cover("gallium.refined", "manufacturer")) / 12.0,
                1e-9);
    // Lithium's chain includes stocks of ore.
    const double months = cover("lithium.refined", "producer") + cover("lithium.refined", "manufacturer") +
                          cover("lithium.ore", "producer") + cover("lithium.ore", "refiner_input");
    EXPECT_NEAR(start("lithium.refined"), 1.0 - growth("lithium.refined") * months / 12.0, 1e-9);
}

TEST(OutlookLaidOut, NeedsFollowTheScenario) {
    const Growing steps("STEPS");
    const Growing zero("NZE");
    EXPECT_GT(steps.need("lithium.refined", "JPN", 16.0), 2.0 * steps.need("cobalt.refined", "JPN", 16.0)) << "in 2040";
    EXPECT_GT(steps.need("cobalt.refined", "JPN", 16.0), 1.2);
    EXPECT_GT(zero.need("lithium.refined", "JPN", 16.0), steps.need("lithium.refined", "JPN", 16.0));
    // Each end use by its share (end_uses.csv) and its own path (demand_index.csv).
    double expected = 0.0;
    double shares = 0.0;
    for (const auto& [use, share] : steps.scenario.data.outlook.end_uses.at("lithium.refined")) {
        expected += share * steps.scenario.data.outlook.demand_index.at("STEPS").at({"lithium.refined", use}).at(2040);
        shares += share;
    }
    EXPECT_NEAR(steps.need("lithium.refined", "JPN", 16.0), expected / shares, 1e-9);
    EXPECT_NEAR(steps.need("lithium.refined", "USA", 16.0), expected / shares, 1e-9)
        << "from 2024 on needs of the United States grow as all others";
}

/// Before 2024 each end use in the United States follows the industry that drives it.
TEST(OutlookLaidOut, UnitedStatesNeedFollowsItsIndustry) {
    const Growing growing("STEPS", {"base_year=2020", "run.start=\"2020-01\""});
    const auto& industry = growing.scenario.data.outlook.us_economy;
    const YearPath& all = industry.at("industrial_production_all_industry");
    const YearPath& minerals = industry.at("industrial_production_nonmetallic_mineral_products");
    EXPECT_NEAR(growing.need("gallium.refined", "USA", 2.0), all.at(2022) / all.at(2020), 1e-9);
    EXPECT_NEAR(growing.need("gallium.refined", "USA", 2.0), 103.0 / 95.0, 1e-9)
        << "USGS, mineral-related economic trends";
    EXPECT_NEAR(growing.need("gallium.refined", "USA", 4.0), all.at(2024) / all.at(2020), 1e-9);
    EXPECT_NEAR(growing.need("gallium.refined", "USA", 8.0) / growing.need("gallium.refined", "USA", 4.0),
                growing.need("gallium.refined", "JPN", 8.0) / growing.need("gallium.refined", "JPN", 4.0), 1e-9);
    // Two industries drive lithium.
    const auto& uses = growing.scenario.data.outlook.end_uses.at("lithium.refined");
    const double other = uses.at("other_uses");
    const double rest = uses.at("electric_vehicles") + uses.at("grid_battery_storage");
    const auto at = [&](int year) {
        return rest * all.at(year) / all.at(2024) + other * minerals.at(year) / minerals.at(2024);
    };
    EXPECT_NEAR(growing.need("lithium.refined", "USA", 2.0), at(2022) / at(2020), 1e-9);
    EXPECT_GT(growing.need("lithium.refined", "JPN", 2.0), 1.1 * at(2022) / at(2020))
        << "elsewhere the scenario's growth is extrapolated back";
}

/// What is needed no faster than discovery and progress go costs what it did, and its plan is its need.
TEST(OutlookLaidOut, PlannedCapacityFollowsNeedWhereGrowthCostsNothing) {
    const Growing growing("STEPS");
    int slow = 0;
    for (const double years : {1.0, 6.0, 16.0, 30.0}) {
        // Recycled and primary metal together meet the need.
        for (const char* good : {"antimony.refined", "tungsten.refined", "niobium.refined", "beryllium.refined"}) {
            if (growing.world_need(good, years) < std::exp(0.029 * years) && growing.cost(good, years) < 1.0 + 1e-9) {
                EXPECT_NEAR(growing.planned_output(good, years) / growing.world_need(good, years), 1.0, 1e-6)
                    << good << " " << years;
                ++slow;
            }
        }
    }
    EXPECT_GE(slow, 8);
}

/// The plan climbs the cost curves: more need is more expensive, and less is used of each tonne that is needed.
TEST(OutlookLaidOut, ThePlanPaysItsOwnCost) {
    const Growing steps("STEPS");
    const Growing zero("NZE");
    for (const double years : {6.0, 16.0}) {
        EXPECT_GT(steps.cost("lithium.refined", years), 1.1) << years;
        EXPECT_GT(zero.cost("lithium.refined", years), 1.1 * steps.cost("lithium.refined", years)) << years;
        const double used = steps.planned_output("lithium.refined", years) / steps.world_need("lithium.refined", years);
        EXPECT_LT(used, std::pow(steps.cost("lithium.refined", years), -0.3));
        EXPECT_GT(used, 0.3);
    }
    EXPECT_NEAR(steps.cost("lithium.refined", 0.0), 1.0, 1e-9);
    EXPECT_GT(steps.plan("lithium_mine", 16.0), 1.8);
    EXPECT_TRUE(Growing("constant").outlook().cost.empty());
}

/// A joint process follows the value of its products: it grows faster than the slowest and slower than the fastest.
TEST(OutlookLaidOut, SeparationFollowsItsBasket) {
    const Growing growing("STEPS");
    double low = std::numeric_limits<double>::infinity();
    double high = 0.0;
    for (const char* good : {"lanthanum.refined", "cerium.refined", "ndpr.refined"}) {
        low = std::min(low, growing.world_need(good, 16.0));
        high = std::max(high, growing.world_need(good, 16.0));
    }
    EXPECT_GT(growing.plan("separation_light", 16.0), low);
    EXPECT_LT(growing.plan("separation_light", 16.0), high);
    EXPECT_GT(growing.plan("separation_light", 16.0), 0.5 * (low + high)) << "most of the value is magnet metal";
}

TEST(OutlookLaidOut, CountriesSharesFollowTheCapacityPlan) {
    const Growing growing("STEPS");
    const auto& shares = growing.scenario.data.outlook.capacity_plan;
    const double moved =
        shares.at({"lithium_refinery", "CHL"}).at(2030) / shares.at({"lithium_refinery", "CHN"}).at(2030);
    ASSERT_LT(moved, 0.8);
    EXPECT_NEAR(growing.plan("lithium_refinery", 6.0, "CHL") / growing.plan("lithium_refinery", 6.0, "CHN"), moved,
                1e-9);
    // The plan starts in 2024; shares are constant before.
    const Growing early("STEPS", {"base_year=2020", "run.start=\"2020-01\""});
    EXPECT_NEAR(early.plan("lithium_refinery", 3.0, "CHL") / early.plan("lithium_refinery", 3.0, "CHN"), 1.0, 1e-9);
    EXPECT_NEAR(early.plan("lithium_refinery", 10.0, "CHL") / early.plan("lithium_refinery", 10.0, "CHN"), moved, 1e-9);
}

/// Planned recycling follows products at the end of their life, that is, use one lifetime before.
TEST(OutlookLaidOut, RecyclingFollowsEndOfLife) {
    const Growing steps("STEPS");
    const Growing zero("NZE");
    const double past = steps.scenario.data.outlook.recycling.at("cobalt_recycling").past_growth;
    ASSERT_GT(past, 0.05);
    EXPECT_NEAR(std::log(steps.plan("cobalt_recycling", 1.0)), past, 0.15 * past)
        << "at first it grows as use did before the run";
    const double soon = std::log(zero.plan("cobalt_recycling", 2.0) / steps.plan("cobalt_recycling", 2.0));
    const double needs_soon =
        std::log(zero.world_need("cobalt.refined", 2.0) / steps.world_need("cobalt.refined", 2.0));
    const double needs_later =
        std::log(zero.world_need("cobalt.refined", 6.0) / steps.world_need("cobalt.refined", 6.0));
    const double later = std::log(zero.plan("cobalt_recycling", 20.0) / steps.plan("cobalt_recycling", 20.0));
    ASSERT_GT(needs_soon, 0.02);
    EXPECT_LT(soon, 0.2 * needs_soon) << "products of today do not reach the end of their life tomorrow";
    EXPECT_GT(later, 0.3 * needs_later) << "but later they do";
    // With a lifetime of 4 years recycling of tungsten follows its need sooner than that of cobalt (13 years).
    EXPECT_NEAR(steps.plan("tungsten_recycling", 16.0) / steps.world_need("tungsten.refined", 16.0 - 3.9), 1.0, 0.1);
}

TEST(OutlookLaidOut, HostsFollowTheirIndex) {
    const Growing growing("STEPS");
    int checked = 0;
    for (std::size_t index = 0; index < growing.economy().cells.size(); ++index) {
        const Cell& cell = growing.economy().cells[index];
        const auto path =
            growing.scenario.data.outlook.host_index.find(growing.economy().processes[cell.process.index()].host);
        const double expected = path == growing.scenario.data.outlook.host_index.end()
                                    ? 1.0
                                    : at_year(path->second, 2040.0, true) / at_year(path->second, 2024.0, true);
        ASSERT_NEAR(growing.outlook().host.at(index, 16.0), expected, 1e-9);
        checked += expected > 1.05 ? 1 : 0;
    }
    EXPECT_GT(checked, 10);
}

}  // namespace
}  // namespace ytterby
