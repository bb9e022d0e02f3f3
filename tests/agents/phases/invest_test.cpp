#include "agents/phases/invest.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "agents/phases/investment/believed_prices.hpp"
#include "agents/phases/investment/project_life.hpp"
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
    simulation.world.believed.multiple.assign(believed_years.size() * simulation.economy.network.node_count(), 1.0);
    int standing = 0;
    for (int tick = 0; tick < 12; ++tick) {
        invest(simulation.economy, simulation.world, support_of_plants(simulation.economy, regime.plants()));
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

/// Starts of a month by the cost curve: a part of what is missing to the capacity that a price calls for.
double starts_at(const Mines& mines, double price) {
    const double with_building = SmallChain::mined_t + mines.world.plants[SmallChain::mine].building.total();
    const double called = with_building * std::pow(price / SmallChain::ore_price, 0.7);
    return planned_starts + (called - with_building) / mines.economy.behaviour.start_years / 12.0;
}

TEST(Invest, APriceThatLastsCallsForCapacityAlongTheCostCurve) {
    for (const double price : {57.0, 60.0, 63.0, 66.0}) {
        Mines mines;
        const double expected = starts_at(mines, price);
        mines.slow_price(price);
        EXPECT_NEAR(mines.starts(), expected, 1e-9) << price;
        EXPECT_NEAR(mines.plant().profit_index, (price - SmallChain::ore_price) / SmallChain::capital_cost, 1e-12);
    }
    Mines mines;
    mines.slow_price(66.0);
    for (int tick = 0; tick < 60 * 12; ++tick) {
        mines.build();
    }
    EXPECT_NEAR(mines.capacity() / SmallChain::mined_t, std::pow(1.1, 0.7), 0.01) << "and stays there";
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

TEST(Invest, CapacityAheadOfWhatIsCalledForLowersStarts) {
    for (const double ahead : {0.98, 1.02}) {
        Mines mines;
        for (double& capacity : mines.world.firms.capacity_t) {
            capacity *= ahead;
        }
        const double beyond = (ahead - 1.0) * SmallChain::mined_t;
        const double less = beyond / mines.economy.behaviour.start_years - 0.05 * beyond;
        EXPECT_NEAR(mines.starts(), planned_starts - less / 12.0, 1e-9);
    }
    Mines mines;
    mines.plant().building.brownfield[0] += 6.0;
    EXPECT_NEAR(mines.starts(), planned_starts - 6.0 / mines.economy.behaviour.start_years / 12.0, 1e-9)
        << "what is under construction counts like what stands";
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

TEST(Invest, WhatDoesNotStandStaysAwayAtPricesOfTheBaseDate) {
    Latent latent;
    latent.margin(0.001);  // less than the smallest plant needs
    for (int tick = 0; tick < 120; ++tick) {
        latent.build();
        ASSERT_EQ(latent.plant().started_t, 0.0);
    }
    EXPECT_EQ(latent.capacity(), 0.0);
}

/// Projects are worth from the hurdle down to nothing at base prices, so half of a hurdle calls for half of them.
TEST(Invest, ProjectsEnterInProportionToTheirValue) {
    for (const double share : {0.25, 0.5, 1.0, 2.0}) {
        Latent latent;
        latent.margin(share * latent.economy.behaviour.hurdle);
        EXPECT_EQ(latent.starts(), 0.0) << "studied first";
        EXPECT_NEAR(latent.plant().studied[0],
                    std::min(1.0, share) * 12.0 / 12.0 / latent.economy.behaviour.start_years, 1e-9);
        for (int tick = 1; tick < 60 * 12; ++tick) {
            latent.build();
        }
        const double most = latent.capacity() + latent.plant().building.total();
        EXPECT_LE(most, std::min(1.0, share) * 12.0 + 1e-9);
        EXPECT_GT(most, 0.8 * std::min(1.0, share) * 12.0);
    }
}

TEST(Invest, EntrantsShareWhatIsBuiltAndRun) {
    Latent latent;
    latent.margin(latent.economy.behaviour.hurdle);
    for (int tick = 0; tick < 36; ++tick) {
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
}

TEST(Invest, StudiesTakeTheirTimeAndThoseThatNoLongerPayAreDropped) {
    // A price of one month: what is under study is built as far as it is called for when the study ends.
    const auto begun_later = [](double later, double study_years) {
        Latent latent;
        latent.economy.behaviour.study_years = study_years;
        latent.margin(latent.economy.behaviour.hurdle);
        double begun = latent.starts();
        const double studied = begun + latent.plant().studied[0] + latent.plant().studied[1];
        latent.margin(later);
        for (int tick = 0; tick < 24; ++tick) {
            begun += latent.starts();
        }
        return begun / studied;
    };
    EXPECT_GT(begun_later(Behaviour{}.hurdle, 1.0), 1.0);
    EXPECT_NEAR(begun_later(-0.1, 1.0), 0.0, 1e-9);
    EXPECT_NEAR(begun_later(-0.1, 0.0), 1.0, 1e-9) << "without studies they are begun at once";
}

/// Every new plant had a permit; permits are asked for as margins stood over the time that they take.
TEST(Invest, GreenfieldStartsNeverExceedWhatIsPermitted) {
    Mines mines;
    mines.expansion().brownfield_share = 0.0;
    mines.economy.behaviour.permit_stock_years = 0.25;
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
    mines.economy.behaviour.start_years = 0.1;
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

TEST(Invest, WhereThePlanStartsNothingHalfOfWhatRetiresMeasuresStarts) {
    Mines mines;
    plan_growth(mines, -0.5);
    EXPECT_EQ(mines.starts(), 0.0);
    Mines again;
    plan_growth(again, -0.5);
    again.slow_price(100.0);
    EXPECT_NEAR(again.starts(), 0.5 * planned_starts * again.economy.behaviour.most_starts, 1e-12);
}

TEST(Invest, RefinersCountTheOreTheyNeed) {
    for (const double ore_now : {54.0, 66.0, 30.0}) {
        SmallChain chain;
        chain.economy.cells[SmallChain::refinery].expansion = chain.expansion();
        fill_pipelines(chain.economy, chain.world);
        chain.world.cells[SmallChain::refinery].capacity_t = SmallChain::mined_t;
        chain.world.nodes.slow_use_price[chain.node(SmallChain::ore()).index()] = ore_now;
        chain.build();
        EXPECT_NEAR(chain.world.plants[SmallChain::refinery].profit_index,
                    (SmallChain::ore_price - ore_now) / SmallChain::capital_cost, 1e-12)
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
    chain.economy.behaviour.start_years = 1e12;  // the plan alone
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

/// No price is too high to be seen; what is left of its distance from the long-run price fades.
TEST(Invest, WhatIsLeftOfAPriceFades) {
    SmallChain passing;
    passing.economy.behaviour.price_reversion = 0.37;
    const double part = ProjectLife(passing.economy, passing.economy.cells[SmallChain::mine]).part_fading(0.37);
    EXPECT_GT(part, 0.02);
    EXPECT_LT(part, 0.15);
    for (const double multiple : {1.5, 20.0}) {
        passing.world.nodes.slow_supply_price[passing.node(SmallChain::ore()).index()] =
            multiple * SmallChain::ore_price;
        passing.build();
        EXPECT_NEAR(passing.plant().profit_index,
                    part * (multiple - 1.0) * SmallChain::ore_price / SmallChain::capital_cost, 1e-9);
    }
}

/// What measures make of prices counts in the years in which it is believed.
TEST(Invest, ABelievedPriceCountsInItsYears) {
    const auto index = [](std::size_t from, std::size_t to) {
        SmallChain chain;
        chain.economy.behaviour.price_reversion = 100.0;  // today's price is forgotten at once
        for (std::size_t year = from; year < to; ++year) {
            chain.world.believed.multiple[year * 4 + chain.node(SmallChain::ore()).index()] = 1.5;
        }
        chain.build();
        return chain.plant().profit_index;
    };
    const double all = 0.5 * SmallChain::ore_price / SmallChain::capital_cost;
    EXPECT_NEAR(index(0, believed_years.size()), all, 1e-9);
    EXPECT_NEAR(index(0, 2) + index(2, believed_years.size()), all, 1e-9);
    EXPECT_GT(index(0, 2), 0.2 * all);
    EXPECT_LT(index(0, 2), 0.8 * all);
}

}  // namespace
}  // namespace ytterby
