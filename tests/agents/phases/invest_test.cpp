#include "agents/phases/invest.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "agents/world/expansion.hpp"
#include "tests/agents/small_chain.hpp"
#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// Starts of a month that replace what retires: 5 % of 60 t a year.
constexpr double planned_starts = 0.05 * SmallChain::mined_t / 12.0;

/// The mines of the small chain, built as planned before the run.
struct Mines : SmallChain {
    explicit Mines(double ticks_per_year = 12.0) : SmallChain(ticks_per_year) { fill_pipelines(economy, world); }
    void slow_price(double usd_per_t) { world.nodes.slow_supply_price[node(ore()).index()] = usd_per_t; }
    double starts() {
        build();
        return plant().started_t;
    }
};

TEST(Invest, AtRestArrivalsEqualRetirementAndCapacityStands) {
    for (const double ticks_per_year : {4.0, 12.0, 52.1775}) {
        Mines mines(ticks_per_year);
        for (int tick = 0; tick < 30 * 12; ++tick) {
            mines.build();
            ASSERT_NEAR(mines.plant().added_t, mines.plant().retired_t, 1e-12 * SmallChain::mined_t) << tick;
            ASSERT_NEAR(mines.plant().profit_index, 0.0, 1e-12);
        }
        EXPECT_GT(mines.plant().added_t, 0.0);
        EXPECT_NEAR(mines.capacity(), SmallChain::mined_t, 1e-9);
        EXPECT_NEAR(mines.world.firms.capacity_t[0], 10.0, 1e-9) << "firms keep their sizes";
    }
}

/// The same of every sector that the tables know, in a world at rest.
TEST(Invest, EverySectorOfTheShippedWorldStands) {
    Simulation simulation = build_simulation(load_scenario(shipped("stationary.toml"), {"population.firms=100"}));
    const Regime regime(simulation.economy.countries.size(), simulation.economy.goods.size());
    int standing = 0;
    for (int tick = 0; tick < 12; ++tick) {
        invest(simulation.economy, simulation.world, regime.lanes(),
               support_of_plants(simulation.economy, regime.plants()));
        for (std::size_t index = 0; index < simulation.economy.cells.size(); ++index) {
            const Expansion& expansion = simulation.economy.cells[index].expansion;
            const PlantState& plant = simulation.world.plants[index];
            ASSERT_NEAR(plant.added_t, plant.retired_t, 1e-9 * expansion.base_capacity_t);
            ASSERT_NEAR(plant.profit_index, 0.0, 1e-9);
            standing += expansion.grows && plant.added_t > 0.0 ? 1 : 0;
        }
        ++simulation.world.tick;
    }
    EXPECT_GT(standing, 12 * 100);
}

TEST(Invest, AHigherSlowPriceRaisesStartsByTheExponentialOfItsMargin) {
    for (const double price : {50.0, 60.0, 75.0, 100.0}) {
        Mines mines;
        mines.slow_price(price);
        const double profit = (price - SmallChain::ore_price) / SmallChain::capital_cost;
        EXPECT_NEAR(mines.starts(), planned_starts * std::exp(mines.economy.behaviour.investment_response * profit),
                    1e-12)
            << price;
        EXPECT_NEAR(mines.plant().profit_index, profit, 1e-12);
    }
}

TEST(Invest, StartsRiseAtMostToSoManyTimesThePlan) {
    Mines mines;
    mines.slow_price(1e5);
    EXPECT_NEAR(mines.starts(), mines.economy.behaviour.most_starts * planned_starts, 1e-12);
}

TEST(Invest, AByProductThatOnlyFollowsItsHostDoesNotSeeThePrice) {
    Mines mines;
    mines.expansion().own_price_share = 0.0;
    mines.slow_price(600.0);
    EXPECT_NEAR(mines.starts(), planned_starts, 1e-12);
}

TEST(Invest, CapacityAheadOfThePlanLowersStarts) {
    for (const double ahead : {0.8, 1.2}) {
        Mines mines;
        for (double& capacity : mines.world.firms.capacity_t) {
            capacity *= ahead;
        }
        const Behaviour& behaviour = mines.economy.behaviour;
        const double under_way = behaviour.pipeline_awareness * mines.plant().building.total();
        const double ratio = (ahead * SmallChain::mined_t + under_way) / (SmallChain::mined_t + under_way);
        const double dearer =
            SmallChain::ore_price * (std::pow(ratio, 1.0 / mines.expansion().long_run_elasticity) - 1.0);
        EXPECT_NEAR(mines.starts(),
                    planned_starts * std::exp(-behaviour.investment_response * dearer / SmallChain::capital_cost),
                    1e-12);
        EXPECT_EQ(mines.plant().started_t<planned_starts, ahead> 1.0);
    }
}

/// More under construction than planned lowers starts: by what it will do to the margin, and by crowding.
TEST(Invest, WhatIsUnderConstructionLowersStarts) {
    const auto starts = [](double foresight, double awareness, double extra) {
        Mines mines;
        mines.economy.behaviour.price_foresight = foresight;
        mines.economy.behaviour.pipeline_awareness = awareness;
        mines.plant().building.brownfield[0] += extra;
        return mines.starts();
    };
    const double under_way = Mines().plant().building.total();
    EXPECT_NEAR(starts(2.1, 0.0, 20.0), planned_starts, 1e-12) << "who does not look does not see";
    EXPECT_LT(starts(0.0, 0.7, 20.0), 0.95 * planned_starts);
    EXPECT_LT(starts(2.1, 0.7, 20.0), starts(2.1, 0.7, 10.0));
    const double excess = (SmallChain::mined_t + 0.7 * (under_way + 20.0)) / (SmallChain::mined_t + 0.7 * under_way);
    const double lost = SmallChain::ore_price * (1.0 - std::pow(excess, -2.1)) / SmallChain::capital_cost;
    EXPECT_NEAR(starts(2.1, 0.7, 20.0) / starts(0.0, 0.7, 20.0), std::exp(-Behaviour{}.investment_response * lost),
                1e-9);
}

/// A sector that does not stand yet but could.
struct Latent : Mines {
    Latent() {
        expansion().base_capacity_t = 0.0;
        expansion().potential_t = 12.0;
        plant() = PlantState{};
        for (std::size_t number = 0; number < economy.cells[mine].firms; ++number) {
            world.firms.capacity_t[firm(mine, number)] = 0.0;
            world.firms.run_rate[firm(mine, number)] = 0.0F;
            world.firms.status[firm(mine, number)] = PlantStatus::closed;
            world.firms.state_ticks[firm(mine, number)] = 7;
        }
    }
    /// A price at which the margin stands so many capital costs above that of the base date.
    void margin(double capital_costs) { slow_price(ore_price + capital_costs * capital_cost); }
};

TEST(Invest, WhatDoesNotStandStaysAwayBelowTheEntryHurdle) {
    Latent latent;
    latent.margin(latent.economy.behaviour.entry_hurdle - 0.01);
    for (int tick = 0; tick < 120; ++tick) {
        latent.build();
        ASSERT_EQ(latent.plant().started_t, 0.0);
    }
    EXPECT_EQ(latent.capacity(), 0.0);
}

TEST(Invest, AboveTheHurdleItIsBuiltAndRuns) {
    Latent latent;
    latent.margin(latent.economy.behaviour.entry_hurdle + 1.0);
    EXPECT_EQ(latent.starts(), 0.0) << "studied first";
    EXPECT_NEAR(latent.plant().studied[0], 12.0 / 12.0 / latent.economy.behaviour.entry_years, 1e-9);
    for (int tick = 1; tick < 24; ++tick) {
        latent.build();
    }
    EXPECT_GT(latent.capacity(), 0.0);
    for (std::size_t number = 0; number < 3; ++number) {
        EXPECT_EQ(latent.world.firms.status[number], PlantStatus::running);
        EXPECT_EQ(latent.world.firms.state_ticks[number], 0);
        EXPECT_NEAR(latent.world.firms.capacity_t[number], latent.capacity() / 3.0, 1e-12) << "entrants share evenly";
    }
    latent.make();
    EXPECT_GT(latent.world.cells[SmallChain::mine].throughput_t, 0.0);
    latent.economy.behaviour.price_foresight = 0.0;  // however little they look ahead
    for (int tick = 0; tick < 50 * 12; ++tick) {
        latent.build();
        ASSERT_LE(latent.capacity() + latent.plant().building.total(), 12.0 + 1e-9) << "no more than there could be";
    }
    EXPECT_GT(latent.capacity(), 6.0);
}

TEST(Invest, StudiesTakeTheirTimeAndThoseWhoseMarginIsGoneAreDropped) {
    // A price of one month: what is under study adds up, and is built if the margin still clears the hurdle when it
    // ends.
    const auto begun_later = [](double later, double study_years) {
        Latent latent;
        latent.economy.behaviour.study_years = study_years;
        latent.economy.behaviour.price_foresight = 0.0;  // the price alone moves the margin
        latent.margin(latent.economy.behaviour.entry_hurdle + 1.0);
        double begun = latent.starts();
        const double studied = begun + latent.plant().studied[0] + latent.plant().studied[1];
        latent.margin(later);
        for (int tick = 0; tick < 120; ++tick) {
            begun += latent.starts();
        }
        return begun / studied;
    };
    const double hurdle = Behaviour{}.entry_hurdle;
    EXPECT_NEAR(begun_later(hurdle, 1.0), 1.0, 1e-6);
    EXPECT_NEAR(begun_later(0.5 * hurdle, 1.0), 0.5, 0.01) << "half of the hurdle, half of the projects";
    EXPECT_NEAR(begun_later(-0.1, 1.0), 0.0, 1e-9);
    EXPECT_NEAR(begun_later(-0.1, 0.0), 1.0, 1e-9) << "without studies they are begun at once";
}

/// Every new plant had a permit; permits are asked for as margins stood over the time that they take.
TEST(Invest, GreenfieldStartsNeverExceedWhatIsPermitted) {
    Mines mines;
    mines.expansion().brownfield_share = 0.0;
    mines.economy.behaviour.permit_stock_years = 0.25;
    mines.economy.behaviour.price_foresight = 0.0;
    mines.economy.behaviour.pipeline_awareness = 0.0;
    fill_pipelines(mines.economy, mines.world);
    const double waiting = mines.plant().permitted_t;
    EXPECT_NEAR(waiting, 3.0 * planned_starts, 1e-12);
    mines.slow_price(1e6);
    double permits = waiting;
    double started = 0.0;
    for (int tick = 0; tick < 60; ++tick) {
        const double before = mines.plant().permitted_t;
        mines.build();
        const double granted = planned_starts * mines.plant().exploration;
        permits += granted;
        started += mines.plant().started_t;
        ASSERT_LE(mines.plant().started_t, (before + granted) / 6.0 + 1e-12)
            << "half a year on average from permit to start";
        ASSERT_GE(mines.plant().permitted_t, 0.0);
    }
    EXPECT_NEAR(permits - started, mines.plant().permitted_t, 1e-9);
    EXPECT_NEAR(mines.plant().exploration, 1.0 + 3.0 * (1.0 - std::pow(1.0 - 1.0 / 60.0, 60)), 1e-9);
    EXPECT_LT(started, 0.8 * 60 * mines.economy.behaviour.most_starts * planned_starts) << "permits hold the boom back";
}

TEST(Invest, PlantsRetireOverTheirLifetime) {
    Mines mines;
    mines.plant().building = Pipeline{};
    mines.economy.behaviour.investment_response = 100.0;
    mines.slow_price(0.0);  // nobody builds
    for (int tick = 0; tick < 120; ++tick) {
        const double before = mines.capacity();
        mines.build();
        ASSERT_NEAR(mines.plant().retired_t, before * 0.05 / 12.0, 1e-12);
    }
    EXPECT_NEAR(mines.capacity(), SmallChain::mined_t * std::pow(1.0 - 0.05 / 12.0, 120), 1e-6);
    EXPECT_NEAR(mines.world.firms.capacity_t[2], 0.5 * mines.capacity(), 1e-9) << "all firms alike";
}

/// The plan of the mines as a path that grows by so much a year.
void plan_growth(SmallChain& chain, double per_year) {
    Outlook::Paths& plan = chain.economy.outlook.plan;
    plan = {3, 41};
    for (std::size_t year = 0; year < plan.knots; ++year) {
        plan.log_at_knot(0, year) = per_year * static_cast<double>(year);
    }
    fill_pipelines(chain.economy, chain.world);
}

TEST(Invest, WhereNothingIsDisturbedCapacityFollowsItsPlan) {
    Mines mines;
    plan_growth(mines, 0.05);
    for (int tick = 0; tick < 20 * 12; ++tick) {
        mines.build();
        ASSERT_NEAR(mines.plant().profit_index, 0.0, 1e-6) << "no one sees crowding in what is planned";
    }
    EXPECT_NEAR(mines.capacity() / (SmallChain::mined_t * std::exp(1.0)), 1.0, 0.02);
    EXPECT_NEAR(mines.plant().planned_capacity_t, mines.capacity(), 1e-6);
}

TEST(Invest, WhereThePlanStartsNothingHalfOfWhatRetiresAnswersToMargins) {
    Mines mines;
    plan_growth(mines, -0.5);
    EXPECT_EQ(mines.starts(), 0.0);
    Mines again;
    plan_growth(again, -0.5);
    again.slow_price(100.0);
    const double multiple = std::exp(again.economy.behaviour.investment_response * 40.0 / SmallChain::capital_cost);
    EXPECT_NEAR(again.starts(), 0.5 * planned_starts * (multiple - 1.0), 1e-12);
}

TEST(Invest, RefinersDoNotCountOnOreBelowItsLongRunCost) {
    for (const auto& [ore_now, counted] : {std::pair{54.0, 54.0}, {66.0, 66.0}, {30.0, 51.0}}) {
        SmallChain chain;
        chain.economy.cells[SmallChain::refinery].expansion = chain.expansion();
        fill_pipelines(chain.economy, chain.world);
        chain.world.cells[SmallChain::refinery].capacity_t = SmallChain::mined_t;
        chain.world.nodes.slow_use_price[chain.node(SmallChain::ore()).index()] = ore_now;
        chain.build();
        EXPECT_NEAR(chain.world.plants[SmallChain::refinery].profit_index,
                    (SmallChain::ore_price - counted) / SmallChain::capital_cost, 1e-12)
            << ore_now;
    }
}

TEST(Invest, WhatDoesNotGrowStandsAsItIs) {
    Mines mines;
    mines.expansion().grows = false;
    mines.slow_price(600.0);
    mines.build();
    EXPECT_EQ(mines.capacity(), SmallChain::mined_t);
    EXPECT_EQ(mines.plant().started_t, 0.0);
}

/// Mean time in years from starts of one tick to output.
double mean_delay(double brownfield_share, double years, double ticks_per_year) {
    SmallChain chain(ticks_per_year);
    chain.economy.behaviour.investment_response = 0.0;
    chain.economy.behaviour.permit_stock_years = 3.0;
    chain.expansion().brownfield_share = brownfield_share;
    chain.expansion().brownfield_years = years;
    chain.expansion().build_years = years;
    fill_pipelines(chain.economy, chain.world);
    chain.plant().building = Pipeline{};
    chain.build();
    const double pulse = chain.plant().started_t;
    double arrived = chain.plant().added_t;
    double waited = 0.0;
    chain.expansion().retirement_per_year = 0.0;  // no further starts
    for (int tick = 1; tick < 20 * years * ticks_per_year; ++tick) {
        chain.build();
        EXPECT_EQ(chain.plant().started_t, 0.0);
        arrived += chain.plant().added_t;
        waited += chain.plant().added_t * tick;
    }
    EXPECT_GT(pulse, 0.0);
    EXPECT_NEAR(arrived, pulse, 1e-6 * pulse) << "what is started arrives";
    return waited / arrived / ticks_per_year;
}

TEST(Invest, FromStartToOutputTakesTheLeadTimeOnAverage) {
    for (const double ticks_per_year : {12.0, 52.1775}) {
        EXPECT_NEAR(mean_delay(1.0, 2.0, ticks_per_year) / 2.0, 1.0, 0.05) << ticks_per_year;
        EXPECT_NEAR(mean_delay(0.0, 3.0, ticks_per_year) / 3.0, 1.0, 0.05) << ticks_per_year;
    }
    EXPECT_NEAR(mean_delay(0.0, 3.0, 52.1775) / 3.0, 1.0, 0.011);
}

/// Investors expect the part of a price's distance from its anchor to last that their persistence says.
TEST(Invest, SlowPricesAreExpectedToReturnToTheirAnchor) {
    SmallChain lasting;
    SmallChain passing;
    passing.economy.behaviour.price_persistence = 0.3;
    for (SmallChain* chain : {&lasting, &passing}) {
        chain->world.nodes.slow_supply_price[chain->node(SmallChain::ore()).index()] = 1.5 * SmallChain::ore_price;
        chain->build();
    }
    const double index = SmallChain::ore_price / SmallChain::capital_cost;
    EXPECT_NEAR(lasting.plant().profit_index, 0.5 * index, 1e-9);
    EXPECT_NEAR(passing.plant().profit_index, (std::pow(1.5, 0.3) - 1.0) * index, 1e-9);
}

}  // namespace
}  // namespace ytterby
