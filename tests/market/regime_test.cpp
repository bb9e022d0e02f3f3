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

TEST(Regime, VerbsCombineByTheirRules) {
    Regime regime(3, 2);
    regime.cap(lane(a, b, g), 10.0);
    regime.cap(lane(a, b, g), 7.0);
    regime.cap(lane(a, b, g), 9.0);
    EXPECT_EQ(regime.rule(g, a, b).cap_t, 7.0);
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
    EXPECT_EQ(regime.rule(g, a, b).believed_open_share, 0.6);
    regime.believe(lane(a, b, g), 0.8, 24.0);
    regime.believe(lane(a, b, g), 0.7, 12.0);
    EXPECT_EQ(regime.rule(g, a, b).believed_open_share, 0.6) << "the least";
    EXPECT_EQ(regime.rule(g, a, b).believed_months, 24.0) << "the longest";
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
    EXPECT_EQ(regime.describe({}), "*->* *");
}

/// Whatever the order in which policies speak, the rules of the tick are the same to the bit.
TEST(Regime, PoliciesCommute) {
    using Verb = std::function<void(Regime&)>;
    const Random random(5);
    std::uint32_t n = 0;
    const auto uniform = [&] { return random.uniform(0U, Purpose::test, 0, n++); };
    std::vector<Verb> verbs;
    for (int number = 0; number < 60; ++number) {
        const Selector lanes = uniform() < 0.3 ? Selector{} : Selector{{CountryId{random.below(3, 1U, Purpose::test, 0, n++)}}, {}, {GoodId{random.below(2, 2U, Purpose::test, 0, n++)}}};
        const double size = uniform();
        const std::string name = "policy" + std::to_string(number % 7);
        const int kind = static_cast<int>(random.below(15, 3U, Purpose::test, 0, n++));
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
                case 12: regime.screen(a, size < 0.5 ? b : c, ProcessId{0}, {.threat = size, .clear_below = size * size, .declared_ticks = number}, size < 0.7 ? ScreenKind::investment : ScreenKind::emergency); break;
                case 13: if (size < 0.3) regime.except_investor(a, c); break;
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
                    EXPECT_EQ(std::tie(x.bans, x.waivers, x.rent_holder, x.export_duty_units, x.tariff_units, x.friction_units, x.prefer_units, x.cap_t, x.leak_share,
                                       x.leak_premium_units, x.believed_open_share, x.believed_months, x.reserve_rent_units),
                              std::tie(y.bans, y.waivers, y.rent_holder, y.export_duty_units, y.tariff_units, y.friction_units, y.prefer_units, y.cap_t, y.leak_share,
                                       y.leak_premium_units, y.believed_open_share, y.believed_months, y.reserve_rent_units));
                    const SaidCap* here = first.cap_source(GoodId{good}, CountryId{from}, CountryId{to});
                    const SaidCap* there = other.cap_source(GoodId{good}, CountryId{from}, CountryId{to});
                    ASSERT_EQ(here == nullptr, there == nullptr);
                    if (here != nullptr) {
                        EXPECT_EQ(here->policy, there->policy);
                        EXPECT_EQ(here->cap_t, x.cap_t);
                    }
                }
            }
        }
        ASSERT_EQ(first.origin_limits().size(), other.origin_limits().size());
        for (std::size_t number = 0; number < first.origin_limits().size(); ++number) {
            EXPECT_EQ(first.origin_limits()[number].policy, other.origin_limits()[number].policy);
            EXPECT_EQ(first.origin_limits()[number].enforcement, other.origin_limits()[number].enforcement);
        }
        for (const CountryId target : {b, c}) {
            const auto here = first.review(a, target, ProcessId{0});
            const auto there = other.review(a, target, ProcessId{0});
            ASSERT_EQ(here.has_value(), there.has_value());
            if (here) {
                EXPECT_EQ(here->terms, there->terms);
                EXPECT_EQ(here->policies, there->policies);
            }
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
    EXPECT_EQ(regime.rule(good, CountryId{0}, CountryId{1}).cap_t, 6.0);
    EXPECT_EQ(regime.shared_limits()[0].cap_t, 5.0);
    EXPECT_FALSE(regime.rule(good, CountryId{0}, CountryId{2}).cap_t < 1e300) << "another lane keeps its own";
    regime.use_cap(good, CountryId{0}, CountryId{1}, 6.0 * (1.0 - 1e-12));
    regime.use_shared_cap(0, 5.1);
    EXPECT_EQ(regime.rule(good, CountryId{0}, CountryId{1}).cap_t, 0.0);
    EXPECT_EQ(regime.shared_limits()[0].cap_t, 0.0);
}

}  // namespace
}  // namespace ytterby
