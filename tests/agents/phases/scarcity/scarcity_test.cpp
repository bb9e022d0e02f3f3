#include "agents/phases/scarcity/scarcity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "agents/phases/habit.hpp"
#include "agents/phases/outlook.hpp"
#include "agents/phases/scarcity/chain.hpp"
#include "agents/phases/scarcity/components.hpp"
#include "agents/phases/scarcity/reference_price.hpp"
#include "policies/policy.hpp"
#include "simulation/calibration/build.hpp"
#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// A control of China's exports, or another country's.
std::string control(const std::string& terms, const std::string& actor = "CHN") {
    return "policy.ban={kind=\"export_control\",form=\"ban\",actor=\"" + actor + "\"," + terms + "}";
}
const std::string ban = control(R"(goods=["antimony.refined"],start="2024-01",expected_months=600)");
const std::string announced =
    control(R"(goods=["antimony.refined"],announced="2024-01",start="2024-07",expected_months=600,belief=0.5)");

/// The world at rest with measures, looked at in its first month.
struct Seen {
    Scenario scenario;
    Simulation simulation;
    Regime regime;
    Scarcity scarcity;

    explicit Seen(const std::vector<std::string>& overrides)
        : scenario(load_scenario(shipped("stationary.toml"), overrides)),
          simulation(with_outlook(build_simulation(scenario))),
          regime(govern(simulation.economy, simulation.world, scenario.calendar, scenario.policies)),
          scarcity(foresee(simulation.economy, simulation.world, regime)) {}

    static Simulation with_outlook(Simulation made) {
        follow_outlook(made.economy, made.world, Random(1, 0));
        return made;
    }
    std::size_t node(const char* good, const char* country) const {
        const Economy& economy = simulation.economy;
        return economy.network.node(economy.good(good), economy.country(country)).index();
    }
    double multiple(const char* good, const char* country) const {
        const std::size_t place = node(good, country);
        return std::exp(scarcity.nodes.at(place).log_price[1]) / simulation.economy.base_price[place];
    }
};

TEST(Scarcity, IsSilentWithoutMeasures) {
    const Seen seen({"population.firms=300"});
    for (std::size_t node = 0; node < seen.simulation.economy.network.node_count(); ++node) {
        EXPECT_EQ(seen.scarcity.share(node), 0.0);
        EXPECT_EQ(seen.scarcity.references.multiple_at(node), 1.0);
        EXPECT_EQ(seen.scarcity.references.lasting_at(node), 1.0);
    }
}

TEST(Scarcity, ABanIsDearOutsideAndCheapInside) {
    const Seen seen({"population.firms=300", ban});
    EXPECT_GT(seen.multiple("antimony.refined", "USA"), 1.8);
    EXPECT_LT(seen.multiple("antimony.refined", "CHN"), 0.9);
    EXPECT_EQ(seen.scarcity.share(seen.node("antimony.refined", "USA")), 1.0);
    EXPECT_EQ(seen.scarcity.share(seen.node("cobalt.refined", "USA")), 0.0) << "other goods stay silent";
    EXPECT_GT(seen.scarcity.references.standing_at(seen.node("antimony.refined", "USA")), 1.8);
}

TEST(Scarcity, PricesAreAveragedOverWhatMayCome) {
    const Seen doubtful({"population.firms=300", announced});
    std::string sure = announced;
    sure.replace(sure.find("belief=0.5"), 10, "belief=1.0");
    const Seen certain({"population.firms=300", sure});
    const double half = doubtful.multiple("antimony.refined", "USA");
    const double whole = certain.multiple("antimony.refined", "USA");
    EXPECT_NEAR(half, 0.5 * (1.0 + whole), 0.02 * whole);
    EXPECT_NEAR(whole, certain.multiple("antimony.refined", "CHN"), 1e-9) << "one market until the door closes";
}

/// China holds forty months of what all others use of gallium: the others need little of it, and need not dump what
/// they have, to be at one price with it for a month.
TEST(Scarcity, ALargeStockBehindADoorMakesNobodyElseDump) {
    const Seen seen(
        {"population.firms=300",
         R"(policy.halt={kind="export_control",form="ban",actor="CHN",goods=["gallium.refined"],announced="2024-01",start="2024-02",end="2024-04",expected_months=2})"});
    const double abroad = seen.multiple("gallium.refined", "USA");
    EXPECT_NEAR(abroad, seen.multiple("gallium.refined", "CHN"), 1e-9);
    EXPECT_GT(abroad, 0.9);
    EXPECT_LT(abroad, 1.5);
}

TEST(Scarcity, ATariffMovesTheReferencePriceOfItsImporter) {
    const Seen seen(
        {"population.firms=300",
         R"(policy.wall={kind="tariff",actor="USA",goods=["lithium.refined"],start="2024-01",rate_share=0.25})"});
    const ReferencePrices& references = seen.scarcity.references;
    const double here = references.multiple_at(seen.node("lithium.refined", "USA"));
    EXPECT_GT(here, 1.15);
    EXPECT_LE(here, 1.26);
    EXPECT_NEAR(references.multiple_at(seen.node("lithium.refined", "KOR")), 1.0, 0.01);
    EXPECT_EQ(references.standing_at(seen.node("lithium.refined", "USA")), here) << "duties are in all three";
}

TEST(Scarcity, AShortOreIsSeenByBuyersOfTheMetal) {
    const Seen seen(
        {"population.firms=300", control(R"(goods=["nickel.ore"],start="2024-01",expected_months=600)", "IDN")});
    EXPECT_GT(seen.scarcity.share(seen.node("nickel.refined", "USA")), 0.5);
    EXPECT_GT(seen.multiple("nickel.refined", "USA"), 1.02);
    EXPECT_GT(seen.multiple("nickel.ore", "CHN"), seen.multiple("nickel.refined", "CHN"))
        << "the price of an input moves by more than that of what it is a part of";
    EXPECT_LT(seen.multiple("nickel.ore", "IDN"), 1.0);
}

TEST(Scarcity, LessIsAskedForOfTheOreOfABannedMetal) {
    const char* left_over = "good.\"antimony.ore\".overhang_months=1";
    const Seen banned({"population.firms=300", left_over, ban});
    const Seen doubtful({"population.firms=300", left_over, announced});
    EXPECT_EQ(banned.scarcity.share(banned.node("antimony.ore", "CHN")), 1.0);
    EXPECT_LT(banned.multiple("antimony.ore", "CHN"), 0.9);
    EXPECT_GT(banned.multiple("antimony.ore", "CHN"), 0.2);
    EXPECT_GT(doubtful.multiple("antimony.ore", "CHN"), banned.multiple("antimony.ore", "CHN"))
        << "half believed, half a year away";
    EXPECT_EQ(banned.scarcity.share(banned.node("cobalt.ore", "COD")), 0.0);
}

TEST(Scarcity, ALossOfOreIsSeenByBuyersOfTheMetal) {
    const auto loss = [](const char* share) {
        return std::string(R"(shock=[{name="outage",kind="supply_loss",share=)") + share +
               R"(,goods=["cobalt.ore"],countries=["COD"],start="2024-01",end="2025-01"}])";
    };
    const Seen small({"population.firms=300", loss("0.2")});
    const Seen large({"population.firms=300", loss("0.9")});
    EXPECT_NEAR(small.scarcity.share(small.node("cobalt.refined", "CHN")), 0.0, 1e-12) << "stocks of ore reach";
    EXPECT_EQ(large.scarcity.share(large.node("cobalt.refined", "CHN")), 1.0);
    EXPECT_GT(large.multiple("cobalt.refined", "CHN"), 1.2);
}

TEST(Components, AWallTakesACountryOutOfTheMarket) {
    const Seen open({"population.firms=300"});
    const Seen walled({"population.firms=300", ban});
    const auto groups = [](const Seen& seen) {
        const GoodId good = seen.simulation.economy.good("antimony.refined");
        return tied_countries(seen.simulation.economy, seen.simulation.world, good, walls_of(seen.regime, good, 0));
    };
    const auto place = [&](const char* country) { return open.simulation.economy.country(country).index(); };
    EXPECT_EQ(groups(open)[place("CHN")], groups(open)[place("USA")]);
    EXPECT_NE(groups(walled)[place("CHN")], groups(walled)[place("USA")]);
    EXPECT_EQ(groups(walled)[place("BEL")], groups(walled)[place("USA")]);
}

TEST(Chain, InputsStandBeforeWhatIsMadeOfThem) {
    const Seen seen({"population.firms=300"});
    const Economy& economy = seen.simulation.economy;
    const std::vector<GoodId> order = chain_order(economy);
    const auto place = [&](const char* good) {
        return std::find(order.begin(), order.end(), economy.good(good)) - order.begin();
    };
    EXPECT_LT(place("cobalt.ore"), place("cobalt.refined"));
    EXPECT_LT(place("rare_earths_heavy.ore"), place("dysprosium.refined"));
    double made = 0.0;
    for (const ChainLink& link : links_into(economy, seen.simulation.world, economy.good("cobalt.refined"))) {
        EXPECT_EQ(link.input, economy.good("cobalt.ore"));
        made += link.output_t;
    }
    EXPECT_GT(made, 15000.0) << "t a month; recycling has no input";
    EXPECT_TRUE(links_from(economy, seen.simulation.world, economy.good("cobalt.refined")).empty());
}

TEST(Habit, IsTheBaseFlowAtTheBaseDateAndFollowsAllImports) {
    Seen seen({"population.firms=300"});
    const Economy& economy = seen.simulation.economy;
    World world = seen.simulation.world;
    const std::vector<double> before = habitual_flows(economy, world, Deliveries{});
    for (double& imports : world.nodes.usual_imports) {
        imports *= 0.5;
    }
    const std::vector<double> after = habitual_flows(economy, world, Deliveries{});
    // A lane opens with a little of its own, which does not follow.
    std::vector<double> opening(economy.network.node_count(), 0.0);
    for (const bool told : {false, true}) {
        for (std::size_t good = 0; good < economy.network.goods.size(); ++good) {
            const GoodLanes& book = economy.network.goods[good];
            for (std::size_t number = 0; number < book.lanes.size(); ++number) {
                const TradeLane& lane = book.lanes[number];
                const std::size_t node = economy.network.node(id_at<GoodId>(good), lane.destination).index();
                if (!told) {
                    opening[node] += lane.opening_flow_t;
                    continue;
                }
                const double base = lane.base_flow_t;
                const double imports = economy.base_imports[node];
                const double followed = (0.5 * imports + opening[node]) / (imports + opening[node]);
                EXPECT_NEAR(before[book.first_lane + number], base, 1e-9 * base + 1e-9);
                EXPECT_NEAR(after[book.first_lane + number],
                            std::max(0.0, followed * (base + lane.opening_flow_t) - lane.opening_flow_t),
                            1e-9 * base + 1e-9);
            }
        }
    }
}

TEST(Habit, HasALongRun) {
    Seen seen({"population.firms=300"});
    const Economy& economy = seen.simulation.economy;
    World world = seen.simulation.world;
    const GoodLanes& book = economy.network.goods[economy.good("tungsten.refined").index()];
    const auto lane = static_cast<std::size_t>(std::find_if(book.lanes.begin(), book.lanes.end(),
                                                            [&](const TradeLane& one) {
                                                                return one.origin == economy.country("CHN") &&
                                                                       one.destination == economy.country("USA");
                                                            }) -
                                               book.lanes.begin());
    const double base = book.lanes[lane].base_flow_t;
    world.lanes.usual_flow[book.first_lane + lane] *= 0.25;
    const double after = habitual_flows(economy, world, Deliveries{})[book.first_lane + lane];
    // Its share among usual flows has fallen to 0.25 / (1 - 0.75 share), and counts with the weight of memory.
    EXPECT_LT(after, base * std::pow(0.4, economy.behaviour.habit_memory));
    EXPECT_GT(after, base * std::pow(0.25, economy.behaviour.habit_memory));
}

}  // namespace
}  // namespace ytterby
