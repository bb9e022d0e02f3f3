#include "market/clearing/laboratory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "core/config/config.hpp"
#include "market/clearing/detail/market_beliefs.hpp"

namespace ytterby {
namespace {

using ::testing::HasSubstr;

Laboratory read_from(const ConfigDocument& document, Problems& problems) {
    Laboratory laboratory;
    std::string title;
    KeyReader keys(document.root(), problems);
    keys.text("title", title, {.fallback = ""});
    keys.table("laboratory", laboratory, {.doc = "induced values and costs"});
    keys.finish();
    problems.throw_if_any();
    return laboratory;
}

/// The [laboratory] of a shipped market.
Laboratory shipped(const std::string& name, LaboratoryTraders traders) {
    Problems problems;
    Laboratory laboratory = read_from(
        ConfigDocument::load(std::string(YTTERBY_SOURCE_DIR) + "/configs/markets/" + name, {}, problems), problems);
    laboratory.traders = traders;
    return laboratory;
}

double least(const SessionMean& number) { return number.mean - number.half_width; }
double most(const SessionMean& number) { return number.mean + number.half_width; }

TEST(Laboratory, EquilibriumOfValuesAndCosts) {
    const LaboratoryEquilibrium smith = equilibrium_of(shipped("smith_1962.toml", LaboratoryTraders::zi_c));
    EXPECT_DOUBLE_EQ(smith.surplus, 7.5);
    EXPECT_DOUBLE_EQ(smith.price(), 2.0);
    EXPECT_EQ(smith.quantity, 5U) << "the sixth unit earns nothing";
    const auto of = [](std::vector<double> values, std::vector<double> costs) {
        Laboratory laboratory;
        laboratory.values = std::move(values);
        laboratory.costs = std::move(costs);
        return equilibrium_of(laboratory);
    };
    // McAfee's example: any price between 85 and 90 clears.
    const LaboratoryEquilibrium mcafee = of({100, 90, 80, 70, 60}, {80, 85, 95, 100, 110});
    EXPECT_EQ(mcafee.quantity, 2U);
    EXPECT_EQ(mcafee.lowest_price, 85.0);
    EXPECT_EQ(mcafee.highest_price, 90.0);
    EXPECT_EQ(mcafee.surplus, 25.0);
    const LaboratoryEquilibrium few_buyers = of({100}, {10, 20});
    EXPECT_EQ(few_buyers.lowest_price, 10.0);
    EXPECT_EQ(few_buyers.highest_price, 20.0);
    const LaboratoryEquilibrium idle = of({10}, {20});
    EXPECT_EQ(idle.quantity, 0U);
    EXPECT_EQ(idle.price(), 15.0);
}

/// Gode and Sunder (1993): the rules of the market alone yield nearly all of the surplus if no trader may make a loss.
TEST(Laboratory, ZeroIntelligenceWithoutLossesIsEfficient) {
    const LaboratoryReport constrained =
        run_laboratory(shipped("gode_sunder_1993.toml", LaboratoryTraders::zi_c), Random(1));
    const LaboratoryReport unconstrained =
        run_laboratory(shipped("gode_sunder_1993.toml", LaboratoryTraders::zi_u), Random(1));
    const SessionMean& with = constrained.periods[0].efficiency;
    const SessionMean& without = unconstrained.periods[0].efficiency;
    EXPECT_GE(least(with), 0.97);
    EXPECT_LE(most(with), 1.0);
    EXPECT_LT(with.half_width, 0.002);
    EXPECT_LE(most(without), least(with) - 0.08);
    for (const LaboratoryPeriod& session : constrained.outcomes) {
        EXPECT_LE(session.efficiency, 1.0 + 1e-12);
        for (const double price : session.contracts) {
            EXPECT_EQ(price, std::floor(price)) << "prices are on the grid";
            EXPECT_GE(price, 20.0);
            EXPECT_LE(price, 180.0);
        }
    }
}

/// A separate simulation of 2000 sessions gave 0.9649 (for orientation, refcase smith1962_test1).
TEST(Laboratory, ZeroIntelligenceOnSmithsSchedules) {
    const LaboratoryReport report = run_laboratory(shipped("smith_1962.toml", LaboratoryTraders::zi_c), Random(1));
    for (const LaboratorySummary& period : report.periods) {
        EXPECT_NEAR(period.efficiency.mean, 0.965, 0.01);
        EXPECT_NEAR(period.mean_price.mean, 2.0, 0.05);
        EXPECT_GT(least(period.alpha), 15.0) << "without learning nothing converges";
    }
}

/// Smith (1962), test 1: prices close in on 2.00 within a few periods.
TEST(Laboratory, BeliefsConvergeAsPeopleDid) {
    const LaboratoryReport report = run_laboratory(shipped("smith_1962.toml", LaboratoryTraders::gd), Random(1));
    EXPECT_LT(most(report.periods[0].alpha), 12.0);
    EXPECT_LT(most(report.periods[1].alpha), least(report.periods[0].alpha));
    for (std::size_t period = 1; period < 4; ++period) {
        EXPECT_LT(least(report.periods[period].alpha), most(report.periods[period - 1].alpha));
        EXPECT_NEAR(report.periods[period].mean_price.mean, 2.0, 0.05);
    }
    EXPECT_LT(most(report.periods[3].alpha), 5.0);
    EXPECT_GT(least(report.periods[3].efficiency), 0.99);
    EXPECT_NEAR(report.periods[3].quantity.mean, 5.5, 0.5);
}

/// Learning margins converge too, from further away: their first quotes lie 5 to 35 % beyond their limits.
TEST(Laboratory, MarginsThatLearnConverge) {
    Laboratory laboratory = shipped("smith_1962.toml", LaboratoryTraders::zip);
    const LaboratoryReport report = run_laboratory(laboratory, Random(1));
    for (std::size_t period = 1; period < 4; ++period) {
        EXPECT_LT(most(report.periods[period].alpha), least(report.periods[period - 1].alpha));
    }
    EXPECT_LT(most(report.periods[3].alpha), 5.0);
    EXPECT_GT(least(report.periods[3].efficiency), 0.99);
}

TEST(Laboratory, ASessionDoesNotDependOnTheOthers) {
    for (const auto traders : {LaboratoryTraders::zi_c, LaboratoryTraders::zip, LaboratoryTraders::gd}) {
        Laboratory laboratory = shipped("smith_1962.toml", traders);
        laboratory.sessions = 2;
        const LaboratoryReport few = run_laboratory(laboratory, Random(3));
        laboratory.sessions = 5;
        const LaboratoryReport more = run_laboratory(laboratory, Random(3));
        for (std::size_t outcome = 0; outcome < few.outcomes.size(); ++outcome) {
            EXPECT_EQ(few.outcomes[outcome].contracts, more.outcomes[outcome].contracts);
        }
        EXPECT_NE(more.outcomes[0].contracts, more.outcomes[laboratory.periods].contracts);
    }
}

TEST(Laboratory, BadKeysAreReportedTogether) {
    const auto message = [](const std::string& text) {
        Problems problems;
        try {
            read_from(ConfigDocument::parse("schema = 1\n[laboratory]\n" + text, "case.toml"), problems);
        } catch (const InputError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_EQ(message("values = [2]\ncosts = [1]\n"), "");
    const std::string several =
        message("traders = \"people\"\nvalues = []\ncosts = [-1]\nlowest_price = 5\nhighest_price = 4\n");
    EXPECT_THAT(several, HasSubstr("people"));
    EXPECT_THAT(several, HasSubstr("values"));
    EXPECT_THAT(several, HasSubstr("costs"));
    EXPECT_THAT(several, HasSubstr("fewer than two prices"));
    EXPECT_THAT(several, HasSubstr("case.toml:7"));
}

TEST(MarketBeliefs, FollowWhatWasTakenAndRefused) {
    MarketBeliefs beliefs(0.0, 10.0, 1.0);
    EXPECT_EQ(beliefs.chance(true, 0), 1.0);
    EXPECT_EQ(beliefs.chance(true, 10), 0.0);
    EXPECT_EQ(beliefs.chance(false, 0), 0.0);
    EXPECT_EQ(beliefs.chance(false, 10), 1.0);
    EXPECT_DOUBLE_EQ(beliefs.chance(true, 5), 0.5);
    beliefs.hear({.ask = true, .price = 8.0});  // refused so far
    beliefs.hear({.ask = true, .price = 6.0});
    beliefs.hear({.ask = false, .price = 6.0, .accepted = true, .contract = 6.0});  // takes the ask of 6
    beliefs.update(false, 0.0, false, 0.0);
    // At 6: the ask of 6 was taken and a bid stood there, nothing at or below was refused. At 8 the ask was refused.
    EXPECT_EQ(beliefs.chance(true, 6), 1.0);
    EXPECT_EQ(beliefs.chance(true, 8), 0.0);
    EXPECT_DOUBLE_EQ(beliefs.chance(true, 7), 0.5);
    EXPECT_EQ(beliefs.chance(false, 6), 1.0);
    beliefs.update(true, 3.0, true, 5.0);
    EXPECT_EQ(beliefs.chance(true, 3), 1.0) << "an ask at the best bid is taken";
    EXPECT_EQ(beliefs.chance(true, 5), 0.0) << "an ask must better the best one";
    EXPECT_EQ(beliefs.chance(false, 5), 1.0);
    EXPECT_EQ(beliefs.chance(false, 3), 0.0);
}

}  // namespace
}  // namespace ytterby
