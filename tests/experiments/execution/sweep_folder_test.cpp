#include "experiments/execution/sweep_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/config/diagnostics.hpp"
#include "core/digest.hpp"
#include "records/manifest.hpp"
#include "records/store/sqlite.hpp"

namespace ytterby {
namespace {

namespace fs = std::filesystem;

class SweepFolders : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("folders-" + std::to_string(::getpid()) +
                                                  testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    void leave(const std::string& name) const { std::ofstream(folder_ / name) << "something"; }
    fs::path folder_;
};

TEST_F(SweepFolders, OneThatWasCutOffBeforeItsStateMayBeUsedAgain) {
    for (const char* name : {"plan.csv", "design.toml", "sweep.toml.tmp"}) {
        leave(name);
    }
    EXPECT_THROW(SweepFolder(folder_, false), InputError) << "nothing shows that a sweep wrote them";
    EXPECT_THROW(SweepFolder(folder_, true), InputError);
    EXPECT_TRUE(fs::exists(folder_ / "plan.csv"));
    write_manifest(Manifest{.written = {"plan.csv", "sweep.toml"}, .config_json = "{}"}, folder_);
    EXPECT_FALSE(SweepFolder(folder_, false).is_begun());
    EXPECT_NO_THROW(SweepFolder(folder_, true));
    EXPECT_FALSE(fs::exists(folder_ / "manifest.json"));
    EXPECT_FALSE(fs::exists(folder_ / "plan.csv"));
}

TEST_F(SweepFolders, TheFolderOfARunIsRefused) {
    leave("manifest.json");
    EXPECT_THROW(SweepFolder(folder_, false), InputError);
    EXPECT_THROW(SweepFolder(folder_, true), InputError);
    EXPECT_TRUE(fs::exists(folder_ / "manifest.json"));
}

TEST_F(SweepFolders, APlanIsReadOnlyAsItWasWritten) {
    const std::string run = "0123456789abcdef0123456789abcdef";
    const auto runs_of = [&](const std::string& plan) {
        std::ofstream(folder_ / "plan.csv", std::ios::binary) << plan;
        SweepState state;
        state.plan_digest = Digest().add_bytes(plan.data(), plan.size()).hex();
        state.rows = 2;
        state.replicates = 2;
        state.factors = {{"approval", "lever", "", ""}};
        return read_planned_runs(folder_, state).size();
    };
    const std::string head = "run_id,cell,replicate,approval\r\n";
    EXPECT_EQ(runs_of(head + run + ",0,0,0.4\r\n" + run + ",0,1,0.4\r\n"), 2U);
    for (const char* other :
         {"run_id,cell,replicate,\"approval\"\" TEXT); DROP TABLE results; --\"\r\n", "run_id,cell,replicate\r\n",
          "run_id,cell,replicate,x y,approval\r\n", "run_id,cell,replicate,screening\r\n"}) {
        EXPECT_THROW(runs_of(other + run + ",0,0,0.4\r\n" + run + ",0,1,0.4\r\n"), InputError) << other;
    }
    for (const char* row :
         {"=cmd(),0,1,0.4", "0123456789abcdef0123456789abcdef=cmd(),0,1,0.4",
          "0123456789abcdef0123456789abcdef,=cmd(),1,0.4", "0123456789abcdef0123456789abcdef,0,0,0.4"}) {
        EXPECT_THROW(runs_of(head + run + ",0,0,0.4\r\n" + row + "\r\n"), RecordError) << row;
    }
    std::ofstream(folder_ / "plan.csv", std::ios::app) << "more";
    SweepState other_plan;
    other_plan.plan_digest = "0";
    EXPECT_THROW(require_plan(folder_, other_plan), InputError);
}

}  // namespace
}  // namespace ytterby
