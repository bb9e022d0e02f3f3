#include "records/checkpoint/checkpoint.hpp"

#include <gtest/gtest.h>

#include "records/checkpoint/match.hpp"
#include "tests/records/scratch_folder.hpp"

namespace ytterby {
namespace {

TEST(CheckpointFiles, TheNewestAreKept) {
    const ScratchFolder folder;
    std::vector<double> state{1.0, 2.0};
    const StateWalk walk = [&](StateVisitor& visit) { visit("state", state); };
    for (const std::int64_t tick : {12, 24, 36}) {
        state[0] = static_cast<double>(tick);
        save_checkpoint(folder.path(), {.tick = tick, .overrides = {"a=1", "", "b=2"}}, walk, 2);
    }
    EXPECT_EQ(checkpoints_in(folder.path()), (std::vector<std::int64_t>{24, 36}));
    Checkpoint checkpoint(folder.path(), 24);
    EXPECT_EQ(checkpoint.origin().tick, 24);
    EXPECT_EQ(checkpoint.origin().overrides, (std::vector<std::string>{"a=1", "", "b=2"}));
    checkpoint.load(walk);
    EXPECT_EQ(state, (std::vector<double>{24.0, 2.0}));
    write_all(folder / "checkpoints/tick-000048.bin.tmp", "half");
    remove_checkpoints_after(folder.path(), 24);
    EXPECT_EQ(checkpoints_in(folder.path()), (std::vector<std::int64_t>{24}));
    EXPECT_FALSE(std::filesystem::exists(folder / "checkpoints/tick-000048.bin.tmp"));
    EXPECT_THROW(Checkpoint(folder.path(), 36), DamagedCheckpoint);
}

TEST(CheckpointFiles, Rhythm) {
    const Calendar calendar({2023, 11, 1}, TickLength::month);
    const auto due = [&](const char* text) {
        std::vector<std::int64_t> ticks;
        for (std::int64_t tick = 0; tick <= 15; ++tick) {
            if (CheckpointRhythm::parse(text)->due(tick, calendar)) {
                ticks.push_back(tick);
            }
        }
        return ticks;
    };
    EXPECT_EQ(due("year"), (std::vector<std::int64_t>{2, 14}));
    EXPECT_EQ(due("quarter"), (std::vector<std::int64_t>{2, 5, 8, 11, 14}));
    EXPECT_EQ(due("7"), (std::vector<std::int64_t>{0, 7, 14}));
    EXPECT_EQ(due("month").size(), 15U);
    for (const char* text : {"", "0", "-3", "12x", "decade", "1.5"}) {
        EXPECT_FALSE(CheckpointRhythm::parse(text)) << text;
    }
}

TEST(CheckpointFiles, ConfigsAreComparedByValue) {
    const auto differences = config_differences(
        R"({"a": {"x": {"value": 1, "origin": "default"}, "gone": {"value": "y", "origin": "f"}}, "list": {"value": [1, 2], "origin": "f"}})",
        R"({"a": {"x": {"value": 1, "origin": "file:3:4"}}, "list": {"value": [1, 3], "origin": "f"}})");
    ASSERT_EQ(differences.size(), 2U);
    EXPECT_EQ(differences[0].key, "a.gone");
    EXPECT_EQ(differences[0].before, "y");
    EXPECT_EQ(differences[0].after, "");
    EXPECT_EQ(differences[1].key, "list");
    EXPECT_EQ(differences[1].after, "1, 3");
}

TEST(CheckpointFiles, AnotherProgramOrOtherDataAreReported) {
    const CheckpointOrigin origin{.tick = 3, .version = "1", .commit = "a", .compiler = "g", .data = {"use.csv 12"}};
    EXPECT_EQ(program_difference(origin, {.version = "1", .commit = "a", .compiler = "g", .flags = "-O1"}), "");
    EXPECT_NE(program_difference(origin, {.version = "2", .commit = "a", .compiler = "g"}), "");
    EXPECT_NE(program_difference(origin, {.version = "1", .commit = "b", .compiler = "g"}), "");
    EXPECT_NE(program_difference(origin, {.version = "1", .commit = "a", .compiler = "c"}), "");
    EXPECT_NO_THROW(require_same_data(origin, {"use.csv 12"}));
    EXPECT_THROW(require_same_data(origin, {"use.csv 13"}), InputError);
    EXPECT_THROW(require_same_data(origin, {}), InputError);
}

}  // namespace
}  // namespace ytterby
