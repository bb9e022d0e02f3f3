#include "rules/lane_rules.hpp"

#include <gtest/gtest.h>

namespace ytterby {
namespace {

TEST(LaneRules, WhatIsLeftOfACapIsExactAtItsEnds) {
    EXPECT_EQ(left_of(10.0, 4.0), 6.0);
    EXPECT_EQ(left_of(10.0, 0.0), 10.0);
    EXPECT_EQ(left_of(10.0, 10.0 * (1.0 - 1e-12)), 0.0) << "rounding leaves nothing";
    EXPECT_EQ(left_of(5.0, 5.1), 0.0);
    EXPECT_EQ(left_of(0.0, 0.0), 0.0);
    const double none = std::numeric_limits<double>::infinity();
    EXPECT_EQ(left_of(none, 5.0), none) << "no cap stays none";
}

TEST(LaneRules, OnlyLanesThatAVerbNamedHaveARule) {
    LaneRules rules(3, 2);
    const GoodId good{1};
    EXPECT_FALSE(rules.has_rules(good));
    rules.tariff({{CountryId{0}}, {CountryId{1}}, {good}}, 0.1);
    EXPECT_TRUE(rules.has_rules(good));
    EXPECT_FALSE(rules.has_rules(GoodId{0}));
    EXPECT_EQ(rules.ruled_lanes(), 1U);
    EXPECT_NE(rules.find_rule(good, CountryId{0}, CountryId{1}), nullptr);
    EXPECT_EQ(rules.find_rule(good, CountryId{1}, CountryId{0}), nullptr);
    EXPECT_EQ(rules.rule(good, CountryId{1}, CountryId{0}), LaneRule{}) << "the empty rule stands for all others";
}

}  // namespace
}  // namespace ytterby
