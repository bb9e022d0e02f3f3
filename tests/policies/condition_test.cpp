#include "policies/condition.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// The baseline world, whose last month is known.
struct Baseline {
    Scenario scenario = load_scenario(shipped("baseline.toml"), {"population.firms=100"});
    Simulation simulation = build_simulation(scenario);

    bool holds(const std::string& text) const {
        Problems problems;
        const Condition condition = Condition::parse(text, scenario.names, "when", {"x.toml", 1, 1}, problems);
        EXPECT_TRUE(problems.empty()) << text << "\n" << problems.render();
        return condition.holds(simulation.economy, simulation.world);
    }
    std::string error(const std::string& text) const {
        Problems problems;
        Condition::parse(text, scenario.names, "when", {"x.toml", 7, 8}, problems);
        EXPECT_EQ(problems.count(), 1U) << text;
        return problems.render();
    }
};

TEST(Condition, ComparesIndicators) {
    const Baseline baseline;
    EXPECT_TRUE(baseline.holds("import_reliance(USA, gallium.refined) > 0.99"));
    EXPECT_FALSE(baseline.holds("import_reliance(CHN, gallium.refined) > 0.5"));
    EXPECT_TRUE(baseline.holds("price(JPN, gallium.refined) >= 400e3"));
    EXPECT_TRUE(baseline.holds("price(JPN,gallium.refined)/price(CHN,gallium.refined) > 1.5"));
    EXPECT_TRUE(baseline.holds("production_share(CHN, gallium.refined) > 0.9"));
    EXPECT_TRUE(baseline.holds(""));
}

TEST(Condition, BindsAsUsual) {
    const Baseline baseline;
    EXPECT_TRUE(baseline.holds("1 + 2 * 3 <= 7"));
    EXPECT_TRUE(baseline.holds("(1 + 2) * 3 >= 9"));
    EXPECT_TRUE(baseline.holds("1 > 2 and 1 > 2 or 2 > 1"));
    EXPECT_FALSE(baseline.holds("1 > 2 and (1 > 2 or 2 > 1)"));
    EXPECT_TRUE(baseline.holds("not 1 > 2 and 2 > 1"));
    EXPECT_TRUE(baseline.holds("-1 < 0"));
    EXPECT_FALSE(baseline.holds("1 / 0 < 1"));
}

TEST(Condition, ErrorsSayWhatWhereAndWhatToDo) {
    const Baseline baseline;
    EXPECT_NE(baseline.error("import_relianc(USA, gallium.refined) > 1").find("did you mean 'import_reliance'"), std::string::npos);
    EXPECT_NE(baseline.error("price(USB, gallium.refined) > 1").find("unknown country 'USB'"), std::string::npos);
    EXPECT_NE(baseline.error("price(USA, galium.refined) > 1").find("did you mean 'gallium.refined'"), std::string::npos);
    EXPECT_NE(baseline.error("price(USA, gallium.refined)").find("not a comparison"), std::string::npos);
    EXPECT_NE(baseline.error("1 < 2 < 3").find("unexpected"), std::string::npos);
    EXPECT_NE(baseline.error("(1 < 2").find("missing ')'"), std::string::npos);
    EXPECT_NE(baseline.error("1 < ").find("missing"), std::string::npos);
    EXPECT_NE(baseline.error("1 and 2 > 1").find("join comparisons"), std::string::npos);
    EXPECT_NE(baseline.error("price(USA gallium.refined) > 1").find("missing ','"), std::string::npos);
    EXPECT_NE(baseline.error("1 < 2 $").find("character 7"), std::string::npos) << baseline.error("1 < 2 $");
    EXPECT_NE(baseline.error("1 < 2 $").find("x.toml:7:8"), std::string::npos);
    EXPECT_NE(baseline.error(std::string(5000, '(')).find("nested too deeply"), std::string::npos);
    EXPECT_NE(baseline.error("not not " + std::string(3000, '-')).find("number"), std::string::npos);
}

}  // namespace
}  // namespace ytterby
