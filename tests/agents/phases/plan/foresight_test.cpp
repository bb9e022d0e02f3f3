#include "agents/phases/plan/foresight.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// The definition, node by node: the selected share of imports and home sales.
double exposure_of(const Economy& economy, const World& world, GoodId good, CountryId destination,
                   const Selector& selector) {
    const GoodLanes& book = economy.network.goods[good.index()];
    double covered = 0.0;
    double total = 0.0;
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        if (book.lanes[number].destination == destination) {
            total += world.lanes.usual_flow[book.first_lane + number];
            if (selector.covers(book.lanes[number].origin, destination, good)) {
                covered += world.lanes.usual_flow[book.first_lane + number];
            }
        }
    }
    const std::size_t node = economy.network.node(good, destination).index();
    return covered > 0.0 ? covered / (total + std::max(0.0, world.nodes.sold[node] - world.nodes.exports[node]))
                         : 0.0;  // rounding is no home trade
}

TEST(Foresight, ExposureIsTheCoveredShareOfWhatANodeUsuallyGets) {
    const Scenario scenario = load_scenario(shipped("stationary.toml"), {"run.ticks=2"});
    Simulation simulation = build_simulation(scenario);
    NoObserver nobody;
    run(scenario, simulation, nobody);
    const Economy& economy = simulation.economy;
    const CountryId china = economy.country("CHN");
    const GoodId gallium = economy.good("gallium.refined");
    const Selector selectors[] = {
        {{china}, {}, {gallium}}, {{china}, {economy.country("USA")}, {}}, {{}, {}, {gallium, gallium}}, {}};
    for (const Selector& selector : selectors) {
        const std::vector<double> shares = exposures(economy, simulation.world, selector);
        double exposed = 0.0;
        for (std::size_t good = 0; good < economy.goods.size(); ++good) {
            for (std::size_t country = 0; country < economy.countries.size(); ++country) {
                const double share =
                    shares[economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index()];
                EXPECT_NEAR(
                    share,
                    exposure_of(economy, simulation.world, id_at<GoodId>(good), id_at<CountryId>(country), selector),
                    1e-12);
                exposed += share;
            }
        }
        EXPECT_GT(exposed, 0.1);
    }
}

/// Sellers look at what of their sales an announced closure hits, and value their stock at less as it comes near.
TEST(Foresight, SellersExpectTheFallBehindAnAnnouncedClosure) {
    const Scenario scenario = load_scenario(shipped("nickel_ore_ban.toml"), {"run.ticks=1"});
    const Simulation simulation = build_simulation(scenario);
    const Economy& economy = simulation.economy;
    const std::size_t indonesia = economy.network.node(economy.good("nickel.ore"), economy.country("IDN")).index();
    const std::size_t philippines = economy.network.node(economy.good("nickel.ore"), economy.country("PHL")).index();
    const auto view_at = [&](std::int64_t tick, double belief, double affected) {
        World world = simulation.world;
        world.tick = tick;
        Regime regime(economy.countries.size(), economy.goods.size());
        regime.announce({{economy.country("IDN")}, {}, {economy.good("nickel.ore")}},
                        {.announced_tick = 0, .start_tick = 12, .belief = belief, .affected_share = affected});
        return next_rush(economy, world, regime);
    };
    const SellersView early = view_at(2, 1.0, 1.0);
    const SellersView late = view_at(11, 1.0, 1.0);
    EXPECT_NEAR(early.expected_fall[indonesia], 1.0 - economy.behaviour.avoidable_cost_share, 1e-12)
        << "two fifths of sales shut in press the price to what it costs to go on";
    EXPECT_EQ(early.expected_fall[philippines], 0.0);
    EXPECT_LT(early.destock[indonesia], 0.5 * early.expected_fall[indonesia]);
    EXPECT_NEAR(late.destock[indonesia], late.expected_fall[indonesia], 1e-12)
        << "all of it in the month before the start";
    EXPECT_NEAR(view_at(11, 0.5, 1.0).destock[indonesia], 0.5 * late.destock[indonesia], 1e-12);
    EXPECT_LT(view_at(11, 1.0, 0.1).destock[indonesia], 0.3 * late.destock[indonesia]);
    EXPECT_EQ(view_at(12, 1.0, 1.0).expected_fall[indonesia], 0.0) << "over once it is there";
}

}  // namespace
}  // namespace ytterby
