#include <gtest/gtest.h>

#include <algorithm>

#include "records/recorder/recorder.hpp"
#include "records/store/run_store.hpp"
#include "simulation/world_state.hpp"
#include "tests/laws/history.hpp"
#include "tests/records/scratch_folder.hpp"

namespace ytterby {
namespace {

/// Enough firms for several blocks per cell, noise, a licence, and a quota that couples goods.
std::vector<std::string> busy(std::vector<std::string> more) {
    std::vector<std::string> overrides = {
        "run.ticks=14", "population.firms=6000", "noise.demand_noise=0.02",
        "policy.quota={kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods=[\"lanthanum.refined\",\"cerium."
        "refined\"],start=\"2023-04\",quota_t_per_year=12000}"};
    overrides.insert(overrides.end(), more.begin(), more.end());
    return overrides;
}

std::string digest(const std::vector<std::string>& more, Observer* observer = nullptr) {
    const Scenario scenario = load_scenario(shipped("gallium_control.toml"), busy(more));
    Simulation simulation = build_simulation(scenario);
    NoObserver none;
    return run(scenario, simulation, observer != nullptr ? *observer : none).digest;
}

TEST(Determinism, SameBitsOnAnyNumberOfThreads) {
    const std::string one = digest({"run.threads=1"});
    for (const char* threads : {"2", "3", "4", "8"}) {
        EXPECT_EQ(digest({std::string("run.threads=") + threads}), one) << threads << " threads";
    }
}

TEST(Determinism, SameBitsWithRecordingOnOrOff) {
    for (const bool in_background : {false, true}) {
        const ScratchFolder folder;
        RunStore store(folder.path(), {.in_background = in_background});
        Recorder recorder(store, {});
        const std::string recorded = digest({}, &recorder);
        store.finish();
        EXPECT_EQ(recorded, digest({}));
    }
}

/// The same holds for weeks, in which quotas and licences count other ticks.
TEST(Determinism, SameBitsForWeeksToo) {
    const std::string one = digest({"run.tick=\"week\"", "run.ticks=30", "run.threads=1"});
    EXPECT_EQ(digest({"run.tick=\"week\"", "run.ticks=30", "run.threads=4"}), one);
}

TEST(Determinism, LawChecksDoNotDisturb) {
    EXPECT_EQ(digest({"run.check_laws=true"}), digest({"run.check_laws=false"}));
}

TEST(Determinism, SeedsAndReplicatesDiffer) {
    const std::string first = digest({"run.seed=1"});
    EXPECT_EQ(digest({"run.seed=1"}), first);
    EXPECT_NE(digest({"run.seed=2"}), first);
    EXPECT_NE(digest({"run.replicate=1"}), first);
}

/// Runs that differ in one policy share all other noise.
TEST(Determinism, CommonRandomNumbersAcrossPolicies) {
    const auto shocks = [](const std::vector<std::string>& more) {
        const Scenario scenario = load_scenario(shipped("gallium_control.toml"), busy(more));
        Simulation simulation = build_simulation(scenario);
        NoObserver none;
        run(scenario, simulation, none);
        return std::vector<double>(simulation.world.nodes.demand_shock.begin(),
                                   simulation.world.nodes.demand_shock.end());
    };
    const std::vector<double> with = shocks({});
    EXPECT_GT(*std::max_element(with.begin(), with.end()), 0.0);
    EXPECT_EQ(with, shocks({"policy.gallium_licence.remove=true"}));
    EXPECT_NE(digest({}), digest({"policy.gallium_licence.remove=true"})) << "the licence has an effect";
    EXPECT_NE(with, shocks({"run.seed=2"}));
}

/// The order of the policy blocks of a scenario does not matter.
TEST(Determinism, PoliciesPermute) {
    const auto finished = [](bool reverse) {
        Scenario scenario = load_scenario(shipped("gallium_control.toml"),
                                          busy({"policy.duty={kind=\"export_control\",form=\"duty\",actor=\"CHN\","
                                                "goods=[\"*\"],start=\"2023-03\",duty_share=0.07}",
                                                "policy.extra={kind=\"export_control\",form=\"licence\",actor=\"CHN\","
                                                "goods=[\"gallium\"],start=\"2023-05\",approval_share=0.7}"}));
        if (reverse) {
            std::reverse(scenario.policies.begin(), scenario.policies.end());
        }
        Simulation simulation = build_simulation(scenario);
        NoObserver none;
        return run(scenario, simulation, none).digest;
    };
    EXPECT_EQ(finished(false), finished(true));
}

/// A copy of the World is a fork: it continues exactly as the original.
TEST(Determinism, ACopyOfTheWorldContinuesAlike) {
    const Scenario scenario = load_scenario(shipped("gallium_control.toml"), busy({}));
    Simulation straight = build_simulation(scenario);
    NoObserver none;
    Scenario half = load_scenario(shipped("gallium_control.toml"), busy({"run.ticks=7"}));
    run(half, straight, none);
    Simulation fork{straight.economy, straight.world, straight.base};
    run(half, straight, none);
    run(half, fork, none);
    EXPECT_EQ(digest_of(straight.world), digest_of(fork.world));
    EXPECT_EQ(digest_of(straight.world), digest({}));
}

}  // namespace
}  // namespace ytterby
