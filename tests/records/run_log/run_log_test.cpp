#include "records/run_log/run_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/records/scratch_folder.hpp"

namespace ytterby {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

std::string text_of(const std::filesystem::path& folder) {
    std::ifstream file(folder / run_log_file);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(RunLog, HasTimeLevelAndText) {
    const ScratchFolder folder;
    RunLog log(LogLevel::info);
    log.open(folder.path());
    log.write(LogLevel::info, "a line");
    log.flush();
    EXPECT_THAT(text_of(folder.path()),
                MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z info     a line\n"));
}

TEST(RunLog, KeepsToItsLevel) {
    const ScratchFolder folder;
    RunLog log(LogLevel::warning);
    log.open(folder.path());
    log.write(LogLevel::debug, "a detail");
    log.write(LogLevel::info, "a fact");
    log.write(LogLevel::warning, "a warning");
    log.write(LogLevel::error, "an error");
    EXPECT_THAT(text_of(folder.path()), AllOf(HasSubstr("a warning"), HasSubstr("an error"), Not(HasSubstr("a detail")),
                                              Not(HasSubstr("a fact"))));
}

TEST(RunLog, HoldsWhatIsSaidBeforeItHasAFile) {
    const ScratchFolder folder;
    RunLog log(LogLevel::info);
    log.write(LogLevel::warning, "early");
    log.open(folder.path());
    EXPECT_THAT(text_of(folder.path()), HasSubstr("early"));
}

TEST(RunLog, GoesOnAfterAnEarlierPart) {
    const ScratchFolder folder;
    for (const char* part : {"first part", "second part"}) {
        RunLog log(LogLevel::info);
        log.open(folder.path());
        log.write(LogLevel::info, part);
    }
    EXPECT_THAT(text_of(folder.path()), AllOf(HasSubstr("first part"), HasSubstr("second part")));
}

TEST(RunLog, AFileThatCannotBeWrittenIsReportedAndHarmsNothing) {
    const ScratchFolder folder;
    std::filesystem::create_directory(folder.path() / run_log_file);
    RunLog log(LogLevel::info);
    log.write(LogLevel::info, "held");
    log.open(folder.path());
    log.write(LogLevel::info, "lost");
    log.flush();
    EXPECT_THAT(log.trouble(), HasSubstr(run_log_file));
}

TEST(RunLog, LevelsHaveNames) {
    for (const std::string& name : log_level_names()) {
        EXPECT_TRUE(parse_log_level(name)) << name;
    }
    EXPECT_FALSE(parse_log_level("loud"));
}

}  // namespace
}  // namespace ytterby
