#include "agents/phases/deals/deals.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "agents/world/holdings.hpp"
#include "tests/agents/small_chain.hpp"

namespace ytterby {
namespace {

/// A mine in Chile that investors of China may buy into, and a board in Chile that says what the test makes it say.
struct Sale : SmallChain {
    static constexpr CountryId chile{0}, china{1};
    ReviewTerms terms{.threat = 1.0,
                      .consequence = 1.0,
                      .full_vulnerability_share = 0.1,
                      .least_stake = 0.1,
                      .least_usd = 0.0,
                      .clear_below = 0.2,
                      .block_above = 0.6,
                      .offtake_kept_share = 0.25,
                      .most_stake = 0.3,
                      .refile_probability = 0.0,
                      .declared_ticks = 1,
                      .reviewed_ticks = 3,
                      .investigated_ticks = 4,
                      .decided_ticks = 5};
    bool screened = true;

    Sale() {
        economy.deals.enabled = true;
        economy.deals.closing_months = 2.0;
        economy.deals.offers_per_year = 0.0;
        expansion().capex_usd_per_t = 500.0;
        for (Column<double>* column : {&world.nodes.imports, &world.nodes.risk}) {
            column->assign(4, 0.0);
        }
        world.cells[mine].capacity_t = mined_t;
        world.deals.funds_usd.assign(2, 1e9);
        world.deals.deals.push_back({.acquirer = china,
                                     .runner_up = {},
                                     .cell = mine,
                                     .plants_share = 0.5,
                                     .stake = 0.6,
                                     .price_usd = 1000.0,
                                     .offtake_share = 0.8});
    }

    Deal& about() { return world.deals.deals.front(); }
    /// Plays so many ticks and returns the steps of all deals.
    std::vector<DealStage> run(int ticks) {
        std::vector<DealStage> stages;
        for (; ticks > 0; --ticks) {
            Regime rules(2, 2);
            if (screened) {
                rules.screen(china, chile, economy.cells[mine].process, terms);
            }
            deal(economy, world, rules.reviews(), Random(3));
            for (const DealStep& step : world.deals.steps) {
                stages.push_back(step.deal.stage);
            }
            ++world.tick;
        }
        return stages;
    }
    double held(double Holding::*what) const {
        double sum = 0.0;
        for (const Holding& holding : world.holdings) {
            sum += holding.cell == mine && holding.owner == china ? holding.*what : 0.0;
        }
        return sum;
    }
    double abroad() const { return world.outside[china.index()]; }
};

using Stages = std::vector<DealStage>;

TEST(Deals, WithoutABoardADealClosesAndPays) {
    Sale sale;
    sale.screened = false;
    EXPECT_EQ(sale.run(2), Stages{});
    EXPECT_EQ(sale.held(&Holding::share), 0.0) << "a pending deal is not done";
    EXPECT_EQ(sale.run(1), Stages{DealStage::closed});
    EXPECT_DOUBLE_EQ(sale.held(&Holding::share), 0.3);
    EXPECT_DOUBLE_EQ(sale.held(&Holding::offtake_share), 0.4);
    EXPECT_DOUBLE_EQ(sale.abroad(), -1000.0);
    EXPECT_DOUBLE_EQ(sale.world.outside[0], 1000.0);
    EXPECT_EQ(sale.run(5), Stages{});
}

TEST(Deals, TheBoardsClockAndItsVerdicts) {
    {
        Sale sale;  // risk 1: above block_above
        EXPECT_EQ(sale.run(1), Stages{DealStage::declaration});
        EXPECT_EQ(sale.run(1), Stages{DealStage::review});
        EXPECT_EQ(sale.run(1), Stages{});
        EXPECT_EQ(sale.run(1), Stages{DealStage::investigation});
        EXPECT_EQ(sale.run(1), Stages{DealStage::decision});
        EXPECT_EQ(sale.run(1), Stages{DealStage::blocked});
        EXPECT_EQ(sale.held(&Holding::share), 0.0);
        EXPECT_EQ(sale.abroad(), 0.0);
        EXPECT_EQ(sale.world.deals.funds_usd[1], 1e9 + 1000.0) << "what was set aside is free again";
        EXPECT_DOUBLE_EQ(sale.about().risk(), 1.0);
    }
    {
        Sale sale;
        sale.terms.threat = 0.15;  // above half of clear_below: a declaration is not enough
        EXPECT_EQ(sale.run(4),
                  (Stages{DealStage::declaration, DealStage::review, DealStage::cleared, DealStage::closed}));
        EXPECT_DOUBLE_EQ(sale.held(&Holding::share), 0.3);
    }
    {
        Sale sale;
        sale.terms.threat = 0.05;
        EXPECT_EQ(sale.run(3), (Stages{DealStage::declaration, DealStage::cleared, DealStage::closed}));
    }
}

TEST(Deals, ConditionsCutStakeOfftakeAndPrice) {
    Sale sale;
    sale.terms.threat = 0.4;
    EXPECT_EQ(sale.run(5), (Stages{DealStage::declaration, DealStage::review, DealStage::investigation,
                                   DealStage::mitigated, DealStage::closed}));
    EXPECT_DOUBLE_EQ(sale.held(&Holding::share), 0.5 * 0.3);
    EXPECT_DOUBLE_EQ(sale.abroad(), -500.0) << "half the stake, half the price";
    EXPECT_LE(sale.held(&Holding::offtake_share), 0.5 * 0.25 * 0.8);
    EXPECT_GT(sale.held(&Holding::offtake_share), 0.0);
}

TEST(Deals, RiskIsAProductOfThreeParts) {
    Sale sale;
    sale.terms.threat = 0.5;
    sale.terms.consequence = 0.4;
    sale.about().stake = 0.25;
    sale.terms.full_vulnerability_share = 1.0;
    weigh(sale.economy, sale.world, sale.terms, sale.about());
    EXPECT_DOUBLE_EQ(supply_share(sale.economy, sale.world, SmallChain::mine), 1.0);
    EXPECT_DOUBLE_EQ(sale.about().vulnerability, 0.5 * 0.5) << "half of the supply, a quarter of the shares";
    EXPECT_DOUBLE_EQ(sale.about().risk(), 0.5 * 0.25 * 0.4);
    sale.world.nodes.imports[0] = SmallChain::mined_t;
    EXPECT_DOUBLE_EQ(supply_share(sale.economy, sale.world, SmallChain::mine), 0.5);
}

TEST(Deals, SmallStakesAndSmallDealsAreNotCovered) {
    Sale small;
    small.terms.least_stake = 0.61;
    EXPECT_EQ(small.run(3), Stages{DealStage::closed});
    Sale cheap;
    cheap.terms.least_usd = 1001.0;
    EXPECT_EQ(cheap.run(3), Stages{DealStage::closed});
}

TEST(Deals, AWithdrawnDealIsFiledAgainWithLess) {
    Sale sale;
    sale.terms.refile_probability = 1.0;
    const Stages stages = sale.run(30);
    EXPECT_EQ(std::count(stages.begin(), stages.end(), DealStage::withdrawn), 2);
    EXPECT_EQ(std::count(stages.begin(), stages.end(), DealStage::declaration), 3);
    EXPECT_EQ(stages.back(), DealStage::blocked) << "twice at most";
    EXPECT_EQ(sale.about().refiled, 2U);
    EXPECT_DOUBLE_EQ(sale.about().stake, 0.49);
}

TEST(Deals, LookingBackUndoesAClosedDeal) {
    Sale sale;
    sale.screened = false;
    sale.run(3);
    sale.screened = true;
    sale.terms.divested_ticks = 3;
    EXPECT_EQ(sale.run(4), Stages{}) << "without looking back it stands";
    sale.terms.reopened_since = 0;
    EXPECT_EQ(sale.run(1), Stages{DealStage::reopened});
    EXPECT_EQ(sale.run(5), Stages{DealStage::ordered});
    EXPECT_GT(sale.held(&Holding::share), 0.0);
    EXPECT_EQ(sale.run(3), Stages{DealStage::divested});
    EXPECT_EQ(sale.held(&Holding::share), 0.0);
    EXPECT_EQ(sale.held(&Holding::offtake_share), 0.0);
    EXPECT_DOUBLE_EQ(sale.abroad(), -200.0) << "a fifth is lost";
    EXPECT_DOUBLE_EQ(sale.world.outside[0], 200.0);
    EXPECT_EQ(sale.run(10), Stages{}) << "once";
}

TEST(Deals, LookingBackMayClearOrCutTheOfftake) {
    Sale cleared;
    cleared.screened = false;
    cleared.run(3);
    cleared.screened = true;
    cleared.terms.reopened_since = 0;
    cleared.terms.threat = 0.1;
    EXPECT_EQ(cleared.run(8), (Stages{DealStage::reopened, DealStage::closed}));
    EXPECT_DOUBLE_EQ(cleared.held(&Holding::offtake_share), 0.4);
    Sale cut;
    cut.screened = false;
    cut.run(3);
    cut.screened = true;
    cut.terms.reopened_since = 0;
    cut.terms.threat = 0.4;
    EXPECT_EQ(cut.run(8), (Stages{DealStage::reopened, DealStage::closed}));
    EXPECT_DOUBLE_EQ(cut.held(&Holding::offtake_share), 0.1);
    EXPECT_DOUBLE_EQ(cut.held(&Holding::share), 0.3);
}

TEST(Deals, ControlOfIdlePlantsWakesThem) {
    Sale sale;
    sale.screened = false;
    sale.about().kind = TargetKind::idle;
    sale.about().plants_share = 0.2;
    const std::size_t first = sale.firm(SmallChain::mine, 0);
    sale.world.firms.status[first] = PlantStatus::mothballed;
    sale.run(3);
    EXPECT_EQ(sale.world.firms.status[first], PlantStatus::restarting);
}

TEST(Deals, TheHighestBidWinsAtTheNextOne) {
    Sale sale;
    sale.world.deals.deals.clear();
    sale.economy.countries.push_back({.code = "JPN", .name = "Japan"});
    sale.economy.network.countries = 3;
    sale.economy.base_price.assign(6, SmallChain::ore_price);
    for (Column<double>* column : {&sale.world.nodes.imports, &sale.world.nodes.risk, &sale.world.nodes.consumption,
                                   &sale.world.nodes.production, &sale.world.nodes.use_price}) {
        column->assign(6, 0.0);
    }
    sale.world.nodes.consumption.assign(6, 20.0);
    sale.world.outside.assign(3, 0.0);
    sale.world.deals.funds_usd.assign(3, 1e12);
    sale.economy.deals.offers_per_year = 12000.0;
    sale.economy.deals.attention = 1.0;
    sale.economy.deals.value_spread = 0.0;
    sale.economy.deals.least_usd = 0.0;
    sale.economy.countries[1].hurdle_rate = 0.05;
    sale.economy.countries[2].hurdle_rate = 0.07;
    sale.economy.deals.host_risk_share = 0.0;
    Regime rules(3, 2);
    deal(sale.economy, sale.world, rules.reviews(), Random(3));
    ASSERT_FALSE(sale.world.deals.deals.empty());
    const Deal& won = sale.about();
    EXPECT_EQ(won.acquirer.index(), 1U) << "asks the lower yield, so pays more";
    EXPECT_EQ(won.runner_up.index(), 2U);
    Target target{.plants_share = won.plants_share,
                  .book_usd = 0.5 * 500.0 * SmallChain::mined_t * 12.0 * won.plants_share};
    const double second = value_to(sale.economy, sale.world, CountryId{2}, SmallChain::mine, target);
    EXPECT_NEAR(won.price_usd, won.stake * second, 1e-9 * won.price_usd);
    EXPECT_LT(second, value_to(sale.economy, sale.world, CountryId{1}, SmallChain::mine, target));
}

TEST(Deals, OffIsOff) {
    Sale sale;
    sale.economy.deals.enabled = false;
    EXPECT_EQ(sale.run(20), Stages{});
    EXPECT_TRUE(sale.world.holdings.empty());
}

TEST(Holdings, StandInTheOrderOfCellsAndNothingIsDropped) {
    Sale sale;
    change_holding(sale.world, SmallChain::refinery, Sale::china, 0.2, 0.1);
    change_holding(sale.world, SmallChain::mine, Sale::china, 0.3, 0.0);
    change_holding(sale.world, SmallChain::mine, Sale::china, 0.1, 0.05);
    ASSERT_EQ(sale.world.holdings.size(), 2U);
    EXPECT_EQ(sale.world.holdings[0].cell, SmallChain::mine);
    EXPECT_DOUBLE_EQ(home_share(sale.world, SmallChain::mine), 0.6);
    EXPECT_EQ(first_holdings(sale.economy, sale.world), (std::vector<std::size_t>{0, 1, 2, 2}));
    change_holding(sale.world, SmallChain::mine, Sale::china, -0.4, -0.05);
    EXPECT_EQ(sale.world.holdings.size(), 1U);
}

/// Profits follow who owns now.
TEST(Holdings, ProfitsGoToTheNewOwner) {
    Sale sale;
    change_holding(sale.world, SmallChain::mine, Sale::china, 0.5, 0.0);
    for (std::size_t number = 0; number < 3; ++number) {
        sale.world.firms.cash[sale.firm(SmallChain::mine, number)] = 1e6;
    }
    sale.make();
    EXPECT_GT(sale.abroad(), 1e6);
}

}  // namespace
}  // namespace ytterby
