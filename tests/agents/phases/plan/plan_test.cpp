#include "agents/phases/plan/plan.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "agents/phases/observe.hpp"
#include "agents/phases/support/plant_support.hpp"
#include "core/parallel.hpp"
#include "simulation/world_state.hpp"
#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// The baseline's economy with its first plan.
struct Planned {
    Scenario scenario = load_scenario(shipped("stationary.toml"), {"population.firms=300"});
    Simulation simulation = build_simulation(scenario);
    Workers workers{1};
    Plan plan;

    void make() {
        const Regime regime = govern(simulation.economy, simulation.world, scenario.calendar, scenario.policies);
        const PlantSupport support = support_of_plants(simulation.economy, regime.plants());
        const Deliveries deliveries;
        plan = make_plan({simulation.economy, simulation.world, regime, {}, support, deliveries, workers},
                         std::move(plan));
    }
    const Position& position(const char* good, const char* country, FirmKind kind, std::size_t number = 0) const {
        for (const Cell& cell : simulation.economy.cells) {
            if (cell.kind == kind && simulation.economy.country(country) == cell.country &&
                cell.positions[number].good == simulation.economy.good(good)) {
                return cell.positions[number];
            }
        }
        throw std::logic_error("no such cell");
    }
};

TEST(Plan, ChangesNothingInTheWorld) {
    Planned planned;
    const std::string before = digest_of(planned.simulation.world);
    planned.make();
    EXPECT_EQ(digest_of(planned.simulation.world), before);
}

TEST(Plan, SchedulesFallWithPrice) {
    Planned planned;
    planned.make();
    for (const Schedule& schedule : planned.plan.orders.rows) {
        for (std::size_t point = 1; point < schedule_points; ++point) {
            ASSERT_LE(schedule.net_quantity[point],
                      schedule.net_quantity[point - 1] * (schedule.net_quantity[point] > 0 ? 1.0F + 1e-5F : 1.0F) +
                          1e-6F * std::abs(schedule.net_quantity[0]));
        }
    }
}

/// At target stock and at the expected price exactly the flow clears (docs/model.md, section 7.2).
TEST(Plan, AtTheBasePriceExactlyTheFlowIsOfferedAndWanted) {
    Planned planned;
    planned.make();
    const Economy& economy = planned.simulation.economy;
    for (std::size_t node = 0; node < economy.network.node_count(); ++node) {
        const double offered = planned.plan.orders.depth[node].offered[8];
        const double wanted = planned.plan.orders.depth[node].wanted[8];
        // Merchants stand at their target to within the rounding of floats.
        const double rounding = 1e-5 * (offered + wanted);
        ASSERT_NEAR(offered, planned.simulation.world.nodes.production[node], rounding) << node;
        ASSERT_NEAR(wanted, planned.simulation.world.nodes.need[node], rounding) << node;
    }
}

TEST(Plan, NobodySellsBelowAvoidableCost) {
    Planned planned;
    planned.make();
    const Economy& economy = planned.simulation.economy;
    int checked = 0;
    for (const Cell& cell : economy.cells) {
        for (const Position& position : cell.positions) {
            if (position.side != Side::sells) {
                continue;
            }
            const PricePoints& points = planned.plan.orders.points[position.node.index()];
            for (std::uint32_t k = 0; k < cell.firms; ++k) {
                const double cost = static_cast<double>(economy.traits.avoidable_cost_share[cell.first_firm + k]) *
                                    economy.base_price[position.node.index()];
                const PointPosition at = locate(points, 0.999 * cost);
                ASSERT_EQ(sold_at(planned.plan.orders.rows[position.first_row + k], at), 0.0);
                ++checked;
            }
        }
    }
    EXPECT_GT(checked, 50);
}

TEST(Plan, FullStoresBuyLessAndSellMore) {
    Planned planned;
    planned.make();
    const Position& user = planned.position("gallium.refined", "JPN", FirmKind::manufacturer);
    const Position& maker = planned.position("gallium.refined", "CHN", FirmKind::miner);
    const float bid = planned.plan.orders.rows[user.first_row].net_quantity[8];
    const float ask = planned.plan.orders.rows[maker.first_row].net_quantity[8];
    planned.simulation.world.positions.stock[user.first_row] *= 1.2;
    planned.simulation.world.positions.stock[maker.first_row] *= 1.2;
    planned.make();
    EXPECT_LT(planned.plan.orders.rows[user.first_row].net_quantity[8], bid);
    EXPECT_LT(planned.plan.orders.rows[maker.first_row].net_quantity[8], ask) << "selling is negative";
}

TEST(Plan, FearRaisesWantedStock) {
    Planned planned;
    planned.make();
    const Position& user = planned.position("gallium.refined", "JPN", FirmKind::manufacturer);
    const float calm = planned.plan.orders.rows[user.first_row].net_quantity[8];
    planned.simulation.world.nodes.risk[user.node.index()] = 0.5;
    planned.make();
    EXPECT_GT(planned.plan.orders.rows[user.first_row].net_quantity[8], calm);
}

TEST(Plan, UseFallsWithItsElasticityThenEndUsesDropOut) {
    Planned planned;
    const Economy& economy = planned.simulation.economy;
    const GoodId good = economy.good("gallium.refined");
    const NodeId node = economy.network.node(good, economy.country("JPN"));
    const double base = economy.base_price[node.index()];
    const double elasticity = economy.goods[good.index()].demand_elasticity;
    EXPECT_DOUBLE_EQ(use_share(economy, good, node, base), 1.0);
    EXPECT_NEAR(use_share(economy, good, node, 2.0 * base), std::pow(2.0, -elasticity), 1e-12);
    const double choke = base * economy.goods[good.index()].choke_multiple;
    EXPECT_EQ(use_share(economy, good, node, choke), 0.0);
    EXPECT_GT(use_share(economy, good, node, 0.99 * choke), 0.0);
    EXPECT_LT(use_share(economy, good, node, 0.99 * choke), 0.01);
}

}  // namespace
}  // namespace ytterby
