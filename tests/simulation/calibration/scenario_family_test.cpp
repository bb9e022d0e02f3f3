#include <gmock/gmock.h>

#include <algorithm>

#include "simulation/calibration/scenario_family.hpp"
#include "simulation/run.hpp"

namespace ytterby {
namespace {

using testing::HasSubstr;
using Words = std::vector<std::string>;

const std::string path = std::string(YTTERBY_SOURCE_DIR) + "/configs/gallium_control.toml";

std::string outcome(const Scenario& scenario) {
    Simulation simulation = build_simulation(scenario);
    NoObserver nobody;
    return run(scenario, simulation, nobody).digest;
}

/// What a family shares, tables and their balance, is kept under all that it is made from: the folder and the base
/// year. So every member is what reading its file anew gives, whichever were made before it.
TEST(ScenarioFamily, MembersAreWhatReadingThemAnewGives) {
    const ScenarioFamily family(path, {});
    const Words common = {"run.ticks=2", "population.firms=60"};
    std::vector<std::string> outcomes;
    for (const Words& change :
         {Words{}, Words{"base_year=2023"}, Words{"run.seed=9", "noise.demand_noise=0.05"},
          Words{"good.\"gallium.refined\".trade_elasticity=2.0"}, Words{"outlook.demand=STEPS"},
          Words{"run.start=2023-08"},
          Words{"policy.gallium_licence.remove=true", "run.start=2023-08", "noise.demand_noise=0.02"}, Words{}}) {
        Words words = common;
        words.insert(words.end(), change.begin(), change.end());
        outcomes.push_back(outcome(family.member(words)));
        if (outcomes.size() < 8) {
            EXPECT_EQ(outcomes.back(), outcome(load_scenario(path, words)))
                << (change.empty() ? "nothing changed" : change.front());
        }
    }
    EXPECT_EQ(outcomes.back(), outcomes.front()) << "nothing is left of the members in between";
    outcomes.pop_back();
    std::sort(outcomes.begin(), outcomes.end());
    EXPECT_EQ(std::unique(outcomes.begin(), outcomes.end()), outcomes.end()) << "each of the changes changes something";
}

TEST(ScenarioFamily, SharesTheBaseOfTheSameData) {
    const ScenarioFamily family(path, {});
    const Scenario one = family.member({"run.seed=3"});
    EXPECT_EQ(one.balanced, family.member({"market.mechanism=bilateral", "run.ticks=7"}).balanced);
    EXPECT_EQ(build_simulation(one).base, one.balanced) << "and nobody copies it";
    EXPECT_NE(one.balanced, family.member({"base_year=2024"}).balanced);
}

TEST(ScenarioFamily, OutlinesCheckWithoutBuilding) {
    const ScenarioFamily family(path, {});
    Problems problems;
    EXPECT_EQ(family.outline({"run.ticks=5"}, problems).run.ticks, 5);
    EXPECT_EQ(family.outline({"run.ticks=5"}, problems).balanced, nullptr);
    EXPECT_TRUE(problems.empty());
    family.outline({"run.ticks=5", "policy.gallium_licence.aproval_share=0.5"}, problems);
    EXPECT_THAT(problems.render(), HasSubstr("--set argument 2"));
    EXPECT_THROW(family.member({"run.ticks=none"}), InputError);
}

}  // namespace
}  // namespace ytterby
