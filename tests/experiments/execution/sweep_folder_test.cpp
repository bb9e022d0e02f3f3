#include "experiments/execution/sweep_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/config/diagnostics.hpp"

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
    for (const char* name : {"plan.csv", "design.toml", "manifest.json", "sweep.toml.tmp"}) {
        leave(name);
    }
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

}  // namespace
}  // namespace ytterby
