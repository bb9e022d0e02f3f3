#include <gtest/gtest.h>

#include "agents/phases/plan/plan.hpp"
#include "tests/agents/small_chain.hpp"
#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// The small chain's plants with stocks to work with. A mine's avoidable cost is half of 60 USD/t; a refinery saves
/// half of its conversion cost of 28 by stopping, so it stops where it expects less than 14 between ore and metal.
struct Plants : SmallChain {
    explicit Plants(double ticks_per_year = 12.0) : SmallChain(ticks_per_year) {
        for (std::size_t number = 0; number < 2; ++number) {
            world.positions.stock[row(refinery, number)] = 1e5;
        }
        economy.behaviour.disposal_months = 1e6;  // nothing is disposed of but what closed plants leave
        economy.behaviour.credit_months = 1e6;    // nobody sells here, so nobody may go bankrupt
    }
    PlantStatus status(std::size_t cell, std::size_t number) const { return world.firms.status[firm(cell, number)]; }
    float rate(std::size_t cell, std::size_t number) const { return world.firms.run_rate[firm(cell, number)]; }
    double& stock(std::size_t cell, std::size_t number, std::size_t position = 0) {
        return world.positions.stock[row(cell, number, position)];
    }
    double& cash(std::size_t cell, std::size_t number) { return world.firms.cash[firm(cell, number)]; }
    /// Ticks until a firm has the status; stops after a thousand.
    int ticks_until(PlantStatus wanted, std::size_t cell, std::size_t number) {
        int ticks = 0;
        while (status(cell, number) != wanted && ticks < 1000) {
            make();
            ++ticks;
        }
        return ticks;
    }
};

TEST(Exit, APlantStopsOnceItHasExpectedTooLittleForMonths) {
    Plants plants;
    plants.expect(Plants::mine, 0, 29.0);
    plants.expect(Plants::mine, 1, 31.0);
    plants.make(11);
    EXPECT_EQ(plants.status(Plants::mine, 0), PlantStatus::running);
    EXPECT_EQ(plants.world.cells[Plants::mine].mothballed, 0U);
    plants.make();
    EXPECT_EQ(plants.status(Plants::mine, 0), PlantStatus::mothballed);
    EXPECT_EQ(plants.status(Plants::mine, 1), PlantStatus::running) << "above avoidable cost";
    EXPECT_EQ(plants.world.cells[Plants::mine].mothballed_now, 1U);
    EXPECT_EQ(plants.world.cells[Plants::mine].mothballed, 1U);
    EXPECT_EQ(plants.rate(Plants::mine, 0), 0.0F);
    const double left = plants.stock(Plants::mine, 0);
    const double other = plants.stock(Plants::mine, 1);
    plants.make();
    EXPECT_EQ(plants.stock(Plants::mine, 0), left) << "no output";
    EXPECT_GT(plants.stock(Plants::mine, 1), other);
    EXPECT_EQ(plants.world.cells[Plants::mine].mothballed_now, 0U);
    EXPECT_EQ(plants.world.cells[Plants::mine].mothballed, 1U);
}

TEST(Exit, OneGoodMonthStartsTheCountAnew) {
    Plants plants;
    plants.expect(Plants::mine, 0, 29.0);
    plants.make(11);
    plants.expect(Plants::mine, 0, 60.0);
    plants.make();
    plants.expect(Plants::mine, 0, 29.0);
    plants.make(11);
    EXPECT_EQ(plants.status(Plants::mine, 0), PlantStatus::running);
    plants.make();
    EXPECT_EQ(plants.status(Plants::mine, 0), PlantStatus::mothballed);
}

TEST(Exit, ARefineryLooksAtWhatIsBetweenOreAndMetal) {
    Plants plants;
    plants.expect(Plants::refinery, 0, 73.5);
    plants.expect(Plants::refinery, 1, 74.5);
    plants.make(12);
    EXPECT_EQ(plants.status(Plants::refinery, 0), PlantStatus::mothballed);
    EXPECT_EQ(plants.status(Plants::refinery, 1), PlantStatus::running);
    Plants dear;
    dear.world.positions.expectation[dear.row(Plants::refinery, 0)] = 87.0F;
    dear.make(12);
    EXPECT_EQ(dear.status(Plants::refinery, 0), PlantStatus::mothballed) << "dear ore stops it as cheap metal does";
    const double ore = dear.stock(Plants::refinery, 0);
    dear.make(3);
    EXPECT_EQ(dear.stock(Plants::refinery, 0), ore) << "it takes nothing in, and what it holds it keeps";
}

TEST(Exit, AnIdlePlantWantsNoInput) {
    Simulation simulation = build_simulation(load_scenario(shipped("stationary.toml"), {"population.firms=100"}));
    const Economy& economy = simulation.economy;
    World& world = simulation.world;
    const Regime regime(economy.countries.size(), economy.goods.size());
    Workers workers(1);
    const PlantSupport support = support_of_plants(economy, regime.plants());
    const Deliveries deliveries;
    Plan plan;
    int refineries = 0;
    for (const bool idle : {false, true}) {
        plan = make_plan({economy, world, regime, {}, support, deliveries, workers}, std::move(plan));
        for (const Cell& cell : economy.cells) {
            if (cell.kind != FirmKind::refiner || cell.base_throughput_t <= 0.0) {
                continue;
            }
            for (std::uint32_t number = 0; number < cell.firms; ++number) {
                const Schedule& bid = plan.orders.rows[cell.positions[0].first_row + number];
                EXPECT_EQ(bid.net_quantity[0] > 0.0F, !idle);
                world.firms.run_rate[cell.first_firm + number] = 0.0F;
                ++refineries;
            }
        }
    }
    EXPECT_GT(refineries, 60);
}

TEST(Exit, ItComesBackAfterTheWaitAndTheRestartTime) {
    Plants plants;
    plants.economy.processes[Plants::mine].restart_months = 7.0;
    plants.expect(Plants::mine, 0, 20.0);
    plants.make(12);
    ASSERT_EQ(plants.status(Plants::mine, 0), PlantStatus::mothballed);
    plants.expect(Plants::mine, 0, 60.0);
    EXPECT_EQ(plants.ticks_until(PlantStatus::restarting, Plants::mine, 0), 3);
    plants.make(6);
    EXPECT_EQ(plants.status(Plants::mine, 0), PlantStatus::restarting);
    EXPECT_EQ(plants.rate(Plants::mine, 0), 0.0F);
    EXPECT_EQ(plants.world.cells[Plants::mine].mothballed, 1U) << "idle until it runs";
    plants.make();
    EXPECT_EQ(plants.status(Plants::mine, 0), PlantStatus::running);
    EXPECT_EQ(plants.world.cells[Plants::mine].restarted_now, 1U);
    const double before = plants.stock(Plants::mine, 0);
    plants.make();
    EXPECT_GT(plants.stock(Plants::mine, 0), before);
}

/// What stopped at 30 USD/t asks for 45 to come back: a quarter of the base margin more.
TEST(Exit, RestartAsksForMoreThanStaying) {
    Plants plants;
    for (std::size_t number = 0; number < 2; ++number) {
        plants.expect(Plants::mine, number, 20.0);
    }
    plants.make(12);
    plants.expect(Plants::mine, 0, 44.0);
    plants.expect(Plants::mine, 1, 46.0);
    plants.make(24);
    EXPECT_EQ(plants.status(Plants::mine, 0), PlantStatus::mothballed);
    EXPECT_EQ(plants.status(Plants::mine, 1), PlantStatus::running);
}

TEST(Exit, AfterYearsItClosesAndItsStocksAreSold) {
    Plants plants;
    plants.stock(Plants::refinery, 0) = 1000.0;
    plants.expect(Plants::refinery, 0, 65.0);
    plants.make(12);
    ASSERT_EQ(plants.status(Plants::refinery, 0), PlantStatus::mothballed);
    plants.make(59);
    EXPECT_EQ(plants.status(Plants::refinery, 0), PlantStatus::mothballed);
    const double ore = plants.stock(Plants::refinery, 0, 0);
    const double metal = plants.stock(Plants::refinery, 0, 1);
    ASSERT_GT(ore, 0.0);
    ASSERT_GT(metal, 0.0);
    plants.make();
    EXPECT_EQ(plants.status(Plants::refinery, 0), PlantStatus::closed);
    EXPECT_EQ(plants.world.cells[Plants::refinery].closed_now, 1U);
    EXPECT_EQ(plants.world.cells[Plants::refinery].closed_t, 20.0);
    EXPECT_EQ(plants.capacity(Plants::refinery), 40.0) << "the other stands";
    // The books are closed in the next tick; what the stocks fetch goes to the owners at once.
    const double money = total_money(plants.world);
    const double abroad = plants.world.outside[1];
    plants.world.holdings = {{.cell = Plants::refinery, .owner = id_at<CountryId>(1), .share = 1.0}};
    plants.world.firms.run_rate[plants.firm(Plants::refinery, 1)] = 0.0F;
    plants.world.firms.status[plants.firm(Plants::refinery, 1)] = PlantStatus::mothballed;
    plants.cash(Plants::refinery, 0) = 0.0;
    plants.cash(Plants::refinery, 1) = 0.0;
    plants.stock(Plants::refinery, 1, 1) = 0.0;
    plants.economy.behaviour.disposal_months = 0.0;
    const double money_now = total_money(plants.world);
    plants.make();
    EXPECT_EQ(plants.stock(Plants::refinery, 0, 0), 0.0);
    EXPECT_EQ(plants.stock(Plants::refinery, 0, 1), 0.0);
    EXPECT_DOUBLE_EQ(plants.world.cells[Plants::refinery].disposed[0], ore);
    EXPECT_DOUBLE_EQ(plants.world.cells[Plants::refinery].disposed[1], metal);
    const double salvage =
        plants.economy.behaviour.salvage_share * (ore * SmallChain::ore_price + metal * SmallChain::metal_price);
    EXPECT_NEAR(plants.world.outside[1] - abroad, salvage, 1e-9 * salvage);
    EXPECT_NEAR(total_money(plants.world), money_now, 1e-9 * (1.0 + std::abs(money)));
    EXPECT_GT(plants.stock(Plants::refinery, 1, 0), 0.0) << "a mothballed plant keeps its ore";
}

TEST(Exit, ABankruptPlantIsWrittenOffAndItsOwnersBearTheLoss) {
    Plants plants;
    plants.world.holdings = {{.cell = Plants::mine, .owner = id_at<CountryId>(1), .share = 0.25}};
    plants.economy.behaviour.credit_months = 9.0;
    const double credit = 9.0 * SmallChain::ore_price;  // months of revenue, per tonne of capacity
    const double cost = 42.0;
    const auto owe = [&](std::size_t number, double capacity, double more) {
        plants.cash(Plants::mine, number) = -credit * capacity + more;
    };
    owe(0, 10.0, -1.0);
    owe(1, 20.0, 20.0 * cost + 1.0);  // this month's costs do not take it over the edge
    const double money = total_money(plants.world);
    const double abroad = plants.world.outside[1];
    plants.make();
    EXPECT_EQ(plants.status(Plants::mine, 0), PlantStatus::mothballed);
    EXPECT_EQ(plants.cash(Plants::mine, 0), 0.0);
    EXPECT_EQ(plants.status(Plants::mine, 1), PlantStatus::running);
    EXPECT_LT(plants.cash(Plants::mine, 1), -0.9 * credit * 20.0);
    EXPECT_EQ(plants.world.cells[Plants::mine].bankrupt_now, 1U);
    EXPECT_EQ(plants.world.cells[Plants::mine].mothballed, 1U) << "it stands idle at the end of the tick";
    EXPECT_NEAR(total_money(plants.world), money, 1e-9 * std::abs(money));
    EXPECT_LT(plants.world.outside[1] - abroad, -0.25 * credit * 10.0);
    EXPECT_GT(plants.world.outside[1] - abroad, -0.25 * (credit + cost) * 10.0 - 1.0);
    plants.economy.behaviour.credit_months = 1e6;
    EXPECT_EQ(plants.ticks_until(PlantStatus::running, Plants::mine, 0), 15)
        << "it waits and restarts as any idle plant";
}

TEST(Exit, MonthsAreMonthsInEveryTick) {
    struct Case {
        double ticks_per_year;
        int mothball, wait, restart, closure;
    };
    for (const Case& c : {Case{12.0, 12, 3, 12, 60}, Case{4.0, 4, 1, 4, 20}, Case{52.1775, 53, 14, 53, 261}}) {
        Plants plants(c.ticks_per_year);
        for (std::size_t number = 0; number < 2; ++number) {
            plants.expect(Plants::mine, number, 20.0);
        }
        EXPECT_EQ(plants.ticks_until(PlantStatus::mothballed, Plants::mine, 0), c.mothball) << c.ticks_per_year;
        plants.expect(Plants::mine, 0, 60.0);
        EXPECT_EQ(plants.ticks_until(PlantStatus::restarting, Plants::mine, 0), c.wait) << c.ticks_per_year;
        EXPECT_EQ(plants.ticks_until(PlantStatus::running, Plants::mine, 0), c.restart) << c.ticks_per_year;
        EXPECT_EQ(plants.ticks_until(PlantStatus::closed, Plants::mine, 1), c.closure - c.wait - c.restart)
            << c.ticks_per_year;
    }
}

}  // namespace
}  // namespace ytterby
