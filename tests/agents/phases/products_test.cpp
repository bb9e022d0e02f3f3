#include <gtest/gtest.h>

#include <cmath>

#include "agents/world/expansion.hpp"
#include "tests/agents/small_chain.hpp"

namespace ytterby {
namespace {

constexpr double gap = 0.4;  // what the long run adds to the elasticity of the medium run

/// Users of the small chain's metal.
struct Users : SmallChain {
    explicit Users(double ticks_per_year = 12.0) : SmallChain(ticks_per_year) {
        Good& good = economy.goods[1];
        good.demand_elasticity = 0.1;
        good.medium_run_elasticity = 0.3;
        good.long_run_elasticity = 0.3 + gap;
        good.least_intensity = 0.4;
        good.lifetime_years = 10.0;
        economy.behaviour.fastest_substitution_per_year = 0.99;
        economy.behaviour.return_share = 1.0;
    }
    std::size_t home() const { return node(metal()).index(); }
    double& intensity() { return world.nodes.intensity[home()]; }
    /// A price that has stood for long.
    void price(double multiple) {
        world.nodes.use_price[home()] = multiple * metal_price;
        world.nodes.slow_use_price[home()] = multiple * metal_price;
    }
    double in_use() const { return world.nodes.new_in_use[home()] + world.nodes.old_in_use[home()]; }
};

TEST(RenewProducts, IntensityMovesTowardsWhatTheSlowPriceIsWorth) {
    for (const double ticks_per_year : {12.0, 52.0}) {
        for (const double multiple : {2.0, 0.5}) {
            Users users(ticks_per_year);
            users.price(multiple);
            users.renew(static_cast<int>(4 * ticks_per_year));
            // After the adjustment time of four years all but 1/e of the gap is closed, in logarithms.
            EXPECT_NEAR(std::log(users.intensity()), -gap * std::log(multiple) * (1.0 - std::exp(-1.0)), 1e-9)
                << multiple;
            users.renew(static_cast<int>(60 * ticks_per_year));
            EXPECT_NEAR(users.intensity(), std::pow(multiple, -gap), 1e-6);
            EXPECT_EQ(users.world.nodes.intensity[users.home() + 1], 1.0) << "elsewhere the price is as it was";
        }
    }
}

TEST(RenewProducts, ItFallsAtMostSoFastAndComesBackAtAThirdOfThat) {
    Users users;
    users.economy.behaviour.fastest_substitution_per_year = 0.1;
    users.economy.behaviour.return_share = 1.0 / 3.0;
    users.price(50.0);
    users.renew(12);
    EXPECT_NEAR(users.intensity(), 0.9, 1e-9);
    users.intensity() = 0.5;
    users.price(1.0);
    users.renew(12);
    EXPECT_NEAR(users.intensity(), 0.5 / (1.0 - 0.1 / 3.0), 1e-9);
    users.renew(100 * 12);
    EXPECT_NEAR(users.intensity(), 1.0, 1e-6) << "it comes back for good";
}

TEST(RenewProducts, NothingReplacesTheLastOfIt) {
    Users users;
    users.price(1000.0);
    for (int year = 0; year < 60; ++year) {
        users.renew(12);
        ASSERT_GE(users.intensity(), 0.4);
    }
    EXPECT_NEAR(users.intensity(), 0.4, 1e-6);
    users.price(0.001);
    users.renew(100 * 12);
    EXPECT_NEAR(users.intensity(), 2.5, 1e-6);
}

TEST(RenewProducts, OresAndGoodsThatNobodyNeedsKeepTheirs) {
    Users users;
    const std::size_t ore = users.node(Users::ore()).index();
    users.economy.goods[0].long_run_elasticity = 0.5;
    users.world.nodes.use_price[ore] = 600.0;
    users.price(2.0);
    users.world.nodes.need[users.home()] = 0.0;
    users.renew(24);
    EXPECT_EQ(users.world.nodes.intensity[ore], 1.0);
    EXPECT_EQ(users.intensity(), 1.0);
}

TEST(RenewProducts, WhatTheShortRunGivesTheLongRunDoesNotGiveAgain) {
    Users users;
    users.economy.goods[1].long_run_elasticity = 0.05;  // below the short run's
    users.price(5.0);
    users.renew(24);
    EXPECT_EQ(users.intensity(), 1.0);
}

TEST(RenewProducts, SlowPricesFollowOverTheirTime) {
    for (const double ticks_per_year : {4.0, 12.0, 52.0}) {
        Users users(ticks_per_year);
        users.world.nodes.use_price[users.home()] = 300.0;
        users.world.nodes.supply_price[users.home()] = 25.0;
        users.renew(static_cast<int>(ticks_per_year));
        const double part = 1.0 - std::exp(-12.0 / users.economy.behaviour.slow_price_months);
        EXPECT_NEAR(users.world.nodes.slow_use_price[users.home()], 100.0 * std::pow(3.0, part), 1e-6);
        EXPECT_NEAR(users.world.nodes.slow_supply_price[users.home()], 100.0 * std::pow(0.25, part), 1e-6);
    }
}

TEST(RenewProducts, MerchantsTurnoverIsATwelveMonthMean) {
    Users users;
    users.world.nodes.production[users.home()] = 2.0 * Users::mined_t;
    users.renew(12);
    EXPECT_NEAR(users.world.nodes.turnover_index[users.home()], 2.0 - std::exp(-1.0), 1e-9);
    EXPECT_NEAR(users.world.nodes.turnover_index[users.home() + 1], 1.0, 1e-12);
}

/// Metal used in one tick comes back after the products' lifetime on average, spread around it.
TEST(RenewProducts, APulseOfUseComesBackAfterALifetime) {
    for (const double lifetime : {4.0, 10.0, 25.0}) {
        Users users;
        users.economy.goods[1].lifetime_years = lifetime;
        users.world.nodes.consumption[users.home()] = 120.0;
        users.renew();
        users.world.nodes.consumption[users.home()] = 0.0;
        double back = 0.0;
        double waited = 0.0;
        double early = 0.0;
        for (int tick = 1; tick < 12 * lifetime * 12; ++tick) {
            const double before = users.in_use();
            users.renew();
            const double now = before - users.in_use();
            back += now;
            waited += now * tick / 12.0;
            early += tick < 12 * lifetime / 4.0 ? now : 0.0;
        }
        EXPECT_NEAR(back, 120.0, 1e-3) << "all of it";
        EXPECT_NEAR(waited / back / lifetime, 1.0, 0.025) << lifetime;
        EXPECT_LT(early / back, 0.15) << "hardly any product dies young";
    }
}

TEST(RenewProducts, ASteadyFlowGivesSteadyEndOfLife) {
    Users users;
    const double passing = 1.0 - std::exp(-2.0 / 10.0 / 12.0);
    users.world.nodes.new_in_use[users.home()] = users.world.nodes.old_in_use[users.home()] = Users::mined_t / passing;
    users.economy.base_old_in_use[users.home()] = Users::mined_t / passing;
    users.renew(30 * 12);
    EXPECT_NEAR(users.economy.end_of_life_index(users.world, users.home()), 1.0, 1e-12);
    EXPECT_NEAR(passing * users.world.nodes.old_in_use[users.home()], Users::mined_t, 1e-9)
        << "as much dies as is used";
    users.world.nodes.consumption[users.home()] = 2.0 * Users::mined_t;
    users.renew();
    EXPECT_NEAR(users.economy.end_of_life_index(users.world, users.home()), 1.0, 1e-9)
        << "what is new does not die yet";
    users.renew(60);
    EXPECT_LT(users.economy.end_of_life_index(users.world, users.home()), 1.4);
    users.renew(100 * 12);
    EXPECT_NEAR(users.economy.end_of_life_index(users.world, users.home()), 2.0, 1e-6);
    EXPECT_EQ(users.economy.end_of_life_index(users.world, users.home() + 1), 1.0)
        << "where nothing stood at the base date";
}

}  // namespace
}  // namespace ytterby
