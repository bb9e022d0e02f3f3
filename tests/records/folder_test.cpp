#include "records/folder.hpp"

#include <gtest/gtest.h>

#include "core/config/diagnostics.hpp"
#include "records/csv.hpp"
#include "records/manifest.hpp"
#include "records/store/run_store.hpp"
#include "tests/records/scratch_folder.hpp"

namespace ytterby {
namespace {

namespace fs = std::filesystem;

/// Leaves a small finished run in a folder.
void leave_run(const fs::path& folder) {
    fs::create_directories(folder);
    write_manifest(Manifest{.status = "finished"}, folder);
    RunStore(folder).finish();
    export_csv(folder);
}

std::string refusal(const fs::path& folder, ExistingRun existing) {
    try {
        RunFolder taken(folder, existing);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST(RunFolder, DefaultNameComesFromConfigAndSeed) {
    EXPECT_EQ(default_run_folder("configs/gallium_2023.toml", 7), fs::path("runs/gallium_2023-7"));
}

TEST(RunFolder, TakesANewOrEmptyFolder) {
    const ScratchFolder scratch;
    const RunFolder made(scratch / "runs/baseline-1", ExistingRun::refuse);
    EXPECT_TRUE(fs::is_directory(scratch / "runs/baseline-1"));
    fs::create_directories(scratch / "empty");
    EXPECT_EQ(refusal(scratch / "empty", ExistingRun::refuse), "");
    EXPECT_EQ(refusal(scratch / "empty", ExistingRun::refuse), "") << "the lock alone does not make it full";
}

TEST(RunFolder, RefusesAnEarlierRunUnlessAskedAndTouchesNothing) {
    const ScratchFolder scratch;
    leave_run(scratch / "run");
    const std::string before = read_all(scratch / "run/run.sqlite");
    const std::string message = refusal(scratch / "run", ExistingRun::refuse);
    EXPECT_NE(message.find("--overwrite"), std::string::npos) << message;
    EXPECT_NE(message.find("it holds a finished run"), std::string::npos) << message;
    EXPECT_NE(message.find("--out " + (scratch / "run-2").string() + " to keep both"), std::string::npos) << message;
    EXPECT_EQ(message.find("--resume"), std::string::npos) << "nothing is left to run";
    EXPECT_EQ(read_all(scratch / "run/run.sqlite"), before);
    write_manifest(Manifest{.status = "interrupted", .ticks_planned = 24, .ticks_done = 5, .checkpoint_every = "year"},
                   scratch / "run");
    const std::string unfinished = refusal(scratch / "run", ExistingRun::refuse);
    EXPECT_NE(unfinished.find("5 of 24 ticks"), std::string::npos) << unfinished;
    EXPECT_NE(unfinished.find("--resume to go on with it"), std::string::npos) << unfinished;
    EXPECT_FALSE(fs::exists(scratch / "run" / lock_file)) << "a refusal leaves nothing behind";
}

TEST(RunFolder, OverwritingRemovesWhatYtterbyWroteAndNothingElse) {
    const ScratchFolder scratch;
    leave_run(scratch / "run");
    write_all(scratch / "run/notes.txt", "mine");
    write_all(scratch / "run/csv/mine.xlsx", "mine");
    fs::create_directories(scratch / "run/figures");
    write_all(scratch / "run/figures/run.sqlite", "mine");
    const RunFolder taken(scratch / "run", ExistingRun::overwrite);
    EXPECT_FALSE(fs::exists(scratch / "run/run.sqlite"));
    EXPECT_FALSE(fs::exists(scratch / "run/manifest.json"));
    EXPECT_FALSE(fs::exists(scratch / "run/csv/prices.csv"));
    EXPECT_TRUE(fs::exists(scratch / "run/notes.txt"));
    EXPECT_TRUE(fs::exists(scratch / "run/csv/mine.xlsx"));
    EXPECT_TRUE(fs::exists(scratch / "run/figures/run.sqlite"));
}

TEST(RunFolder, NeverOverwritesAFolderThatYtterbyDidNotWrite) {
    const ScratchFolder scratch;
    fs::create_directories(scratch / "thesis/csv");
    write_all(scratch / "thesis/csv/results.csv", "years of work");
    for (const ExistingRun existing : {ExistingRun::refuse, ExistingRun::overwrite, ExistingRun::resume}) {
        EXPECT_NE(refusal(scratch / "thesis", existing), "");
        EXPECT_TRUE(fs::exists(scratch / "thesis/csv/results.csv"));
        EXPECT_FALSE(fs::exists(scratch / "thesis" / lock_file));
    }
}

TEST(RunFolder, ResumesOnlyWhatIsThere) {
    const ScratchFolder scratch;
    EXPECT_NE(refusal(scratch / "missing", ExistingRun::resume), "");
    EXPECT_FALSE(fs::exists(scratch / "missing"));
    leave_run(scratch / "run");
    EXPECT_EQ(refusal(scratch / "run", ExistingRun::resume), "");
    EXPECT_TRUE(fs::exists(scratch / "run/run.sqlite"));
}

TEST(RunFolder, TwoRunsCannotShareAFolder) {
    const ScratchFolder scratch;
    leave_run(scratch / "run");
    {
        const RunFolder ours(scratch / "run", ExistingRun::resume);
        const std::string message = refusal(scratch / "run", ExistingRun::overwrite);
        EXPECT_NE(message.find("another run"), std::string::npos) << message;
        EXPECT_TRUE(fs::exists(scratch / "run/run.sqlite")) << "the other run's files stay";
    }
    EXPECT_EQ(refusal(scratch / "run", ExistingRun::overwrite), "");
}

TEST(RunFolder, RefusesAFileInItsPlace) {
    const ScratchFolder scratch;
    write_all(scratch / "run", "a file");
    EXPECT_NE(refusal(scratch / "run", ExistingRun::overwrite), "");
    EXPECT_EQ(read_all(scratch / "run"), "a file");
}

TEST(RunFolder, KnowsItsFiles) {
    EXPECT_TRUE(is_run_file("run.sqlite"));
    EXPECT_TRUE(is_run_file("csv/flows.csv"));
    EXPECT_TRUE(is_run_file("checkpoints/60.bin"));
    EXPECT_FALSE(is_run_file("flows.csv"));
    EXPECT_FALSE(is_run_file("csv/deeper/flows.csv"));
    EXPECT_FALSE(is_run_file("notes.txt"));
}

}  // namespace
}  // namespace ytterby
