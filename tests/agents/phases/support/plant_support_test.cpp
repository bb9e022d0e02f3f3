#include "agents/phases/support/plant_support.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "agents/phases/support/pay_support.hpp"
#include "tests/agents/small_chain.hpp"

namespace ytterby {
namespace {

const CountryId chile{0}, china{1};

/// The small chain with policies that speak; mines with pipelines as planned.
struct Helped : SmallChain {
    Helped() {
        fill_pipelines(economy, world);
        expansion().capex_usd_per_t = 500.0;
        regime = Regime(2, 2);
        regime.begin_policy("p");
    }
    PlantSelector mines() const { return {{chile}, {economy.cells[mine].process}, {}}; }
    double index() {
        build();
        return plant().profit_index;
    }
    double balance(const char* policy, CountryId country) { return world.treasury[policy][country.index()]; }
    double cash() const { return world.firms.cash[0] + world.firms.cash[1] + world.firms.cash[2]; }
};

TEST(PlantSupport, SilenceCostsNothing) {
    Helped chain;
    EXPECT_TRUE(support_of_plants(chain.economy, chain.regime.plants()).empty());
    pay_plants(chain.economy, chain.world, chain.regime.plants(),
               support_of_plants(chain.economy, chain.regime.plants()));
    EXPECT_TRUE(chain.world.treasury.empty());
    EXPECT_TRUE(chain.world.support.empty());
}

TEST(PlantSupport, SumsAndHighestFloorsByCell) {
    Helped chain;
    chain.regime.support(chain.mines(), 3.0, {.payer = chile});
    chain.regime.begin_policy("q");
    chain.regime.support({{}, {}, {SmallChain::ore()}}, 2.0, {.payer = china, .believed_share = 0.5});
    chain.regime.support_share({}, 0.1, {.payer = chile});
    chain.regime.price_floor(chain.mines(), 70.0, {.payer = chile});
    chain.regime.price_floor(chain.mines(), 90.0, {.payer = chile});
    chain.regime.settle_order();
    const PlantSupport support = support_of_plants(chain.economy, chain.regime.plants());
    const CellSupport* mines = support.of(SmallChain::mine);
    ASSERT_NE(mines, nullptr);
    EXPECT_NEAR(mines->now[0].at(60.0), 3.0 + 1.0 + 6.0 + 30.0, 1e-9)
        << "two sums, a share of the price, and up to the highest floor";
    EXPECT_NEAR(mines->now[0].at(100.0), 4.0 + 10.0, 1e-9);
    EXPECT_EQ(support.of(SmallChain::user), nullptr) << "a user is no plant";
    const CellSupport* refinery = support.of(SmallChain::refinery);
    ASSERT_NE(refinery, nullptr);
    EXPECT_NEAR(refinery->now[1].at(100.0), 10.0, 1e-9);
}

/// Support enters the margin that plants run on, and is paid to them for what they made by who said how much.
TEST(PlantSupport, PlantsRunMoreAndAreEachPaidByItsPolicy) {
    Helped without;
    Helped with;
    with.regime.support(with.mines(), 30.0, {.payer = chile});
    with.regime.begin_policy("q");
    with.regime.support(with.mines(), 10.0, {.payer = china});
    with.regime.settle_order();
    without.make();
    with.make();
    const double output = with.world.cells[SmallChain::mine].throughput_t;
    EXPECT_GT(output, 1.01 * without.world.cells[SmallChain::mine].throughput_t);
    const double before = with.cash();
    pay_plants(with.economy, with.world, with.regime.plants(), support_of_plants(with.economy, with.regime.plants()));
    EXPECT_NEAR(with.cash() - before, 40.0 * output, 1e-9 * output);
    EXPECT_NEAR(with.balance("p", chile), -30.0 * output, 1e-9 * output);
    EXPECT_NEAR(with.balance("q", china), -10.0 * output, 1e-9 * output);
    EXPECT_NEAR(with.world.support["p"].claimed_usd[SmallChain::mine], 30.0 * output, 1e-9 * output);
}

/// Too little in the fund: all claims get the same part, and the ledger says what was claimed.
TEST(PlantSupport, AFundLimitsWhatIsPaidAndTheLedgerSaysWhatWasClaimed) {
    Helped chain;
    chain.regime.support({}, 10.0, {.payer = chile});
    chain.regime.fund(100.0);
    for (std::size_t firm = 0; firm < 2; ++firm) {
        chain.world.positions.stock[chain.row(SmallChain::refinery, firm)] = 100.0;
    }
    chain.make();
    pay_plants(chain.economy, chain.world, chain.regime.plants(),
               support_of_plants(chain.economy, chain.regime.plants()));
    EXPECT_NEAR(chain.balance("p", chile), -100.0, 1e-9);
    const SupportLedger& ledger = chain.world.support["p"];
    const double mined = chain.world.cells[SmallChain::mine].throughput_t;
    EXPECT_NEAR(ledger.claimed_usd[SmallChain::mine], 10.0 * mined, 1e-6);
    EXPECT_NEAR(ledger.paid_usd[SmallChain::mine] / ledger.claimed_usd[SmallChain::mine],
                ledger.paid_usd[SmallChain::refinery] / ledger.claimed_usd[SmallChain::refinery], 1e-9);
}

/// A plant that would stop for its losses goes on with a credit that covers them.
TEST(PlantSupport, ACreditKeepsPlantsFromStopping) {
    for (const bool helped : {false, true}) {
        Helped chain;
        if (helped) {
            chain.regime.support(chain.mines(), 40.0, {.payer = chile});
        }
        for (std::size_t firm = 0; firm < 3; ++firm) {
            chain.expect(SmallChain::mine, firm, 20.0);
        }
        chain.make(14);
        EXPECT_EQ(chain.world.firms.status[0] == PlantStatus::running, helped);
    }
}

/// What investors see: index 0 at rest; every dollar counts once, over the full capital cost.
TEST(PlantSupport, GrantsAndCheapLoansLowerWhatInvestorsBear) {
    Helped rest;
    EXPECT_NEAR(rest.index(), 0.0, 1e-12);
    Helped grant;
    grant.regime.capex_share(grant.mines(), 0.5, {.payer = chile});
    EXPECT_NEAR(grant.index(), 0.5, 1e-9);
    EXPECT_GT(grant.plant().started_t, 1.2 * rest.plant().started_t);
    Helped credit;
    credit.regime.support(credit.mines(), 0.5 * SmallChain::capital_cost, {.payer = chile});
    EXPECT_NEAR(credit.index(), 0.5, 1e-9) << "a credit of the same present value is worth the same";
    EXPECT_NEAR(credit.plant().started_t, grant.plant().started_t, 1e-12);
    Helped both;
    both.regime.capex_share(both.mines(), 0.5, {.payer = chile});
    both.regime.support(both.mines(), 0.5 * SmallChain::capital_cost, {.payer = chile});
    EXPECT_NEAR(both.index(), 1.0, 1e-9);
    pay_plants(grant.economy, grant.world, grant.regime.plants(),
               support_of_plants(grant.economy, grant.regime.plants()));
    EXPECT_NEAR(grant.balance("p", chile), -0.5 * 12.0 * grant.plant().started_t * 500.0, 1e-6);
    EXPECT_NEAR(grant.world.outside[chile.index()], -grant.balance("p", chile), 1e-6) << "owners get it";
    Helped cheap;
    cheap.expansion().capital_cost_usd_per_t = 500.0 * 0.1 / (1.0 - std::pow(1.1, -20.0));
    cheap.regime.hurdle(cheap.mines(), -0.03, {.payer = chile, .cost = 0.05});
    EXPECT_GT(cheap.index(), 0.1);
    pay_plants(cheap.economy, cheap.world, cheap.regime.plants(),
               support_of_plants(cheap.economy, cheap.regime.plants()));
    EXPECT_NEAR(cheap.balance("p", chile), -0.05 * 12.0 * cheap.plant().started_t * 500.0, 1e-6);
}

/// Grants of several states that come to more than all of it: each bears its part.
TEST(PlantSupport, GrantsBeyondAllOfTheCapitalAreSharedOut) {
    Helped chain;
    chain.regime.capex_share(chain.mines(), 0.9, {.payer = chile});
    chain.regime.begin_policy("q");
    chain.regime.capex_share(chain.mines(), 0.6, {.payer = china});
    chain.regime.settle_order();
    chain.build();
    pay_plants(chain.economy, chain.world, chain.regime.plants(),
               support_of_plants(chain.economy, chain.regime.plants()));
    const double capital = 12.0 * chain.plant().started_t * 500.0;
    EXPECT_NEAR(chain.balance("p", chile), -0.6 * capital, 1e-6 * capital);
    EXPECT_NEAR(chain.balance("q", china), -0.4 * capital, 1e-6 * capital);
}

/// A promise that ends before a plant could stand moves no investor; one for a plant's life counts in full, and one for
/// some of its years by their present value.
TEST(PlantSupport, InvestorsCountACreditForTheYearsItLasts) {
    const auto index = [](double months) {
        Helped chain;
        chain.regime.support(chain.mines(), 10.0, {.payer = chile, .lasting_months = months});
        return chain.index();
    };
    EXPECT_NEAR(index(36.0), 0.0, 1e-12);
    const double full = 10.0 / SmallChain::capital_cost;
    const double ten_of_twenty = (1.0 - std::pow(1.1, -10.0)) / (1.0 - std::pow(1.1, -20.0));
    EXPECT_NEAR(index(36.0 + 120.0), ten_of_twenty * full, 1e-6);
    EXPECT_NEAR(index(1e9), full, 1e-6);
}

TEST(PlantSupport, FasterPermitsAndBuildingBringPlantsSooner) {
    Helped slow;
    Helped fast;
    fast.regime.lead_time(fast.mines(), 0.5, {.payer = chile});
    slow.build();
    fast.build();
    EXPECT_GT(fast.plant().added_t, 1.9 * slow.plant().added_t);
    EXPECT_EQ(fast.plant().planned_capacity_t, slow.plant().planned_capacity_t) << "the plan knows nothing of it";
}

/// Owners give back in the proportions in which they share profits.
TEST(PlantSupport, OwnersGiveBack) {
    Helped chain;
    chain.world.holdings = {{.cell = SmallChain::mine, .owner = china, .share = 0.4}};
    chain.regime.pay(chile, chain.economy.cells[SmallChain::mine].process, Payee::owners, -100.0, chile);
    pay_plants(chain.economy, chain.world, chain.regime.plants(),
               support_of_plants(chain.economy, chain.regime.plants()));
    EXPECT_NEAR(chain.balance("p", chile), 100.0, 1e-9);
    EXPECT_NEAR(chain.world.outside[chile.index()], -60.0, 1e-9);
    EXPECT_NEAR(chain.world.outside[china.index()], -40.0, 1e-9);
    EXPECT_NEAR(chain.world.support["p"].clawed_back_usd, 100.0, 1e-9);
}

}  // namespace
}  // namespace ytterby
