#include <gtest/gtest.h>

#include "rules/regime.hpp"
#include "tests/rules/short_names.hpp"

namespace ytterby {
namespace {

TEST(Regime, BuyerCreditsLowerWhatEligibleOriginsCost) {
    Regime regime(3, 2);
    regime.buyer_credit(b, {g}, {a}, 40.0, b);
    EXPECT_EQ(regime.lanes().rule(g, a, b).friction_usd_per_t(), -40.0);
    EXPECT_EQ(regime.lanes().rule(g, c, b).friction_usd_per_t(), 0.0);
    EXPECT_EQ(regime.lanes().rule(h, a, b).friction_usd_per_t(), 0.0);
    EXPECT_EQ(regime.lanes().rule(g, a, c).friction_usd_per_t(), 0.0);
    EXPECT_EQ(regime.plants().home_credit_usd_per_t(g, b), 0.0);
}

/// Where goods made at home are eligible, users get the credit on everything and lanes from elsewhere pay it.
TEST(Regime, BuyerCreditsAtHomeAreLeviedOnOtherOrigins) {
    Regime regime(3, 2);
    regime.buyer_credit(b, {g}, {a, b}, 40.0, b);
    EXPECT_EQ(regime.plants().home_credit_usd_per_t(g, b), 40.0);
    EXPECT_EQ(regime.lanes().rule(g, a, b).friction_usd_per_t(), 0.0);
    EXPECT_EQ(regime.lanes().rule(g, c, b).friction_usd_per_t(), 40.0);
    regime.buyer_credit(b, {}, {c}, 10.0, c);
    EXPECT_EQ(regime.lanes().rule(g, c, b).friction_usd_per_t(), 30.0);
    EXPECT_EQ(regime.lanes().rule(h, c, b).friction_usd_per_t(), -10.0);
}

TEST(Regime, VerbsAboutPlantsAreKeptWithWhoSaidThem) {
    Regime regime(3, 2);
    EXPECT_TRUE(regime.plants().empty());
    regime.set_names({{"CHN", "JPN", "USA"}, {"gallium.refined", "nickel.ore"}, {"gallium_recovery"}});
    regime.begin_policy("one");
    regime.support({{c}, {ProcessId{0}}, {}}, 12.5, {.payer = c});
    regime.lead_time({{c}, {}, {g}}, 0.5, {.payer = c});
    regime.fund(100.0);
    regime.fund(30.0);
    regime.begin_policy("another");
    regime.capex_share({{c}, {}, {}}, 0.25, {.payer = a, .believed_share = 0.5});
    regime.pay(c, ProcessId{0}, Payee::owners, -7.0, c);
    regime.settle_order();
    const PlantRules& rules = regime.plants();
    ASSERT_EQ(rules.recorded().size(), 3U);
    EXPECT_EQ(rules.recorded()[0].policy, "another");
    EXPECT_EQ(rules.recorded()[0].size(), 0.25);
    EXPECT_EQ(rules.recorded()[1].size(), 12.5);
    EXPECT_NEAR(rules.recorded()[2].size(), 0.5, 1e-11);
    EXPECT_EQ(rules.funds("one"), 30.0) << "the least";
    EXPECT_GT(rules.funds("another"), 1e300) << "nobody limited it";
    ASSERT_EQ(rules.payments().size(), 1U);
    EXPECT_EQ(regime.log().describe(PlantSelector{{c}, {ProcessId{0}}, {}}), "USA gallium_recovery *");
    EXPECT_EQ(regime.log().verbs().front().verb, "capex_share");
}

/// Two boards are one by the stricter of each term; an exception lifts the kind that it names, whoever said either
/// first.
TEST(Regime, ExceptionsLiftReviewsOfTheirKind) {
    const ProcessId mine{0}, mill{1};
    Regime regime(3, 2);
    regime.except_investor(a, c);
    regime.begin_policy("cfius");
    regime.screen(a, c, mine, {.threat = 0.2, .clear_below = 0.1, .block_above = 0.5, .declared_ticks = 1});
    regime.screen(b, c, mine, {.threat = 0.8, .clear_below = 0.1, .block_above = 0.5, .declared_ticks = 1});
    regime.begin_policy("canada");
    regime.screen(b, c, mine,
                  {.threat = 0.6, .clear_below = 0.2, .block_above = 0.3, .declared_ticks = 4, .reopened_since = 7});
    EXPECT_FALSE(regime.reviews().review(a, c, mine)) << "excepted, though the exception was said first";
    EXPECT_FALSE(regime.reviews().review(b, c, mill)) << "another process";
    EXPECT_FALSE(regime.reviews().review(b, a, mine)) << "another host";
    const auto met = regime.reviews().review(b, c, mine);
    ASSERT_TRUE(met);
    EXPECT_EQ(met->terms.threat, 0.8);
    EXPECT_EQ(met->terms.clear_below, 0.1);
    EXPECT_EQ(met->terms.block_above, 0.3);
    EXPECT_EQ(met->terms.declared_ticks, 4);
    EXPECT_EQ(met->terms.reopened_since, 7);
    EXPECT_EQ(met->policies, (std::vector<std::string>{"canada", "cfius"}));
    regime.screen(a, c, mine, {.threat = 1.0}, ScreenKind::emergency);
    ASSERT_TRUE(regime.reviews().review(a, c, mine)) << "an emergency review is of another kind";
    EXPECT_EQ(regime.reviews().review(a, c, mine)->terms.threat, 1.0);
    regime.except_investor(a, c, ScreenKind::emergency);
    EXPECT_FALSE(regime.reviews().review(a, c, mine));
}

}  // namespace
}  // namespace ytterby
