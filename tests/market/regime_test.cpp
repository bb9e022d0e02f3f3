#include "market/regime.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <tuple>

#include "core/random.hpp"

namespace ytterby {
namespace {

const CountryId a{0}, b{1}, c{2};
const GoodId g{0}, h{1};

Selector lane(CountryId from, CountryId to, GoodId good) { return {{from}, {to}, {good}}; }

TEST(Regime, WaiversLiftBansOfTheirKind) {
    Regime regime(3, 2);
    regime.ban(lane(a, b, g), BanKind::export_control);
    EXPECT_TRUE(regime.rule(g, a, b).closed());
    EXPECT_FALSE(regime.rule(g, b, a).closed());
    EXPECT_FALSE(regime.rule(h, a, b).closed());
    regime.waive(lane(a, b, g), BanKind::sanction);
    EXPECT_TRUE(regime.rule(g, a, b).closed()) << "a waiver of sanctions does not lift an export control";
    regime.waive(lane(a, b, g), BanKind::export_control);
    EXPECT_FALSE(regime.rule(g, a, b).closed());
    regime.ban(lane(a, b, g), BanKind::sanction);
    EXPECT_FALSE(regime.rule(g, a, b).closed()) << "both kinds are waived";
}

/// A waiver of export controls lifts all that a control says beside its ban, whichever speaks first, and nothing else.
TEST(Regime, WaiversLiftAllThatAControlSays) {
    for (const bool waiver_first : {true, false}) {
        Regime regime(3, 2);
        const auto waive = [&] { regime.speak_for("treaty"), regime.waive(lane(a, b, g), BanKind::export_control); };
        if (waiver_first) {
            waive();
        }
        regime.speak_for("control");
        regime.speak_as(BanKind::export_control);
        regime.cap({{a}, {b, c}, {g}}, 5.0, RentHolder::treasury);
        regime.shared_cap({{a}, {}, {g}}, 8.0, RentHolder::seller, 3.0);
        regime.export_duty({{a}, {}, {g}}, 0.1);
        regime.friction({{a}, {}, {g}}, 2.0);
        regime.believe({{a}, {}, {g}}, 0.3, 12.0);
        regime.announce({{a}, {}, {g}}, {.start_tick = 5});
        regime.speak_for("other");
        regime.cap(lane(a, b, g), 50.0);
        regime.friction(lane(a, b, g), 1.0);
        if (!waiver_first) {
            waive();
        }
        const LaneRule& free = regime.rule(g, a, b);
        EXPECT_EQ(free.cap_t(), 50.0) << "another's cap stays";
        EXPECT_EQ(free.rent_holder(), RentHolder::seller);
        EXPECT_EQ(free.friction_usd_per_t(), 1.0);
        EXPECT_EQ(free.export_duty(), 0.0);
        EXPECT_EQ(free.reserve_rent_usd_per_t(), 0.0);
        EXPECT_EQ(free.believed_open_share(), 1.0);
        EXPECT_EQ(free.believed_months(), 0.0);
        EXPECT_EQ(regime.cap_source(g, a, b)->policy, "other");
        EXPECT_FALSE(regime.binds(regime.shared_limits().front(), a, b, g));
        EXPECT_FALSE(regime.threatens(regime.announcements().front(), a, b, g));
        const LaneRule& held = regime.rule(g, a, c);
        EXPECT_EQ(held.cap_t(), 5.0);
        EXPECT_EQ(held.rent_holder(), RentHolder::treasury);
        EXPECT_NEAR(held.export_duty(), 0.1, 1e-11);
        EXPECT_EQ(held.friction_usd_per_t(), 2.0);
        EXPECT_EQ(held.reserve_rent_usd_per_t(), 3.0);
        EXPECT_EQ(held.believed_open_share(), 0.3);
        EXPECT_EQ(regime.cap_source(g, a, c)->policy, "control");
        EXPECT_TRUE(regime.binds(regime.shared_limits().front(), a, c, g));
        EXPECT_TRUE(regime.threatens(regime.announcements().front(), a, c, g));
    }
}

/// A waiver of tariffs lifts them all; factors of freight multiply; informed shares add up to at most one; spending adds up.
TEST(Regime, VerbsOfAgreementsCombineByTheirRules) {
    Regime regime(3, 2);
    regime.waive_tariff(lane(a, b, g));
    regime.tariff({{}, {b}, {}}, 0.25);
    regime.specific_tariff({{}, {b}, {}}, 40.0);
    regime.specific_tariff({{}, {b}, {}}, 2.0);
    EXPECT_EQ(regime.rule(g, a, b).tariff(), 0.0);
    EXPECT_EQ(regime.rule(g, a, b).specific_tariff_usd_per_t(), 0.0);
    EXPECT_EQ(regime.rule(g, c, b).tariff(), 0.25);
    EXPECT_EQ(regime.rule(g, c, b).specific_tariff_usd_per_t(), 42.0);
    EXPECT_EQ(regime.rule(g, c, a).freight_factor(), 1.0);
    regime.freight({}, 0.5);
    regime.freight(lane(a, b, g), 0.8);
    EXPECT_NEAR(regime.rule(g, a, b).freight_factor(), 0.4, 1e-11);
    EXPECT_NEAR(regime.rule(h, a, b).freight_factor(), 0.5, 1e-11);
    EXPECT_FALSE(regime.anyone_informed());
    regime.inform(a, {g}, 0.7);
    regime.inform(a, {}, 0.6);
    EXPECT_EQ(regime.informed_share(g, a), 1.0);
    EXPECT_NEAR(regime.informed_share(h, a), 0.6, 1e-11);
    EXPECT_EQ(regime.informed_share(g, b), 0.0);
    regime.spend("roads", a, 10.0);
    regime.spend("roads", a, 2.5);
    regime.spend("roads", b, 1.0);
    ASSERT_EQ(regime.spending().size(), 2U);
    EXPECT_EQ(regime.spending()[0].usd, 12.5);
    regime.purchase(a, g, 0.0, 10.0, {{a, 1.0}});
    regime.purchase(a, g, 2.0, 10.0, {{a, 1.0}});
    ASSERT_EQ(regime.stock_orders().size(), 1U) << "an order of nothing is none";
    EXPECT_EQ(regime.stock_orders()[0].tonnes(), 2.0);
}

TEST(Regime, VerbsCombineByTheirRules) {
    Regime regime(3, 2);
    regime.cap(lane(a, b, g), 10.0);
    regime.cap(lane(a, b, g), 7.0);
    regime.cap(lane(a, b, g), 9.0);
    EXPECT_EQ(regime.rule(g, a, b).cap_t(), 7.0);
    regime.export_duty(lane(a, b, g), 0.1);
    regime.export_duty({}, 0.05);
    EXPECT_NEAR(regime.rule(g, a, b).export_duty(), 0.15, 1e-11);
    EXPECT_NEAR(regime.rule(h, c, b).export_duty(), 0.05, 1e-11);
    regime.tariff({{}, {b}, {}}, 0.25);
    EXPECT_NEAR(regime.rule(h, c, b).tariff(), 0.25, 1e-11);
    EXPECT_EQ(regime.rule(h, b, c).tariff(), 0.0);
    regime.friction(lane(a, b, g), 12.5);
    regime.friction(lane(a, b, g), 2.5);
    EXPECT_EQ(regime.rule(g, a, b).friction_usd_per_t(), 15.0);
    regime.leak(lane(a, b, g), 0.3, 100.0);
    regime.leak(lane(a, b, g), 0.1, 50.0);
    EXPECT_EQ(regime.rule(g, a, b).leak_share, 0.1);
    EXPECT_EQ(regime.rule(g, a, b).leak_premium_usd_per_t(), 100.0);
    regime.believe(lane(a, b, g), 0.6);
    EXPECT_EQ(regime.rule(g, a, b).believed_open_share(), 0.6);
    regime.believe(lane(a, b, g), 0.8, 24.0);
    regime.believe(lane(a, b, g), 0.7, 12.0);
    EXPECT_EQ(regime.rule(g, a, b).believed_open_share(), 0.6) << "the least";
    EXPECT_EQ(regime.rule(g, a, b).believed_months(), 24.0) << "the longest";
    regime.shared_cap({{a}, {}, {}}, 100.0, RentHolder::seller, 3.0);
    regime.shared_cap({{a}, {}, {}}, 50.0, RentHolder::seller, 4.5);
    EXPECT_EQ(regime.rule(g, a, b).reserve_rent_usd_per_t(), 7.5);
    EXPECT_EQ(regime.rule(g, b, a).reserve_rent_usd_per_t(), 0.0);
}

TEST(Regime, OnlyLanesThatAVerbNamedTakeRoom) {
    Regime regime(200, 100);
    EXPECT_EQ(regime.spoken_lanes(), 0U);
    EXPECT_FALSE(regime.rule(GoodId{99}, CountryId{199}, CountryId{7}).closed());
    regime.ban(lane(a, b, g), BanKind::sanction);
    regime.friction(lane(a, b, g), 2.0);
    EXPECT_EQ(regime.spoken_lanes(), 1U);
    regime.tariff({{}, {CountryId{7}}, {GoodId{99}}}, 0.25);
    EXPECT_EQ(regime.spoken_lanes(), 1U + 199U);
    EXPECT_NEAR(regime.rule(GoodId{99}, CountryId{199}, CountryId{7}).tariff(), 0.25, 1e-11);
    EXPECT_EQ(regime.rule(GoodId{99}, CountryId{199}, CountryId{8}).tariff(), 0.0);
    EXPECT_EQ(regime.rule(GoodId{98}, CountryId{199}, CountryId{7}).tariff(), 0.0);
    EXPECT_TRUE(regime.rule(g, a, b).closed());
    EXPECT_EQ(regime.rule(g, a, b).friction_usd_per_t(), 2.0);
}

TEST(Regime, TradeAtHomeIsNeverASubject) {
    Regime regime(3, 2);
    regime.ban({}, BanKind::sanction);
    EXPECT_TRUE(regime.rule(g, a, b).closed());
    EXPECT_FALSE(regime.rule(g, a, a).closed());
}

TEST(Regime, SubjectsReadShort) {
    Regime regime(3, 2);
    regime.name_things({"CHN", "JPN", "USA"}, {"gallium.refined", "nickel.ore"});
    EXPECT_EQ(regime.describe(lane(a, b, g)), "CHN->JPN gallium.refined");
    EXPECT_EQ(regime.describe({{a}, {b, c}, {g}}), "CHN->* gallium.refined");
    EXPECT_EQ(regime.describe(Selector{}), "*->* *");
}

TEST(Regime, BuyerCreditsLowerWhatEligibleOriginsCost) {
    Regime regime(3, 2);
    regime.buyer_credit(b, {g}, {a}, 40.0, b);
    EXPECT_EQ(regime.rule(g, a, b).friction_usd_per_t(), -40.0);
    EXPECT_EQ(regime.rule(g, c, b).friction_usd_per_t(), 0.0);
    EXPECT_EQ(regime.rule(h, a, b).friction_usd_per_t(), 0.0);
    EXPECT_EQ(regime.rule(g, a, c).friction_usd_per_t(), 0.0);
    EXPECT_EQ(regime.home_credit_usd_per_t(g, b), 0.0);
}

/// Where goods made at home are eligible, users get the credit on everything and lanes from elsewhere pay it.
TEST(Regime, BuyerCreditsAtHomeAreLeviedOnOtherOrigins) {
    Regime regime(3, 2);
    regime.buyer_credit(b, {g}, {a, b}, 40.0, b);
    EXPECT_EQ(regime.home_credit_usd_per_t(g, b), 40.0);
    EXPECT_EQ(regime.rule(g, a, b).friction_usd_per_t(), 0.0);
    EXPECT_EQ(regime.rule(g, c, b).friction_usd_per_t(), 40.0);
    regime.buyer_credit(b, {}, {c}, 10.0, c);
    EXPECT_EQ(regime.rule(g, c, b).friction_usd_per_t(), 30.0);
    EXPECT_EQ(regime.rule(h, c, b).friction_usd_per_t(), -10.0);
}

TEST(Regime, VerbsAboutPlantsAreKeptWithWhoSaidThem) {
    Regime regime(3, 2);
    EXPECT_TRUE(regime.plant_rules().empty());
    regime.name_things({"CHN", "JPN", "USA"}, {"gallium.refined", "nickel.ore"}, {"gallium_recovery"});
    regime.speak_for("one");
    regime.support({{c}, {ProcessId{0}}, {}}, 12.5, {.payer = c});
    regime.lead_time({{c}, {}, {g}}, 0.5, {.payer = c});
    regime.fund(100.0);
    regime.fund(30.0);
    regime.speak_for("another");
    regime.capex_share({{c}, {}, {}}, 0.25, {.payer = a, .believed_share = 0.5});
    regime.pay(c, ProcessId{0}, Payee::owners, -7.0, c);
    regime.settle_order();
    const PlantRules& rules = regime.plant_rules();
    ASSERT_EQ(rules.said().size(), 3U);
    EXPECT_EQ(rules.said()[0].policy, "another");
    EXPECT_EQ(rules.said()[0].size(), 0.25);
    EXPECT_EQ(rules.said()[1].size(), 12.5);
    EXPECT_NEAR(rules.said()[2].size(), 0.5, 1e-11);
    EXPECT_EQ(rules.funds("one"), 30.0) << "the least";
    EXPECT_GT(rules.funds("another"), 1e300) << "nobody limited it";
    ASSERT_EQ(rules.payments().size(), 1U);
    EXPECT_EQ(regime.describe(PlantSelector{{c}, {ProcessId{0}}, {}}), "USA gallium_recovery *");
    EXPECT_EQ(regime.said().front().verb, "capex_share");
}

/// Whatever the order in which policies speak, the rules of the tick are the same to the bit.
TEST(Regime, PoliciesCommute) {
    using Verb = std::function<void(Regime&)>;
    const Random random(5);
    std::uint32_t n = 0;
    const auto uniform = [&] { return random.uniform(0U, Purpose::test, 0, n++); };
    std::vector<Verb> verbs;
    for (int number = 0; number < 120; ++number) {
        const Selector lanes = uniform() < 0.3 ? Selector{} : Selector{{CountryId{random.below(3, 1U, Purpose::test, 0, n++)}}, {}, {GoodId{random.below(2, 2U, Purpose::test, 0, n++)}}};
        const double size = uniform();
        const std::string name = "policy" + std::to_string(number % 7);
        const int kind = static_cast<int>(random.below(32, 3U, Purpose::test, 0, n++));
        verbs.emplace_back([=](Regime& regime) {
            regime.speak_for(name);
            switch (kind) {
                case 0: regime.ban(lanes, BanKind::export_control); break;
                case 1: regime.waive(lanes, BanKind::export_control); break;
                case 2: regime.cap(lanes, 100.0 * size, size < 0.5 ? RentHolder::seller : RentHolder::treasury); break;
                case 3: regime.shared_cap(lanes, 100.0 * size); break;
                case 4: regime.export_duty(lanes, size); break;
                case 5: regime.tariff(lanes, size / 3.0); break;
                case 6: regime.friction(lanes, 1000.0 * size / 7.0); break;
                case 7: regime.leak(lanes, size, 10.0 / size); break;
                case 8: regime.prefer(lanes, -50.0 * size); break;
                case 9: regime.believe(lanes, size, 100.0 * size); break;
                case 10: regime.shared_cap(lanes, 100.0 * size, RentHolder::seller, 10.0 / size); break;
                case 11: regime.limit_origin(lanes, a, size); break;
                case 12: regime.support({lanes.origins, {}, lanes.goods}, 1000.0 * size / 7.0, {.payer = a, .believed_share = size}); break;
                case 13: regime.price_floor({lanes.origins, {}, {}}, 1000.0 * size, {.payer = b}); break;
                case 14: regime.capex_share({{}, {ProcessId{1}}, lanes.goods}, size / 3.0, {.payer = c}); break;
                case 15: regime.lead_time({lanes.origins, {}, {}}, 0.5 + size, {.payer = a}); break;
                case 16: regime.collect({lanes.origins, {}, lanes.goods}, size, {.payer = a, .cost = 10.0 * size}); break;
                case 17: regime.buyer_credit(b, lanes.goods, size < 0.5 ? std::vector{a, b} : std::vector{a}, 100.0 * size / 3.0, c); break;
                case 18: regime.pay(a, ProcessId{0}, Payee::owners, 10.0 * size - 5.0, a), regime.fund(1000.0 * size); break;
                case 19: regime.screen(a, size < 0.5 ? b : c, ProcessId{0}, {.threat = size, .clear_below = size * size, .declared_ticks = number}, size < 0.7 ? ScreenKind::investment : ScreenKind::emergency); break;
                case 20: if (size < 0.3) regime.except_investor(a, c); break;
                case 21: regime.specific_tariff(lanes, 1000.0 * size / 7.0); break;
                case 22: if (size < 0.3) regime.waive_tariff(lanes); break;
                case 23: regime.freight(lanes, 0.5 + size); break;
                case 24: regime.inform(a, lanes.goods, size / 3.0); break;
                case 25: regime.purchase(b, g, 100.0 * size, 10.0, {{a, 0.5}, {b, 0.5}}); break;
                case 26: regime.release(b, g, 100.0 * size, 20.0, {{c, 1.0}}); break;
                case 27: regime.spend(size < 0.5 ? "logistics" : "roads", a, 1e6 * size / 3.0); break;
                case 28: regime.speak_as(BanKind::export_control), regime.cap(lanes, 100.0 * size, size < 0.5 ? RentHolder::seller : RentHolder::treasury); break;
                case 29: regime.speak_as(BanKind::export_control), regime.export_duty(lanes, size / 3.0), regime.friction(lanes, size), regime.believe(lanes, size, 10.0 * size); break;
                case 30: regime.speak_as(BanKind::export_control), regime.shared_cap(lanes, 100.0 * size, RentHolder::seller, 10.0 / size); break;
                default: regime.announce(lanes, {.start_tick = number, .belief = size}); break;
            }
        });
    }
    const auto speak = [&](const std::vector<std::size_t>& order) {
        Regime regime(3, 2);
        for (const std::size_t verb : order) {
            verbs[verb](regime);
        }
        regime.settle_order();
        return regime;
    };
    std::vector<std::size_t> order(verbs.size());
    for (std::size_t number = 0; number < order.size(); ++number) {
        order[number] = number;
    }
    const Regime first = speak(order);
    for (std::uint32_t shuffle = 0; shuffle < 50; ++shuffle) {
        for (std::size_t place = order.size() - 1; place > 0; --place) {
            std::swap(order[place], order[random.below(static_cast<std::uint32_t>(place + 1), 4U, Purpose::test, shuffle, static_cast<std::uint32_t>(place))]);
        }
        const Regime other = speak(order);
        for (std::uint32_t good = 0; good < 2; ++good) {
            for (std::uint32_t from = 0; from < 3; ++from) {
                for (std::uint32_t to = 0; to < 3; ++to) {
                    const LaneRule& x = first.rule(GoodId{good}, CountryId{from}, CountryId{to});
                    const LaneRule& y = other.rule(GoodId{good}, CountryId{from}, CountryId{to});
                    EXPECT_TRUE(x == y);
                    const SaidCap* here = first.cap_source(GoodId{good}, CountryId{from}, CountryId{to});
                    const SaidCap* there = other.cap_source(GoodId{good}, CountryId{from}, CountryId{to});
                    ASSERT_EQ(here == nullptr, there == nullptr);
                    if (here != nullptr) {
                        EXPECT_EQ(here->policy, there->policy);
                        EXPECT_EQ(here->cap_t, x.cap_t());
                    }
                }
            }
        }
        ASSERT_EQ(first.origin_limits().size(), other.origin_limits().size());
        for (std::size_t number = 0; number < first.origin_limits().size(); ++number) {
            EXPECT_EQ(first.origin_limits()[number].policy, other.origin_limits()[number].policy);
            EXPECT_EQ(first.origin_limits()[number].enforcement, other.origin_limits()[number].enforcement);
        }
        ASSERT_EQ(first.plant_rules().said().size(), other.plant_rules().said().size());
        for (std::size_t number = 0; number < first.plant_rules().said().size(); ++number) {
            const SaidSupport& x = first.plant_rules().said()[number];
            const SaidSupport& y = other.plant_rules().said()[number];
            EXPECT_EQ(std::tie(x.policy, x.verb, x.units, x.plants.countries, x.plants.processes, x.plants.goods, x.terms.payer, x.terms.believed_share, x.terms.cost),
                      std::tie(y.policy, y.verb, y.units, y.plants.countries, y.plants.processes, y.plants.goods, y.terms.payer, y.terms.believed_share, y.terms.cost));
        }
        ASSERT_EQ(first.plant_rules().payments().size(), other.plant_rules().payments().size());
        for (std::size_t number = 0; number < first.plant_rules().payments().size(); ++number) {
            EXPECT_EQ(first.plant_rules().payments()[number].usd, other.plant_rules().payments()[number].usd);
        }
        ASSERT_EQ(first.plant_rules().credits().size(), other.plant_rules().credits().size());
        for (std::size_t number = 0; number < first.plant_rules().credits().size(); ++number) {
            EXPECT_EQ(first.plant_rules().credits()[number].units, other.plant_rules().credits()[number].units);
        }
        for (int number = 0; number < 7; ++number) {
            EXPECT_EQ(first.plant_rules().funds("policy" + std::to_string(number)), other.plant_rules().funds("policy" + std::to_string(number)));
        }
        EXPECT_EQ(first.home_credit_usd_per_t(g, b), other.home_credit_usd_per_t(g, b));
        for (const CountryId target : {b, c}) {
            const auto here = first.review(a, target, ProcessId{0});
            const auto there = other.review(a, target, ProcessId{0});
            ASSERT_EQ(here.has_value(), there.has_value());
            if (here) {
                EXPECT_EQ(here->terms, there->terms);
                EXPECT_EQ(here->policies, there->policies);
            }
        }
        for (std::uint32_t good = 0; good < 2; ++good) {
            EXPECT_EQ(first.informed_share(GoodId{good}, a), other.informed_share(GoodId{good}, a));
        }
        ASSERT_EQ(first.spending().size(), other.spending().size());
        for (std::size_t number = 0; number < first.spending().size(); ++number) {
            EXPECT_EQ(first.spending()[number].account, other.spending()[number].account);
            EXPECT_EQ(first.spending()[number].usd, other.spending()[number].usd);
        }
        ASSERT_EQ(first.stock_orders().size(), other.stock_orders().size());
        for (std::size_t number = 0; number < first.stock_orders().size(); ++number) {
            const StockOrder& x = first.stock_orders()[number];
            const StockOrder& y = other.stock_orders()[number];
            EXPECT_EQ(std::tie(x.policy, x.buys, x.tonne_units, x.limit_usd_per_t, x.payers), std::tie(y.policy, y.buys, y.tonne_units, y.limit_usd_per_t, y.payers));
        }
        ASSERT_EQ(first.said().size(), other.said().size());
        std::vector<double> x;
        std::vector<double> y;
        for (std::size_t number = 0; number < first.shared_limits().size(); ++number) {
            x.push_back(first.shared_limits()[number].cap_t);
            y.push_back(other.shared_limits()[number].cap_t);
        }
        EXPECT_EQ(x, y) << "shared limits stand in an order of their own";
    }
}

/// Two boards are one by the stricter of each term; an exception lifts the kind that it names, whoever said either first.
TEST(Regime, ExceptionsLiftReviewsOfTheirKind) {
    const ProcessId mine{0}, mill{1};
    Regime regime(3, 2);
    regime.except_investor(a, c);
    regime.speak_for("cfius");
    regime.screen(a, c, mine, {.threat = 0.2, .clear_below = 0.1, .block_above = 0.5, .declared_ticks = 1});
    regime.screen(b, c, mine, {.threat = 0.8, .clear_below = 0.1, .block_above = 0.5, .declared_ticks = 1});
    regime.speak_for("canada");
    regime.screen(b, c, mine, {.threat = 0.6, .clear_below = 0.2, .block_above = 0.3, .declared_ticks = 4, .reopened_since = 7});
    EXPECT_FALSE(regime.review(a, c, mine)) << "excepted, though the exception was said first";
    EXPECT_FALSE(regime.review(b, c, mill)) << "another process";
    EXPECT_FALSE(regime.review(b, a, mine)) << "another host";
    const auto met = regime.review(b, c, mine);
    ASSERT_TRUE(met);
    EXPECT_EQ(met->terms.threat, 0.8);
    EXPECT_EQ(met->terms.clear_below, 0.1);
    EXPECT_EQ(met->terms.block_above, 0.3);
    EXPECT_EQ(met->terms.declared_ticks, 4);
    EXPECT_EQ(met->terms.reopened_since, 7);
    EXPECT_EQ(met->policies, (std::vector<std::string>{"canada", "cfius"}));
    regime.screen(a, c, mine, {.threat = 1.0}, ScreenKind::emergency);
    ASSERT_TRUE(regime.review(a, c, mine)) << "an emergency review is of another kind";
    EXPECT_EQ(regime.review(a, c, mine)->terms.threat, 1.0);
    regime.except_investor(a, c, ScreenKind::emergency);
    EXPECT_FALSE(regime.review(a, c, mine));
}

TEST(Regime, OwnersPreferWithoutBeingLogged) {
    Regime regime(3, 2);
    regime.prefer(lane(a, b, g), 5.0);
    regime.prefer_as_owner(g, a, b, 2.5);
    EXPECT_EQ(regime.rule(g, a, b).prefer_usd_per_t(), 7.5);
    EXPECT_EQ(regime.said().size(), 1U);
}

/// Contracts go first: what they moved is off the caps, and rounding leaves nothing.
TEST(Regime, UsedCapsLeaveTheRest) {
    Regime regime(3, 2);
    const GoodId good{0};
    const Selector lane{{CountryId{0}}, {CountryId{1}}, {good}};
    regime.cap(lane, 10.0);
    regime.shared_cap({{CountryId{0}}, {}, {}}, 30.0);
    regime.use_cap(good, CountryId{0}, CountryId{1}, 4.0);
    regime.use_shared_cap(0, 25.0);
    EXPECT_EQ(regime.rule(good, CountryId{0}, CountryId{1}).cap_t(), 6.0);
    EXPECT_EQ(regime.shared_limits()[0].cap_t, 5.0);
    EXPECT_FALSE(regime.rule(good, CountryId{0}, CountryId{2}).cap_t() < 1e300) << "another lane keeps its own";
    regime.use_cap(good, CountryId{0}, CountryId{1}, 6.0 * (1.0 - 1e-12));
    regime.use_shared_cap(0, 5.1);
    EXPECT_EQ(regime.rule(good, CountryId{0}, CountryId{1}).cap_t(), 0.0);
    EXPECT_EQ(regime.shared_limits()[0].cap_t, 0.0);
}

}  // namespace
}  // namespace ytterby
