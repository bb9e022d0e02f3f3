#include "experiments/execution/sweep_plan.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace ytterby {
namespace {

using testing::HasSubstr;

const std::string scenario = std::string(YTTERBY_SOURCE_DIR) + "/configs/gallium_control.toml";

/// Outlines need the scenario's tables; all plans share them.
const ScenarioFamily& family() {
    static const ScenarioFamily made(scenario, {});
    return made;
}

class SweepPlans : public testing::Test {
protected:
    void SetUp() override {
        folder_ =
            std::filesystem::path(testing::TempDir()) /
            ("plans-" + std::to_string(::getpid()) + testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    SweepPlan plan(const std::string& head = "replicates = 2\n", const std::string& levers = approval,
                   const std::string& metrics = "price = { of = \"price\", good = \"gallium.refined\" }\n") const {
        const std::string path = (folder_ / "design.toml").string();
        std::ofstream(path) << "schema = 1\nscenario = \"" + scenario + "\"\nset = [\"run.ticks=3\"]\n" + head +
                                   "[levers.licence]\nswitch = [\"gallium_licence\"]\n" + levers + "[metrics]\n" +
                                   metrics;
        return SweepPlan(read_design(path), family());
    }
    std::string refusal(const std::string& levers,
                        const std::string& metrics = "price = { of = \"price\", good = \"gallium.refined\" }\n") const {
        try {
            plan("replicates = 2\n", levers, metrics);
        } catch (const InputError& error) {
            return error.what();
        }
        return "nothing was refused";
    }
    static std::set<std::string> ids(const SweepPlan& plan) {
        std::set<std::string> found;
        for (std::size_t row = 0; row < plan.rows(); ++row) {
            found.insert(plan.run_id(row));
        }
        return found;
    }

    static constexpr const char* approval =
        "[levers.approval]\nkey = \"policy.gallium_licence.approval_share\"\nlist = [0.4, 0.8]\n";
    std::filesystem::path folder_;
};

TEST_F(SweepPlans, RowsAreCellsTimesReplicates) {
    const SweepPlan two = plan();
    ASSERT_EQ(two.rows(), 8U);
    EXPECT_EQ(two.cell_of(5), 2U);
    EXPECT_EQ(two.replicate_of(5), 1U);
    EXPECT_EQ(two.header_line(), "run_id,cell,replicate,licence,approval\r\n");
    EXPECT_EQ(two.line(5), two.run_id(5) + ",2,1,on,0.4\r\n");
    // Replicates have the same noise in every cell, and a run has one thread.
    EXPECT_THAT(two.overrides(5), testing::Contains("run.replicate=1"));
    EXPECT_THAT(two.overrides(7), testing::Contains("run.replicate=1"));
    EXPECT_THAT(two.overrides(0), testing::Contains("run.threads=1"));
}

TEST_F(SweepPlans, RowsOfTheSameRunShareIt) {
    const SweepPlan shared = plan();
    EXPECT_EQ(ids(shared).size(), 6U) << "a licence that is taken out has no approval share";
    EXPECT_EQ(shared.run_id(0), shared.run_id(2));
    EXPECT_NE(shared.run_id(0), shared.run_id(1)) << "replicates are different runs";
    EXPECT_NE(shared.run_id(4), shared.run_id(6));
    EXPECT_EQ(ids(plan("replicates = 2\ncommon_random_numbers = false\n")).size(), 8U)
        << "without common random numbers no two rows have the same noise";
}

TEST_F(SweepPlans, ARunIsIdentifiedByItsKeys) {
    const std::string seed = "[levers.seed]\nkey = \"run.seed\"\nlist = [1, 2]\n";
    EXPECT_EQ(ids(plan("replicates = 1\n", seed)).size(), 4U);
    EXPECT_EQ(
        ids(plan("replicates = 1\n", "[levers.same]\nkey = \"records.csv\"\nlist = [\"false\", \"true\"]\n")).size(),
        2U)
        << "a sweep writes no such files";
    EXPECT_EQ(plan("title = \"x\"\nreplicates = 2\n").run_id(4), plan().run_id(4));
    // What may change when a run is resumed, and what is recorded, belongs to a run all the same.
    for (const char* other :
         {"key = \"run.ticks\"\nlist = [3, 24]\n", "key = \"run.check_laws\"\nlist = [\"false\", \"true\"]\n",
          "key = \"records.every_ticks\"\nlist = [1, 3]\n"}) {
        for (const char* kind : {"full_factorial", "two_level", "one_at_a_time"}) {
            const SweepPlan differs = plan("replicates = 1\n[design]\nkind = \"" + std::string(kind) + "\"\n",
                                           "[levers.other]\n" + std::string(other));
            EXPECT_EQ(ids(differs).size(), differs.cells().points) << kind << ", " << other;
        }
    }
}

TEST_F(SweepPlans, CellsKnowTheirHorizonAndTheirNoise) {
    const SweepPlan months = plan("replicates = 1\n", "[levers.months]\nkey = \"run.ticks\"\nlist = [3, 24]\n");
    EXPECT_EQ(months.facts(0).ticks, 3);
    EXPECT_EQ(months.facts(1).ticks, 24);
    EXPECT_FALSE(months.facts(0).draws_in_time);
    const SweepPlan noise =
        plan("replicates = 1\n", "[levers.noise]\nkey = \"noise.supply_noise\"\nlist = [0, 0.02]\n");
    EXPECT_FALSE(noise.facts(0).draws_in_time);
    EXPECT_TRUE(noise.facts(1).draws_in_time);
}

TEST_F(SweepPlans, DatesAreLevels) {
    const SweepPlan dates = plan("replicates = 1\n",
                                 "[levers.begin]\nkey = \"policy.gallium_licence.start\"\nlist = "
                                 "[2023-08-01, \"2023-09\", 2023-10-01]\n");
    EXPECT_EQ(dates.cells().points, 6U);
    EXPECT_THAT(dates.line(1), HasSubstr("2023-09"));
    EXPECT_EQ(ids(dates).size(), 4U);
}

TEST_F(SweepPlans, RangesOfWholeKeysGiveWholeNumbers) {
    const SweepPlan firms =
        plan("replicates = 1\n", "[levers.firms]\nkey = \"population.firms\"\nrange = [100.0, 201.0]\nlevels = 3\n");
    EXPECT_THAT(firms.line(1), testing::AnyOf(HasSubstr(",150\r\n"), HasSubstr(",151\r\n")));
}

TEST_F(SweepPlans, TheIdentityFollowsWhatResultsDependOn) {
    const std::string whole = plan().identity();
    EXPECT_EQ(plan().identity(), whole);
    EXPECT_EQ(plan("title = \"another title\"\nreplicates = 2\n").identity(), whole);
    EXPECT_NE(plan("replicates = 3\n").identity(), whole);
    EXPECT_NE(
        plan("replicates = 2\n", approval, "price = { of = \"price\", good = \"gallium.refined\", take = \"max\" }\n")
            .identity(),
        whole);
    const std::string ruled = plan("replicates = 20\nuntil = \"ci(price) < 5\"\n").identity();
    EXPECT_NE(plan("replicates = 20\n").identity(), ruled);
    EXPECT_NE(plan("replicates = 20\nuntil = \"ci(price) < 4\"\n").identity(), ruled);
    EXPECT_NE(plan("replicates = 20\nuntil = \"ci(price) < 5\"\nleast_replicates = 12\n").identity(), ruled);
}

TEST_F(SweepPlans, ProblemsOfCellsNameTheLineOfTheDesign) {
    EXPECT_THAT(refusal("[levers.approval]\nkey = \"policy.gallium_licence.aproval_share\"\nlist = [0.4]\n"),
                HasSubstr("design.toml:8:7: error"));
    EXPECT_THAT(refusal("[levers.approval]\nkey = \"policy.gallium_licence.approval_share\"\nlist = [0.4, 1.4]\n"),
                HasSubstr("it comes from levers.approval = 1.4"));
    EXPECT_THAT(refusal(approval, "late = { of = \"price\", good = \"gallium.refined\", over = \"2030\" }\n"),
                HasSubstr("no run records all of 2030"));
}

}  // namespace
}  // namespace ytterby
