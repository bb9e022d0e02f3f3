#include "agents/foresight.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// The definition, node by node: the selected share of imports and home sales.
double exposure_of(const Economy& economy, const World& world, GoodId good, CountryId destination, const Selector& selector) {
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
    return covered > 0.0 ? covered / (total + std::max(0.0, world.nodes.sold[node] - world.nodes.exports[node])) : 0.0;
}

TEST(Foresight, ExposureIsTheCoveredShareOfWhatANodeUsuallyGets) {
    const Scenario scenario = load_scenario(shipped("stationary.toml"), {"run.ticks=2"});
    Simulation simulation = build_simulation(scenario);
    NoObserver nobody;
    run(scenario, simulation, nobody);
    const Economy& economy = simulation.economy;
    const CountryId china = economy.country("CHN");
    const GoodId gallium = economy.good("gallium.refined");
    const Selector selectors[] = {{{china}, {}, {gallium}}, {{china}, {economy.country("USA")}, {}}, {{}, {}, {gallium, gallium}}, {}};
    for (const Selector& selector : selectors) {
        const std::vector<double> shares = exposures(economy, simulation.world, selector);
        double exposed = 0.0;
        for (std::size_t good = 0; good < economy.goods.size(); ++good) {
            for (std::size_t country = 0; country < economy.countries.size(); ++country) {
                const double share = shares[economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index()];
                EXPECT_NEAR(share, exposure_of(economy, simulation.world, id_at<GoodId>(good), id_at<CountryId>(country), selector), 1e-12);
                exposed += share;
            }
        }
        EXPECT_GT(exposed, 0.1);
    }
}

}  // namespace
}  // namespace ytterby
