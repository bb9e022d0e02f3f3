#include "agents/phases/outlook.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "agents/phases/support/scrap.hpp"
#include "core/random.hpp"
#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// Paths by row and knot.
Outlook::Paths paths_of(const std::vector<std::vector<double>>& index) {
    Outlook::Paths paths(index.size(), index.front().size());
    for (std::size_t row = 0; row < index.size(); ++row) {
        for (std::size_t knot = 0; knot < index[row].size(); ++knot) {
            paths.log_at_knot(row, knot) = std::log(index[row][knot]);
        }
    }
    return paths;
}

TEST(OutlookPaths, RunThroughTheirKnotsInLogarithms) {
    const Outlook::Paths paths = paths_of({{1.0, 2.0, 3.0}, {1.0, 1.0, 0.5}});
    for (const auto& [years, index] : {std::pair{0.0, 1.0}, {1.0, 2.0}, {2.0, 3.0}}) {
        EXPECT_NEAR(paths.at(0, years), index, 1e-12);
    }
    EXPECT_NEAR(paths.at(0, 0.5), std::sqrt(2.0), 1e-12);
    EXPECT_NEAR(paths.at(0, 1.5), std::sqrt(6.0), 1e-12);
    EXPECT_NEAR(paths.at(1, 0.7), 1.0, 1e-12);
    EXPECT_NEAR(paths.at(1, 1.5), std::sqrt(0.5), 1e-12) << "each row has its own";
    EXPECT_NEAR(paths.growth(0, 0.3), std::log(2.0), 1e-12);
    EXPECT_NEAR(paths.growth(0, 1.3), std::log(1.5), 1e-12);
}

TEST(OutlookPaths, TheLastYearsGrowthGoesOn) {
    const Outlook::Paths paths = paths_of({{1.0, 2.0, 3.0}});
    EXPECT_NEAR(paths.at(0, 3.0), 4.5, 1e-12);
    EXPECT_NEAR(paths.at(0, 12.0), 3.0 * std::pow(1.5, 10.0), 1e-9);
    EXPECT_NEAR(paths.growth(0, 12.0), std::log(1.5), 1e-12);
    EXPECT_NEAR(paths.at(0, -1.0), 0.5, 1e-12) << "and the first year's before the run, where pipelines were filled";
    EXPECT_NEAR(paths.growth(0, -1.0), std::log(2.0), 1e-12);
}

TEST(OutlookShock, HoldsFromItsFirstTickToTheOneBeforeItsEnd) {
    const Outlook::Shock shock{.name = "s", .goods = {}, .countries = {}, .start_tick = 3, .end_tick = 6};
    EXPECT_FALSE(shock.in_force(2));
    EXPECT_TRUE(shock.in_force(3));
    EXPECT_TRUE(shock.in_force(5));
    EXPECT_FALSE(shock.in_force(6));
}

TEST(OutlookShock, CoversWhatItNamesAndAnEmptyListIsAll) {
    Outlook::Shock shock{
        .name = "s", .goods = {id_at<GoodId>(1), id_at<GoodId>(2)}, .countries = {id_at<CountryId>(4)}};
    EXPECT_TRUE(shock.covers(id_at<GoodId>(2), id_at<CountryId>(4)));
    EXPECT_FALSE(shock.covers(id_at<GoodId>(3), id_at<CountryId>(4)));
    EXPECT_FALSE(shock.covers(id_at<GoodId>(2), id_at<CountryId>(5)));
    shock.countries.clear();
    EXPECT_TRUE(shock.covers(id_at<GoodId>(2), id_at<CountryId>(5)));
    shock.goods.clear();
    EXPECT_TRUE(shock.covers(id_at<GoodId>(3), id_at<CountryId>(5)));
}

/// The world of 2024 at rest, whose outlook a test writes.
struct Outlooked {
    explicit Outlooked(std::vector<std::string> overrides = {}) {
        overrides.emplace_back("population.firms=100");
        simulation = build_simulation(load_scenario(shipped("stationary.toml"), overrides));
    }
    Economy& economy() { return simulation.economy; }
    World& world() { return simulation.world; }
    std::size_t node(const char* good, const char* country) {
        return economy().network.node(economy().good(good), economy().country(country)).index();
    }
    std::size_t cell(const std::string& process, const char* country) {
        for (std::size_t index = 0; index < economy().cells.size(); ++index) {
            const Cell& about = economy().cells[index];
            if (economy().processes[about.process.index()].name == process &&
                about.country == economy().country(country)) {
                return index;
            }
        }
        throw std::logic_error("no " + process + " in " + country);
    }
    double need(const char* good, const char* country) { return world().nodes.need_index[node(good, country)]; }
    double availability(const std::string& process, const char* country) {
        return world().plants[cell(process, country)].availability;
    }
    void at(std::int64_t tick, const Random& random = Random(1)) {
        world().tick = tick;
        follow_outlook(economy(), world(), random);
    }
    void shock(Outlook::Shock::Kind kind, std::vector<const char*> goods, std::vector<const char*> countries,
               double share, std::int64_t start, std::int64_t end = std::numeric_limits<std::int64_t>::max()) {
        Outlook::Shock made{.name = "s",
                            .kind = kind,
                            .goods = {},
                            .countries = {},
                            .share = share,
                            .start_tick = start,
                            .end_tick = end};
        for (const char* good : goods) {
            made.goods.push_back(economy().good(good));
        }
        for (const char* country : countries) {
            made.countries.push_back(economy().country(country));
        }
        economy().outlook.shocks.push_back(std::move(made));
    }
    bool makes(const Cell& about) const { return about.kind == FirmKind::miner || about.kind == FirmKind::refiner; }

    Simulation simulation;
};
using Kind = Outlook::Shock::Kind;

/// A loss of one product stops the plants that make it, with all that they make beside it.
TEST(FollowOutlook, ASupplyLossHitsEveryPlantThatMakesTheGood) {
    Outlooked outlooked;
    outlooked.shock(Kind::supply_loss, {"dysprosium.refined", "cobalt.refined"}, {"CHN"}, 0.4, 3, 6);
    for (const std::int64_t tick : {0, 2, 3, 5, 6}) {
        outlooked.at(tick);
        const bool hit = tick >= 3 && tick < 6;
        int plants = 0;
        for (std::size_t index = 0; index < outlooked.economy().cells.size(); ++index) {
            const Cell& cell = outlooked.economy().cells[index];
            const std::string& process = outlooked.economy().processes[cell.process.index()].name;
            const bool makes_it =
                process == "separation_heavy" || process == "cobalt_refinery" || process == "cobalt_recycling";
            const bool named = makes_it && cell.country == outlooked.economy().country("CHN");
            plants += named ? 1 : 0;
            ASSERT_EQ(outlooked.world().plants[index].availability, hit && named ? 0.6 : 1.0) << process << " " << tick;
        }
        EXPECT_GE(plants, 2);
    }
}

TEST(FollowOutlook, TheLossOfAnOreHitsItsMinesNotThoseWhoBuyIt) {
    Outlooked outlooked;
    outlooked.shock(Kind::supply_loss, {"rare_earths_heavy.ore"}, {}, 0.25, 0);
    outlooked.shock(Kind::supply_loss, {"rare_earths_heavy.ore"}, {"CHN"}, 0.5, 0);
    outlooked.at(0);
    EXPECT_EQ(outlooked.availability("rare_earth_mine_heavy", "CHN"), 0.375) << "two losses leave what neither takes";
    EXPECT_EQ(outlooked.availability("rare_earth_mine_heavy", "MMR"), 0.75) << "no country named: all";
    EXPECT_EQ(outlooked.availability("separation_heavy", "CHN"), 1.0);
}

TEST(FollowOutlook, AStepOfNeedIsFeltAtOnceAndStocksFollowOverAYear) {
    Outlooked outlooked;
    outlooked.shock(Kind::demand_step, {"gallium.refined"}, {"JPN"}, 0.5, 2, 26);
    const std::size_t japan = outlooked.node("gallium.refined", "JPN");
    for (std::int64_t tick = 0; tick < 40; ++tick) {
        outlooked.at(tick);
        const bool stepped = tick >= 2 && tick < 26;
        ASSERT_EQ(outlooked.need("gallium.refined", "JPN"), stepped ? 1.5 : 1.0) << tick;
        ASSERT_EQ(outlooked.need("gallium.refined", "USA"), 1.0);
        ASSERT_EQ(outlooked.need("germanium.refined", "JPN"), 1.0);
        ASSERT_EQ(outlooked.world().nodes.stock_index[outlooked.node("gallium.refined", "USA")], 1.0);
        if (stepped) {
            ASSERT_NEAR(outlooked.world().nodes.stock_index[japan],
                        1.0 + 0.5 * (1.0 - std::exp(-static_cast<double>(tick - 1) / 12.0)), 1e-12)
                << tick;
        }
    }
    EXPECT_NEAR(outlooked.world().nodes.stock_index[japan], 1.0 + 0.5 * (1.0 - std::exp(-2.0)) * std::exp(-14.0 / 12.0),
                1e-12)
        << "and back";
}

TEST(FollowOutlook, NeedsFollowTheirPathAndStocksLookAhead) {
    Outlooked outlooked;
    Outlook::Paths& need = outlooked.economy().outlook.need;
    need = {outlooked.economy().network.node_count(), 3};
    const std::size_t japan = outlooked.node("gallium.refined", "JPN");
    need.log_at_knot(japan, 1) = std::log(1.2);
    need.log_at_knot(japan, 2) = std::log(1.2);
    outlooked.world().nodes.intensity[japan] = 0.9;
    outlooked.at(6);
    EXPECT_NEAR(outlooked.need("gallium.refined", "JPN"), 0.9 * std::sqrt(1.2), 1e-12);
    const double restock_years = outlooked.economy().behaviour.restock_months / 12.0;
    EXPECT_NEAR(outlooked.world().nodes.stock_index[japan], 0.9 * std::pow(1.2, 0.5 + restock_years), 1e-12);
    EXPECT_EQ(outlooked.need("gallium.refined", "USA"), 1.0);
}

TEST(FollowOutlook, HostsAllowWhatTheyHoldOverCapacityAsItStands) {
    Outlooked outlooked;
    const std::size_t china = outlooked.cell("gallium_recovery", "CHN");
    const double multiple = outlooked.economy().cells[china].host_multiple;
    ASSERT_LT(multiple, 1e9);
    outlooked.at(0);
    EXPECT_NEAR(outlooked.world().plants[china].limit, multiple, 1e-9 * multiple);
    outlooked.world().cells[china].capacity_t *= 2.0;
    outlooked.economy().outlook.host = {outlooked.economy().cells.size(), 2};
    outlooked.economy().outlook.host.log_at_knot(china, 1) = std::log(1.5);
    outlooked.at(12);
    EXPECT_NEAR(outlooked.world().plants[china].limit, 0.75 * multiple, 1e-9 * multiple);
    EXPECT_EQ(outlooked.world().plants[outlooked.cell("lithium_mine", "AUS")].limit,
              std::numeric_limits<double>::infinity());
}

TEST(FollowOutlook, RecyclersHaveWhatDiesAndIsCollected) {
    Outlooked outlooked;
    const std::size_t recycler = outlooked.cell("cobalt_recycling", "USA");
    const Cell& cell = outlooked.economy().cells[recycler];
    const std::size_t node = cell.positions[0].node.index();
    const auto limit = [&] {
        outlooked.at(0);
        return outlooked.world().plants[recycler].limit;
    };
    const double calm = limit();
    EXPECT_NEAR(calm, 1.15 * cell.base_throughput_t / cell.expansion.base_capacity_t, 1e-9)
        << "this year's scrap and some stock";
    outlooked.world().nodes.slow_supply_price[node] *= 2.0;
    const double scrap = base_scrap_price(cell);
    EXPECT_NEAR(limit() / calm,
                std::pow((scrap + cell.reference_revenue_usd_per_t) / scrap,
                         outlooked.economy().behaviour.collection_elasticity),
                1e-9)
        << "scrap gets all of a rise of the metal's price";
    outlooked.world().nodes.slow_supply_price[node] *= 1e6;
    EXPECT_NEAR(limit() / calm, 0.95 / cell.expansion.scrap_share, 1e-9) << "no more than 95 % of what dies";
    outlooked.world().nodes.slow_supply_price[node] = outlooked.economy().base_price[node];
    outlooked.world().nodes.old_in_use[node] *= 3.0;
    EXPECT_NEAR(limit() / calm, 3.0, 1e-9);
}

TEST(FollowOutlook, GradesFallWithWhatWasMinedAndTechniqueGetsCheaper) {
    Outlooked outlooked;
    const std::size_t mine = outlooked.cell("lithium_mine", "AUS");
    const double reserves = outlooked.economy().cells[mine].expansion.reserves_t;
    ASSERT_LT(reserves, 1e12);
    outlooked.world().plants[mine].extracted_t = reserves;
    outlooked.at(24);
    EXPECT_EQ(outlooked.world().plants[mine].cost_factor, 1.0) << "not in a world that stands still";
    outlooked.economy().outlook.depletes = true;
    outlooked.economy().outlook.cost_decline_per_year = 0.01;
    outlooked.at(24);
    EXPECT_NEAR(outlooked.world().plants[mine].cost_factor,
                std::pow(2.0, outlooked.economy().behaviour.grade_elasticity) * std::exp(-0.02), 1e-12);
}

/// Which of the three noises a month of them has moved.
struct Moved {
    bool needs = false, stocks = false, plants = false, country_shocks = false, world_shocks = false, outages = false;
};
Moved moved_by(Outlooked& outlooked, int ticks) {
    Moved moved;
    for (int tick = 0; tick < ticks; ++tick) {
        outlooked.at(tick);
        const World& world = outlooked.world();
        for (const std::uint32_t node : outlooked.economy().active_nodes) {
            moved.needs = moved.needs || world.nodes.need_index[node] != 1.0;
            moved.stocks = moved.stocks || world.nodes.stock_index[node] != 1.0;
            moved.country_shocks = moved.country_shocks || world.nodes.demand_shock[node] != 0.0;
        }
        for (const double shock : world.world_demand_shock) {
            moved.world_shocks = moved.world_shocks || shock != 0.0;
        }
        for (const PlantState& plant : world.plants) {
            moved.plants = moved.plants || plant.availability != 1.0;
            moved.outages = moved.outages || plant.outage_log != 0.0;
        }
    }
    return moved;
}

TEST(Noise, WhatIsOffDrawsNothingAndNothingMoves) {
    Outlooked outlooked;
    const Moved moved = moved_by(outlooked, 24);
    EXPECT_FALSE(moved.needs || moved.stocks || moved.plants || moved.country_shocks || moved.world_shocks ||
                 moved.outages);
}

TEST(Noise, OnACountrysUseMovesNeedsOneByOne) {
    Outlooked outlooked({"noise.demand_noise=0.02"});
    const Moved moved = moved_by(outlooked, 2);
    EXPECT_TRUE(moved.needs && moved.country_shocks);
    EXPECT_FALSE(moved.stocks || moved.plants || moved.world_shocks || moved.outages);
    EXPECT_NE(outlooked.need("gallium.refined", "JPN"), outlooked.need("gallium.refined", "USA"));
    EXPECT_NEAR(outlooked.need("gallium.refined", "JPN"),
                std::exp(outlooked.world().nodes.demand_shock[outlooked.node("gallium.refined", "JPN")]), 1e-12);
}

TEST(Noise, OnTheWorldsUseMovesAllCountriesTogether) {
    Outlooked outlooked({"noise.world_demand_noise=0.02"});
    const Moved moved = moved_by(outlooked, 2);
    EXPECT_TRUE(moved.needs && moved.world_shocks);
    EXPECT_FALSE(moved.stocks || moved.plants || moved.country_shocks || moved.outages);
    EXPECT_EQ(outlooked.need("gallium.refined", "JPN"), outlooked.need("gallium.refined", "USA"));
    EXPECT_NE(outlooked.need("gallium.refined", "JPN"), outlooked.need("cobalt.refined", "JPN"));
}

TEST(Noise, OnOutputMovesPlantsThatStand) {
    Outlooked outlooked({"noise.supply_noise=0.2"});
    const Moved moved = moved_by(outlooked, 6);
    EXPECT_TRUE(moved.plants && moved.outages);
    EXPECT_FALSE(moved.needs || moved.stocks || moved.country_shocks || moved.world_shocks);
    double most = 0.0;
    for (std::size_t index = 0; index < outlooked.economy().cells.size(); ++index) {
        const PlantState& plant = outlooked.world().plants[index];
        most = std::max(most, plant.availability);
        EXPECT_EQ(plant.outage_log != 0.0, outlooked.economy().cells[index].expansion.base_capacity_t > 0.0);
    }
    EXPECT_EQ(most, 1.0 / 0.9) << "no plant can make much more than it is built for";
}

/// Standard deviation as set for a month, whatever the tick; what is left after a month is the persistence.
TEST(Noise, HasTheSpreadAndThePersistenceThatItsKeysName) {
    for (const auto& [length, months] : {std::pair{"month", 1.0}, {"quarter", 3.0}}) {
        const std::string tick = std::string("run.tick=\"") + length + "\"";
        Outlooked keeps({"noise.demand_noise=0.02", "noise.demand_noise_persistence=0.7", tick});
        Outlooked forgets({"noise.demand_noise=0.02", "noise.demand_noise_persistence=0", tick});
        keeps.at(0);
        forgets.at(0);
        const std::vector<double> first(keeps.world().nodes.demand_shock.begin(),
                                        keeps.world().nodes.demand_shock.end());
        // Where nobody holds the good, nobody is shaken.
        const std::vector<std::uint32_t>& active = keeps.economy().active_nodes;
        ASSERT_EQ(static_cast<std::size_t>(
                      std::count_if(first.begin(), first.end(), [](double shock) { return shock != 0.0; })),
                  active.size());
        double square = 0.0;
        for (const std::uint32_t node : active) {
            square += first[node] * first[node] / static_cast<double>(active.size());
        }
        EXPECT_NEAR(std::sqrt(square) / (0.02 * std::sqrt(months)), 1.0, 0.1) << length;
        keeps.at(1);
        forgets.at(1);
        for (std::size_t node = 0; node < first.size(); ++node) {
            ASSERT_NEAR(keeps.world().nodes.demand_shock[node],
                        std::pow(0.7, months) * first[node] + forgets.world().nodes.demand_shock[node], 1e-12);
        }
    }
}

TEST(Noise, DependsOnSeedAndReplicateOnly) {
    const auto shock = [](std::uint32_t seed, std::uint32_t replicate) {
        Outlooked outlooked({"noise.demand_noise=0.02"});
        outlooked.at(5, Random(seed, replicate));
        return outlooked.need("gallium.refined", "JPN");
    };
    EXPECT_EQ(shock(3, 1), shock(3, 1));
    EXPECT_NE(shock(3, 1), shock(4, 1));
    EXPECT_NE(shock(3, 1), shock(3, 2));
}

}  // namespace
}  // namespace ytterby
