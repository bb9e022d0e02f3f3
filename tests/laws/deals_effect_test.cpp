#include <gtest/gtest.h>

#include <algorithm>

#include "agents/world/holdings.hpp"
#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// Plants are offered for sale so often that three years suffice.
const std::vector<std::string> brisk = {"run.ticks=36",        "population.firms=300",
                                        "deals.enabled=true",  "deals.offers_per_year=6",
                                        "deals.least_usd=1e6", "deals.attention=0.9"};

FinishedRun sell(std::vector<std::string> more) {
    more.insert(more.begin(), brisk.begin(), brisk.end());
    return run_config("stationary.toml", std::move(more));
}

const char* closed_to_china =
    "policy.board={kind=\"investment_screening\",actor=\"CAN\",goods=[\"lithium\",\"nickel\"],threat={CHN=1},"
    "full_vulnerability_share=0.001,least_consequence=1,clear_below=0,block_above=0.01,refile_probability=0,least_"
    "stake_share=0}";

/// Stakes (or offtake shares) of a country's investors in Canada's plants that make a good.
double held(const FinishedRun& finished, const char* good, const char* owner, double Holding::*what) {
    const Economy& economy = finished.simulation.economy;
    double sum = 0.0;
    for (const Holding& holding : finished.simulation.world.holdings) {
        const Cell& cell = economy.cells[holding.cell];
        const bool here = cell.country == economy.country("CAN") &&
                          economy.goods[cell.positions[cell.inputs].good.index()].name == good;
        sum += here && holding.owner == economy.country(owner) ? holding.*what : 0.0;
    }
    return sum;
}

/// Canada blocks foreign stakes in its lithium. Without the policy investors of China and Chile (so the draws have it)
/// own part of it, and Chile, which bought none of the ore before, draws part of its share (China gets nearly all of it
/// anyway). With the policy they own nothing, the ore goes where it went before, and some of them buy in another
/// country.
TEST(InvestmentScreening, KeepsOutOwnersAndTheirOfftake) {
    const FinishedRun open = sell({});
    const FinishedRun shut = sell({closed_to_china});
    EXPECT_GT(held(open, "lithium.ore", "CHN", &Holding::share), 0.0);
    EXPECT_EQ(held(shut, "lithium.ore", "CHN", &Holding::share), 0.0);
    EXPECT_GT(held(open, "lithium.ore", "CHL", &Holding::offtake_share), 0.0);
    EXPECT_EQ(held(shut, "lithium.ore", "CHL", &Holding::offtake_share), 0.0);
    const auto ore = [](const FinishedRun& finished) { return finished.flow("lithium.ore", "CAN", "CHL", 35); };
    EXPECT_GT(ore(open), 2.0 * ore(shut) + 1.0);
    const auto count = [](const FinishedRun& finished, auto what) {
        const auto& deals = finished.simulation.world.deals.deals;
        return std::count_if(deals.begin(), deals.end(), what);
    };
    EXPECT_GT(count(shut, [](const Deal& deal) { return deal.stage == DealStage::blocked; }), 0);
    EXPECT_EQ(count(open, [](const Deal& deal) { return deal.stage == DealStage::blocked; }), 0);
    EXPECT_GT(count(shut, [](const Deal& deal) { return deal.after > 0; }), 0) << "a blocked investor looks elsewhere";
}

/// Members' investors buy without a review where the board would have blocked them; others are still blocked.
TEST(InvestmentScreening, ExceptsInvestorsOfMembers) {
    const auto filed = [](const FinishedRun& finished, const char* acquirer) {
        const auto& deals = finished.simulation.world.deals.deals;
        return std::count_if(deals.begin(), deals.end(), [&](const Deal& deal) {
            const Economy& economy = finished.simulation.economy;
            return deal.filed_tick >= 0 && deal.acquirer == economy.country(acquirer) &&
                   economy.cells[deal.cell].country == economy.country("CAN");
        });
    };
    const FinishedRun shut = sell({closed_to_china});
    const FinishedRun club =
        sell({closed_to_china, "policy.club={kind=\"agreement\",members=[\"CAN\",\"CHN\"],except_investors=true}"});
    EXPECT_GT(filed(shut, "CHN"), 0);
    EXPECT_EQ(filed(club, "CHN"), 0);
    EXPECT_EQ(held(shut, "lithium.ore", "CHN", &Holding::share), 0.0);
    EXPECT_GT(held(club, "lithium.ore", "CHN", &Holding::share), 0.0);
    EXPECT_GT(filed(club, "CHL"), 0);
    EXPECT_EQ(held(club, "lithium.ore", "CHL", &Holding::share), 0.0);
}

/// Stakes never add up to more than the whole, and funds are not negative; run_config() checks money in every tick.
TEST(Deals, StakesNeverExceedTheWhole) {
    const FinishedRun finished = sell({});
    const World& world = finished.simulation.world;
    ASSERT_GT(world.deals.deals.size(), 20U);
    for (std::size_t cell = 0; cell < finished.simulation.economy.cells.size(); ++cell) {
        double sum = 0.0;
        for (const Holding& holding : world.holdings) {
            sum += holding.cell == cell ? holding.share : 0.0;
        }
        EXPECT_LE(sum, 1.0 + 1e-9);
    }
    for (const double funds : world.deals.funds_usd) {
        EXPECT_GE(funds, -1e-3);
    }
}

TEST(Deals, SameBitsOnAnyNumberOfThreadsAndInAnyOrderOfBlocks) {
    const auto digest = [](const char* threads, bool reverse) {
        std::vector<std::string> overrides = brisk;
        overrides.insert(overrides.end(), {"run.ticks=10", "population.firms=3000",
                                           std::string("run.threads=") + threads, closed_to_china,
                                           "policy.second={kind=\"investment_screening\",actor=\"CAN\",goods=[\"*\"],"
                                           "look_back_months=12,start=\"2024-06\"}"});
        Scenario scenario = load_scenario(shipped("stationary.toml"), overrides);
        if (reverse) {
            std::reverse(scenario.policies.begin(), scenario.policies.end());
        }
        Simulation simulation = build_simulation(scenario);
        NoObserver none;
        return run(scenario, simulation, none).digest;
    };
    const std::string one = digest("1", false);
    EXPECT_EQ(digest("4", false), one);
    EXPECT_EQ(digest("1", true), one);
}

/// Without deals screening changes nothing.
TEST(Deals, OffByDefault) {
    const FinishedRun plain = run_config("stationary.toml", {"run.ticks=4", "population.firms=200"});
    const FinishedRun screened =
        run_config("stationary.toml", {"run.ticks=4", "population.firms=200", closed_to_china});
    EXPECT_TRUE(screened.simulation.world.deals.deals.empty());
    EXPECT_EQ(plain.history.flow, screened.history.flow);
}

}  // namespace
}  // namespace ytterby
