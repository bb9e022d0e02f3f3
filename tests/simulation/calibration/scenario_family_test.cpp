#include <gmock/gmock.h>

#include <algorithm>

#include "simulation/calibration/scenario_family.hpp"
#include "simulation/run.hpp"

namespace ytterby {
namespace {

using testing::HasSubstr;
using Overrides = std::vector<std::string>;

const std::string path = std::string(YTTERBY_SOURCE_DIR) + "/configs/gallium_control.toml";

std::string outcome(const Scenario& scenario) {
    Simulation simulation = build_simulation(scenario);
    NoObserver none;
    return run(scenario, simulation, none).digest;
}

/// A family shares tables and balanced base states by folder and base year. So every member equals the scenario read
/// from its file, whatever members were made before it.
TEST(ScenarioFamily, MembersEqualScenariosReadFromTheFile) {
    const ScenarioFamily family(path, {});
    const Overrides common = {"run.ticks=2", "population.firms=60"};
    std::vector<std::string> outcomes;
    for (const Overrides& change :
         {Overrides{}, Overrides{"base_year=2023"}, Overrides{"run.seed=9", "noise.demand_noise=0.05"},
          Overrides{"good.\"gallium.refined\".trade_elasticity=2.0"}, Overrides{"outlook.demand=STEPS"},
          Overrides{"run.start=2023-08"},
          Overrides{"policy.gallium_licence.remove=true", "run.start=2023-08", "noise.demand_noise=0.02"},
          Overrides{}}) {
        Overrides overrides = common;
        overrides.insert(overrides.end(), change.begin(), change.end());
        outcomes.push_back(outcome(family.member(overrides)));
        if (outcomes.size() < 8) {
            EXPECT_EQ(outcomes.back(), outcome(load_scenario(path, overrides)))
                << (change.empty() ? "nothing changed" : change.front());
        }
    }
    EXPECT_EQ(outcomes.back(), outcomes.front()) << "the members in between have no effect";
    outcomes.pop_back();
    std::sort(outcomes.begin(), outcomes.end());
    EXPECT_EQ(std::unique(outcomes.begin(), outcomes.end()), outcomes.end()) << "each change has an effect";
}

TEST(ScenarioFamily, SharesTheBaseOfTheSameData) {
    const ScenarioFamily family(path, {});
    const Scenario one = family.member({"run.seed=3"});
    EXPECT_EQ(one.balanced, family.member({"market.mechanism=bilateral", "run.ticks=7"}).balanced);
    EXPECT_EQ(build_simulation(one).base, one.balanced) << "without a copy";
    EXPECT_NE(one.balanced, family.member({"base_year=2021"}).balanced);
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
