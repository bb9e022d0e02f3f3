#include "experiments/execution/sweep_rounds.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace ytterby {
namespace {

using testing::HasSubstr;

constexpr std::uint32_t most = 40;
constexpr std::size_t cells = 3;

/// A sweep of three cells and at most 40 replicates whose runs are made up; the third cell may share those of the
/// second.
class Rounds : public testing::Test {
protected:
    void SetUp() override {
        folder_ =
            std::filesystem::path(testing::TempDir()) /
            ("rounds-" + std::to_string(::getpid()) + testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::create_directories(folder_);
        state_.rows = cells * most;
        state_.replicates = most;
        state_.least_replicates = 10;
        state_.until = "ci(price) < 0.4";
        state_.metrics = {{.name = "price", .of = {}, .unit = {}, .subject = {}, .over = {}, .take = {}}};
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    static Fingerprint run(std::size_t row) { return {.high = 1, .low = row >= 2 * most ? row - most : row}; }
    static std::vector<Fingerprint> runs() {
        std::vector<Fingerprint> list;
        for (std::size_t row = 0; row < cells * most; ++row) {
            list.push_back(run(row));
        }
        return list;
    }
    /// Replicates swing by 1 in the first cell and by `swing_` in the others.
    RunRecord record(std::size_t row) const {
        const double size = row < most ? 1.0 : swing_;
        return {.run = run(row), .error = {}, .values = {row % 2 == 0 ? size : -size}};
    }
    SegmentReader reader() const { return SegmentReader(folder_, "plan", 1); }
    /// Does all runs that are wanted, forwards or backwards, but at most `at_most` of them.
    std::uint32_t run_rounds(SweepRounds& rounds, const SweepLedger& ledger, bool backwards, std::size_t at_most,
                             std::vector<RunRecord>& finished) const {
        std::uint32_t before = 0;
        while (before < rounds.replicates()) {
            std::vector<std::size_t> due;
            for (std::size_t row = 0; row < ledger.rows(); ++row) {
                if (ledger.is_leader(row) && rounds.is_wanted(row) && row % most >= before &&
                    ledger.state(row) == SweepLedger::State::unplayed) {
                    due.push_back(row);
                }
            }
            if (backwards) {
                std::reverse(due.begin(), due.end());
            }
            before = rounds.replicates();
            for (const std::size_t row : due) {
                if (at_most-- == 0) {
                    return rounds.replicates();
                }
                finished.push_back(record(row));
                rounds.settle(row, finished.back());
            }
        }
        return rounds.replicates();
    }

    std::filesystem::path folder_;
    SweepState state_;
    double swing_ = 0.5;
};

TEST_F(Rounds, GoOnUntilTheRuleHoldsInEveryCell) {
    const SweepLedger ledger(runs());
    SweepRounds rounds(state_, ledger, reader(), false);
    EXPECT_EQ(rounds.replicates(), 10U);
    EXPECT_TRUE(rounds.rule_text().empty()) << "the rule was not asked yet";
    std::vector<RunRecord> finished;
    const std::uint32_t needed = run_rounds(rounds, ledger, false, 1000, finished);
    EXPECT_TRUE(rounds.is_decided());
    EXPECT_GT(needed, 10U) << "the first cell swings too much for ten";
    EXPECT_LT(needed, most);
    EXPECT_EQ(finished.size(), 2 * needed) << "cells that share runs do not repeat them";
    EXPECT_THAT(rounds.rule_text(), HasSubstr("met after " + std::to_string(needed) + " replicates of each cell"));
    // Student: 2.06 / sqrt(27) < 0.4; the estimate from ten values asks for a few more.
    EXPECT_GE(needed, 26U);
    EXPECT_LE(needed, 32U);
}

TEST_F(Rounds, AreTheSameInAnyOrderAndAfterAnyInterruption) {
    const SweepLedger ledger(runs());
    std::vector<RunRecord> all;
    SweepRounds straight(state_, ledger, reader(), false);
    const std::uint32_t needed = run_rounds(straight, ledger, false, 1000, all);
    for (const std::size_t first_part : {0, 3, 20, 57}) {
        std::filesystem::remove_all(folder_ / "segments");
        std::vector<RunRecord> finished;
        SweepRounds begun(state_, ledger, reader(), false);
        run_rounds(begun, ledger, true, first_part, finished);
        {
            SegmentWriter writer(folder_, "plan");
            for (const RunRecord& one : finished) {
                writer.append(one);
            }
        }
        SweepLedger kept(runs());
        kept.take_all(reader());
        SweepRounds resumed(state_, kept, reader(), false);
        EXPECT_EQ(run_rounds(resumed, kept, false, 1000, finished), needed) << first_part;
        EXPECT_EQ(finished.size(), all.size()) << "no run is repeated";
        EXPECT_EQ(resumed.rule_text(), straight.rule_text());
    }
}

TEST_F(Rounds, EndAtTheMostAndSaySo) {
    swing_ = 5.0;
    const SweepLedger ledger(runs());
    SweepRounds rounds(state_, ledger, reader(), false);
    std::vector<RunRecord> finished;
    EXPECT_EQ(run_rounds(rounds, ledger, false, 1000, finished), most);
    EXPECT_TRUE(rounds.is_decided());
    EXPECT_THAT(rounds.rule_text(), HasSubstr("not met after 40 replicates of each cell, the most"));
}

TEST_F(Rounds, SparedRowsCountAsSuchEvenIfTheyWereRun) {
    swing_ = 0.0;
    state_.until = "ci(price) < 3";
    {
        SegmentWriter writer(folder_, "plan");
        for (std::size_t row = 0; row < 2 * most; ++row) {
            if (row % most <= 10) {
                writer.append(record(row));  // one replicate more than was needed
            }
        }
    }
    SweepLedger ledger(runs());
    ledger.take_all(reader());
    const SweepStanding standing = standing_of(state_, std::move(ledger), reader());
    EXPECT_EQ(standing.replicates, 10U);
    const SweepCount count = standing.ledger.count();
    EXPECT_EQ(count.planned, 120U);
    EXPECT_EQ(count.ok, 30U);
    EXPECT_EQ(count.spared, 90U);
    EXPECT_EQ(count.unplayed(), 0U);
    EXPECT_EQ(count.runs, 20U);
}

TEST_F(Rounds, AFailedRunGivesNoValueUnlessItIsRetried) {
    swing_ = 0.0;
    state_.until = "ci(price) < 3";
    {
        SegmentWriter writer(folder_, "plan");
        for (std::size_t row = 0; row < 2 * most; ++row) {
            if (row % most < 10) {
                RunRecord one = record(row);
                one.error = row == 4 ? "out of luck" : "";
                one.values.resize(row == 4 ? 0 : 1);
                writer.append(one);
            }
        }
    }
    SweepLedger ledger(runs());
    ledger.take_all(reader());
    EXPECT_EQ(SweepRounds(state_, ledger, reader(), false).replicates(), 11U)
        << "one more for the value that is missing";
    SweepRounds again(state_, ledger, reader(), true);
    EXPECT_EQ(again.replicates(), 10U);
    EXPECT_FALSE(again.is_decided());
    again.settle(4, record(4));
    EXPECT_TRUE(again.is_decided());
    EXPECT_EQ(again.replicates(), 10U);
}

TEST_F(Rounds, WithoutARuleAllReplicatesAreRun) {
    state_.until.clear();
    const SweepLedger ledger(runs());
    const SweepRounds rounds(state_, ledger, reader(), false);
    EXPECT_EQ(rounds.replicates(), most);
    EXPECT_TRUE(rounds.is_decided());
    EXPECT_FALSE(rounds.has_rule());
}

}  // namespace
}  // namespace ytterby
