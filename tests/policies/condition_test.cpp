#include "policies/condition.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/laws/history.hpp"
#include "tests/policies/small_world.hpp"

namespace ytterby {
namespace {

Condition parse(const SmallWorld& small, const std::string& text) {
    Problems problems;
    Condition condition = Condition::parse(text, small.names, "when", {"x.toml", 7, 8}, problems);
    EXPECT_TRUE(problems.empty()) << text << "\n" << problems.render();
    return condition;
}

bool holds(const SmallWorld& small, const std::string& text) {
    return parse(small, text).holds(small.economy, small.world);
}

/// The only problem of a bad condition.
Problem problem(const std::string& text) {
    Problems problems;
    const Condition condition = Condition::parse(text, SmallWorld().names, "policy.p.when", {"x.toml", 7, 8}, problems);
    EXPECT_TRUE(condition.always()) << "a bad condition is not read in part";
    const std::vector<Problem> found = problems.sorted();
    EXPECT_EQ(found.size(), 1U) << text;
    return found.empty() ? Problem{} : found.front();
}

TEST(Condition, HasTheUsualPrecedence) {
    const SmallWorld small;
    EXPECT_TRUE(holds(small, "1 + 2 * 3 <= 7"));
    EXPECT_TRUE(holds(small, "(1 + 2) * 3 >= 9"));
    EXPECT_TRUE(holds(small, "8 - 4 - 2 <= 2")) << "from the left";
    EXPECT_TRUE(holds(small, "8 / 4 / 2 <= 1"));
    EXPECT_TRUE(holds(small, "2 - -3 >= 5"));
    EXPECT_TRUE(holds(small, "1 > 2 and 1 > 2 or 2 > 1")) << "and before or";
    EXPECT_FALSE(holds(small, "1 > 2 and (1 > 2 or 2 > 1)"));
    EXPECT_TRUE(holds(small, "2 > 1 or 2 > 1 and 1 > 2"));
    EXPECT_TRUE(holds(small, "not 1 > 2 and 2 > 1")) << "not before and";
    EXPECT_FALSE(holds(small, "not (1 > 2 or 2 > 1)"));
    EXPECT_TRUE(holds(small, "not not 2 > 1"));
    EXPECT_TRUE(holds(small, "-1 < 0"));
    EXPECT_TRUE(holds(small, "((4e-1)) < .5"));
    EXPECT_TRUE(holds(small, "\n  1<2\tand\n2>1  "));
}

TEST(Condition, DistinguishesStrictComparisons) {
    const SmallWorld small;
    EXPECT_FALSE(holds(small, "1 < 1"));
    EXPECT_TRUE(holds(small, "1 <= 1"));
    EXPECT_FALSE(holds(small, "1 > 1"));
    EXPECT_TRUE(holds(small, "1 >= 1"));
}

TEST(Condition, EmptyHoldsAlways) {
    const SmallWorld small;
    for (const char* text : {"", " ", "\n\t "}) {
        EXPECT_TRUE(parse(small, text).always());
        EXPECT_TRUE(holds(small, text));
    }
    EXPECT_TRUE(Condition().holds(small.economy, small.world));
}

TEST(Condition, ZeroOverZeroDoesNotHold) {
    const SmallWorld small;
    EXPECT_FALSE(holds(small, "0 / 0 < 1"));
    EXPECT_FALSE(holds(small, "0 / 0 >= 1"));
    EXPECT_FALSE(holds(small, "1 / 0 < 1"));
    EXPECT_TRUE(holds(small, "1 / 0 > 1"));
}

/// Every indicator, on a world whose last tick is set by hand.
TEST(Condition, ReadsTheCurrentWorld) {
    SmallWorld small;
    const Condition expensive = parse(small, "price(JPN, gallium.refined) > 2 * price(CHN, gallium.refined)");
    EXPECT_FALSE(expensive.holds(small.economy, small.world));
    small.at(small.world.nodes.use_price, "JPN", "gallium.refined") = 21.0;
    small.at(small.world.nodes.use_price, "CHN", "gallium.refined") = 10.0;
    EXPECT_TRUE(expensive.holds(small.economy, small.world));
    small.at(small.world.nodes.use_price, "CHN", "gallium.refined") = 10.5;
    EXPECT_FALSE(expensive.holds(small.economy, small.world)) << "a condition has no memory";

    small.at(small.world.nodes.consumption, "USA", "dysprosium.refined") = 10.0;
    small.at(small.world.nodes.production, "USA", "dysprosium.refined") = 2.0;
    small.at(small.world.nodes.production, "CHN", "dysprosium.refined") = 6.0;
    small.at(small.world.nodes.need, "USA", "dysprosium.refined") = 16.0;
    small.at(small.world.nodes.stock, "USA", "dysprosium.refined") = 32.0;
    EXPECT_TRUE(holds(
        small,
        "import_reliance(USA, dysprosium.refined) >= 0.799 and import_reliance(USA, dysprosium.refined) <= 0.801"));
    EXPECT_TRUE(holds(
        small, "output_share(CHN, dysprosium.refined) >= 0.75 and output_share(CHN, dysprosium.refined) <= 0.75"));
    EXPECT_TRUE(
        holds(small, "stock_months(USA, dysprosium.refined) >= 2 and stock_months(USA, dysprosium.refined) <= 2"));
    EXPECT_TRUE(holds(
        small, "unmet_share(USA, dysprosium.refined) >= 0.375 and unmet_share(USA, dysprosium.refined) <= 0.375"));
    EXPECT_FALSE(holds(small, "import_reliance(USA, dysprosium.ore) > 0")) << "goods are separate";
}

/// Every indicator listed by `describe` parses.
TEST(Condition, KnowsEveryNamedIndicator) {
    const SmallWorld small;
    EXPECT_GE(indicators().size(), 5U);
    for (const Indicator& indicator : indicators()) {
        EXPECT_FALSE(
            parse(small, std::string(indicator.name) + "(USA,gallium.refined)>1e30").holds(small.economy, small.world));
    }
}

TEST(Condition, HoldsOnTheShippedBaseline) {
    const Scenario scenario = load_scenario(shipped("stationary.toml"), {"population.firms=100"});
    const Simulation simulation = build_simulation(scenario);
    const auto holds = [&](const char* text) {
        Problems problems;
        const Condition condition = Condition::parse(text, scenario.names, "when", {}, problems);
        EXPECT_TRUE(problems.empty()) << problems.render();
        return condition.holds(simulation.economy, simulation.world);
    };
    EXPECT_TRUE(holds("import_reliance(USA, gallium.refined) > 0.99"));
    EXPECT_FALSE(holds("import_reliance(CHN, gallium.refined) > 0.5"));
    EXPECT_TRUE(holds("price(JPN,gallium.refined)/price(CHN,gallium.refined) > 1.5"));
    EXPECT_TRUE(holds("output_share(CHN, gallium.refined) > 0.9"));
}

struct Bad {
    const char* text;
    std::size_t column;
    const char* what;
    const char* suggestion;
};

class BadCondition : public ::testing::TestWithParam<Bad> {};

TEST_P(BadCondition, IsReportedWithPlaceAndRemedy) {
    const Bad& bad = GetParam();
    const Problem found = problem(bad.text);
    EXPECT_NE(found.what.find(bad.what), std::string::npos) << found.what;
    EXPECT_NE(found.what.find("at character " + std::to_string(bad.column) + " of"), std::string::npos) << found.what;
    EXPECT_NE(found.suggestion.find(bad.suggestion), std::string::npos) << found.suggestion;
    EXPECT_NE(render(found).find("x.toml:7:8: error: policy.p.when: "), std::string::npos) << render(found);
    EXPECT_EQ(render(found).find("'\xe2'"), std::string::npos) << "no characters are cut in half";
}

INSTANTIATE_TEST_SUITE_P(
    All, BadCondition,
    ::testing::Values(
        Bad{"import_relianc(USA, gallium.refined) > 1", 1, "unknown indicator 'import_relianc'",
            "did you mean 'import_reliance'"},
        Bad{"1 < hhi(USA, gallium.refined)", 5, "unknown indicator 'hhi'", "use one of: import_reliance"},
        Bad{"price(UDA, gallium.refined) > 1", 7, "unknown country 'UDA'", "did you mean 'USA'"},
        Bad{"price(PAC, gallium.refined) > 1", 7, "'PAC' is a group", "name one of its members"},
        Bad{"price(*, gallium.refined) > 1", 7, "'*' where ',' or ')' should be", "write it as import_reliance(USA"},
        Bad{"price(, gallium.refined) > 1", 7, "a country is missing", "write it as"},
        Bad{"price(USA) > 1", 11, "missing ',' and a good", "write it as"},
        Bad{"price(USA, gallium.refined, JPN) > 1", 29, "about one country and one good", "write it as"},
        Bad{"price(USA, galium.refined) > 1", 12, "unknown good 'galium.refined'", "did you mean 'gallium.refined'"},
        Bad{"price(USA, dysprosium) > 1", 12, "'dysprosium' is a metal", "dysprosium.ore"},
        Bad{"price(USA, ) > 1", 12, "a good is missing", "write it as"},
        Bad{"price(USA gallium.refined) > 1", 11, "'gallium' where ',' or ')' should be", "write it as"},
        Bad{"price(USA, gallium.refined > 1", 28, "'>' where ',' or ')' should be", "write it as"},
        Bad{"price > 1", 7, "missing '(' after price", "write it as"},
        Bad{"price(USA, gallium.refined)", 1, "a number, not a comparison", "compare it"},
        Bad{"1 < 2 and 0.5", 11, "and / or join comparisons", "compare each side"},
        Bad{"0.5 or 1 < 2", 1, "and / or join comparisons", "compare each side"},
        Bad{"not 0.5", 5, "not takes a comparison", "not ("}, Bad{"1 < 2 < 3", 7, "cannot be chained", "with and"},
        Bad{"(1 < 2) >= 1", 2, "cannot be chained", "with and"},
        Bad{"1 >= (1 < 2)", 7, "cannot be chained", "with and"},
        Bad{"(1 < 2) + 1 < 3", 2, "arithmetic needs numbers", "outside"},
        Bad{"2 * (1 < 2) < 3", 6, "arithmetic needs numbers", "outside"}, Bad{"(1 < 2", 7, "missing ')'", "close"},
        Bad{"1 < 2)", 6, "unexpected ')'", "open the parenthesis"}, Bad{"1 < ", 5, "missing", "import_reliance"},
        Bad{"1 = 1", 3, "unexpected '='", "compare with <"},
        Bad{"1 \u2265 1", 3, "unexpected '\u2265'", "compare with <"}, Bad{"\u2265 1", 1, "missing", ""},
        Bad{"price(USA, gallium.refined) > 1 \u00e9 2", 33, "unexpected '\u00e9'", "and / or"},
        Bad{"1 < 2 AND 2 < 3", 7, "unexpected 'AND'", "join comparisons with and / or"},
        Bad{"1 < 2 $", 7, "unexpected '$'", "and / or"}, Bad{"1e999 < 2", 1, "malformed number", "4e5"},
        Bad{"2 > -price(USA, gallium.refined)", 5, "malformed number", "0 - "},
        Bad{"-nan < 2", 1, "malformed number", "0.8"}));

/// Long or deep conditions are refused before they can exhaust the stack.
TEST(Condition, HasALimitedSize) {
    const auto repeated = [](const std::string& piece, std::size_t times) {
        std::string text;
        for (std::size_t time = 0; time < times; ++time) {
            text += piece;
        }
        return text;
    };
    constexpr std::size_t many = 200000;
    EXPECT_NE(problem(repeated("(", many)).what.find("nested too deeply at character 33 "), std::string::npos);
    EXPECT_NE(problem(repeated("not ", many)).what.find("nested too deeply"), std::string::npos);
    EXPECT_NE(problem(repeated("1+", many) + "1 > 0").what.find("too long"), std::string::npos);
    EXPECT_NE(problem(repeated("1>0 and ", many) + "1 > 0").what.find("too long"), std::string::npos);
    EXPECT_LT(problem(repeated("1+", many) + "1 > 0").what.size(), 300U) << "the message stays readable";
    const SmallWorld small;
    EXPECT_TRUE(holds(small, repeated("1 + ", 200) + "1 > 200"));
    EXPECT_TRUE(holds(small, repeated("(", 30) + "1 > 0" + repeated(")", 30)));
}

}  // namespace
}  // namespace ytterby
