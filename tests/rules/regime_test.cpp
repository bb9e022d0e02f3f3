#include "rules/regime.hpp"

#include <gtest/gtest.h>

#include "tests/rules/short_names.hpp"

namespace ytterby {
namespace {

Selector lane(CountryId from, CountryId to, GoodId good) { return {{from}, {to}, {good}}; }

TEST(Regime, WaiversLiftBansOfTheirKind) {
    Regime regime(3, 2);
    regime.ban(lane(a, b, g), BanKind::export_control);
    EXPECT_TRUE(regime.lanes().rule(g, a, b).closed());
    EXPECT_FALSE(regime.lanes().rule(g, b, a).closed());
    EXPECT_FALSE(regime.lanes().rule(h, a, b).closed());
    regime.waive(lane(a, b, g), BanKind::sanction);
    EXPECT_TRUE(regime.lanes().rule(g, a, b).closed()) << "a waiver of sanctions does not lift an export control";
    regime.waive(lane(a, b, g), BanKind::export_control);
    EXPECT_FALSE(regime.lanes().rule(g, a, b).closed());
    regime.ban(lane(a, b, g), BanKind::sanction);
    EXPECT_FALSE(regime.lanes().rule(g, a, b).closed()) << "both kinds are waived";
}

/// A waiver of export controls lifts all that a control says beside its ban, whichever speaks first, and nothing else.
TEST(Regime, WaiversLiftAllThatAControlSays) {
    for (const bool waiver_first : {true, false}) {
        Regime regime(3, 2);
        const auto waive = [&] { regime.begin_policy("treaty"), regime.waive(lane(a, b, g), BanKind::export_control); };
        if (waiver_first) {
            waive();
        }
        regime.begin_policy("control");
        regime.set_kind(BanKind::export_control);
        regime.cap({{a}, {b, c}, {g}}, 5.0, RentHolder::treasury);
        regime.shared_cap({{a}, {}, {g}}, 8.0, RentHolder::seller, 3.0);
        regime.export_duty({{a}, {}, {g}}, 0.1);
        regime.friction({{a}, {}, {g}}, 2.0);
        regime.believe({{a}, {}, {g}}, 0.3, 12.0);
        regime.announce({{a}, {}, {g}}, {.start_tick = 5});
        regime.begin_policy("other");
        regime.cap(lane(a, b, g), 50.0);
        regime.friction(lane(a, b, g), 1.0);
        if (!waiver_first) {
            waive();
        }
        const LaneRule& free = regime.lanes().rule(g, a, b);
        EXPECT_EQ(free.cap_t(), 50.0) << "another's cap stays";
        EXPECT_EQ(free.rent_holder(), RentHolder::seller);
        EXPECT_EQ(free.friction_usd_per_t(), 1.0);
        EXPECT_EQ(free.export_duty(), 0.0);
        EXPECT_EQ(free.reserve_rent_usd_per_t(), 0.0);
        EXPECT_EQ(free.believed_open_share(), 1.0);
        EXPECT_EQ(free.believed_months(), 0.0);
        EXPECT_EQ(regime.lanes().cap_source(g, a, b)->policy, "other");
        EXPECT_FALSE(regime.lanes().binds(regime.lanes().shared_limits().front(), a, b, g));
        EXPECT_FALSE(threatens(regime.announcements().measures().front(), regime.lanes(), a, b, g));
        const LaneRule& held = regime.lanes().rule(g, a, c);
        EXPECT_EQ(held.cap_t(), 5.0);
        EXPECT_EQ(held.rent_holder(), RentHolder::treasury);
        EXPECT_NEAR(held.export_duty(), 0.1, 1e-11);
        EXPECT_EQ(held.friction_usd_per_t(), 2.0);
        EXPECT_EQ(held.reserve_rent_usd_per_t(), 3.0);
        EXPECT_EQ(held.believed_open_share(), 0.3);
        EXPECT_EQ(regime.lanes().cap_source(g, a, c)->policy, "control");
        EXPECT_TRUE(regime.lanes().binds(regime.lanes().shared_limits().front(), a, c, g));
        EXPECT_TRUE(threatens(regime.announcements().measures().front(), regime.lanes(), a, c, g));
    }
}

/// A waiver of tariffs lifts them all; factors of freight multiply; informed shares add up to at most one; spending
/// adds up.
TEST(Regime, VerbsOfAgreementsCombineByTheirRules) {
    Regime regime(3, 2);
    regime.waive_tariff(lane(a, b, g));
    regime.tariff({{}, {b}, {}}, 0.25);
    regime.specific_tariff({{}, {b}, {}}, 40.0);
    regime.specific_tariff({{}, {b}, {}}, 2.0);
    EXPECT_EQ(regime.lanes().rule(g, a, b).tariff(), 0.0);
    EXPECT_EQ(regime.lanes().rule(g, a, b).specific_tariff_usd_per_t(), 0.0);
    EXPECT_EQ(regime.lanes().rule(g, c, b).tariff(), 0.25);
    EXPECT_EQ(regime.lanes().rule(g, c, b).specific_tariff_usd_per_t(), 42.0);
    EXPECT_EQ(regime.lanes().rule(g, c, a).freight_factor(), 1.0);
    regime.freight({}, 0.5);
    regime.freight(lane(a, b, g), 0.8);
    EXPECT_NEAR(regime.lanes().rule(g, a, b).freight_factor(), 0.4, 1e-11);
    EXPECT_NEAR(regime.lanes().rule(h, a, b).freight_factor(), 0.5, 1e-11);
    EXPECT_FALSE(regime.announcements().has_information());
    regime.inform(a, {g}, 0.7);
    regime.inform(a, {}, 0.6);
    EXPECT_EQ(regime.announcements().informed_share(g, a), 1.0);
    EXPECT_NEAR(regime.announcements().informed_share(h, a), 0.6, 1e-11);
    EXPECT_EQ(regime.announcements().informed_share(g, b), 0.0);
    regime.spend(SystemAccount::logistics, a, 10.0);
    regime.spend(SystemAccount::logistics, a, 2.5);
    regime.spend(SystemAccount::stockpile, b, 1.0);
    ASSERT_EQ(regime.stocks().spending().size(), 2U);
    EXPECT_EQ(regime.stocks().spending()[1].usd, 12.5);
    regime.purchase(a, g, 0.0, 10.0, {{a, 1.0}});
    regime.purchase(a, g, 2.0, 10.0, {{a, 1.0}});
    ASSERT_EQ(regime.stocks().orders().size(), 1U) << "an order of nothing is none";
    EXPECT_EQ(regime.stocks().orders()[0].tonnes(), 2.0);
}

TEST(Regime, VerbsCombineByTheirRules) {
    Regime regime(3, 2);
    regime.cap(lane(a, b, g), 10.0);
    regime.cap(lane(a, b, g), 7.0);
    regime.cap(lane(a, b, g), 9.0);
    EXPECT_EQ(regime.lanes().rule(g, a, b).cap_t(), 7.0);
    regime.export_duty(lane(a, b, g), 0.1);
    regime.export_duty({}, 0.05);
    EXPECT_NEAR(regime.lanes().rule(g, a, b).export_duty(), 0.15, 1e-11);
    EXPECT_NEAR(regime.lanes().rule(h, c, b).export_duty(), 0.05, 1e-11);
    regime.tariff({{}, {b}, {}}, 0.25);
    EXPECT_NEAR(regime.lanes().rule(h, c, b).tariff(), 0.25, 1e-11);
    EXPECT_EQ(regime.lanes().rule(h, b, c).tariff(), 0.0);
    regime.friction(lane(a, b, g), 12.5);
    regime.friction(lane(a, b, g), 2.5);
    EXPECT_EQ(regime.lanes().rule(g, a, b).friction_usd_per_t(), 15.0);
    regime.leak(lane(a, b, g), 3.0, 0.5);
    regime.leak(lane(a, b, g), 1.0, 0.25);
    EXPECT_EQ(regime.lanes().rule(g, a, b).leak_t, 1.0);
    EXPECT_EQ(regime.lanes().rule(g, a, b).leak_risk_share(), 0.5);
    regime.believe(lane(a, b, g), 0.6);
    EXPECT_EQ(regime.lanes().rule(g, a, b).believed_open_share(), 0.6);
    regime.believe(lane(a, b, g), 0.8, 24.0);
    regime.believe(lane(a, b, g), 0.7, 12.0);
    EXPECT_EQ(regime.lanes().rule(g, a, b).believed_open_share(), 0.6) << "the least";
    EXPECT_EQ(regime.lanes().rule(g, a, b).believed_months(), 24.0) << "the longest";
    regime.shared_cap({{a}, {}, {}}, 100.0, RentHolder::seller, 3.0);
    regime.shared_cap({{a}, {}, {}}, 50.0, RentHolder::seller, 4.5);
    EXPECT_EQ(regime.lanes().rule(g, a, b).reserve_rent_usd_per_t(), 7.5);
    EXPECT_EQ(regime.lanes().rule(g, b, a).reserve_rent_usd_per_t(), 0.0);
}

TEST(Regime, OnlyLanesThatAVerbNamedTakeRoom) {
    Regime regime(200, 100);
    EXPECT_EQ(regime.lanes().ruled_lanes(), 0U);
    EXPECT_FALSE(regime.lanes().rule(GoodId{99}, CountryId{199}, CountryId{7}).closed());
    regime.ban(lane(a, b, g), BanKind::sanction);
    regime.friction(lane(a, b, g), 2.0);
    EXPECT_EQ(regime.lanes().ruled_lanes(), 1U);
    EXPECT_TRUE(regime.lanes().has_rules(g));
    EXPECT_FALSE(regime.lanes().has_rules(GoodId{99}));
    regime.tariff({{}, {CountryId{7}}, {GoodId{99}}}, 0.25);
    EXPECT_EQ(regime.lanes().ruled_lanes(), 1U + 199U);
    EXPECT_TRUE(regime.lanes().has_rules(GoodId{99}));
    EXPECT_FALSE(regime.lanes().has_rules(GoodId{98})) << "the good beside it";
    EXPECT_NEAR(regime.lanes().rule(GoodId{99}, CountryId{199}, CountryId{7}).tariff(), 0.25, 1e-11);
    EXPECT_EQ(regime.lanes().rule(GoodId{99}, CountryId{199}, CountryId{8}).tariff(), 0.0);
    EXPECT_EQ(regime.lanes().rule(GoodId{98}, CountryId{199}, CountryId{7}).tariff(), 0.0);
    EXPECT_TRUE(regime.lanes().rule(g, a, b).closed());
    EXPECT_EQ(regime.lanes().rule(g, a, b).friction_usd_per_t(), 2.0);
}

TEST(Regime, TradeAtHomeIsNeverASubject) {
    Regime regime(3, 2);
    regime.ban({}, BanKind::sanction);
    EXPECT_TRUE(regime.lanes().rule(g, a, b).closed());
    EXPECT_FALSE(regime.lanes().rule(g, a, a).closed());
}

TEST(Regime, SubjectsReadShort) {
    Regime regime(3, 2);
    regime.set_names({{"CHN", "JPN", "USA"}, {"gallium.refined", "nickel.ore"}, {}});
    EXPECT_EQ(regime.log().describe(lane(a, b, g)), "CHN->JPN gallium.refined");
    EXPECT_EQ(regime.log().describe({{a}, {b, c}, {g}}), "CHN->* gallium.refined");
    EXPECT_EQ(regime.log().describe(Selector{}), "*->* *");
}

}  // namespace
}  // namespace ytterby
