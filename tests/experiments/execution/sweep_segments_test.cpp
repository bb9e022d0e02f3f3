#include "experiments/execution/sweep_segments.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <limits>
#include <sstream>

#include "core/config/diagnostics.hpp"
#include "experiments/execution/sweep_ledger.hpp"
#include "records/store/sqlite.hpp"

namespace ytterby {
namespace {

namespace fs = std::filesystem;

class SweepSegments : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("segments-" + std::to_string(::getpid()) +
                                                  testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::vector<RunRecord> all() const {
        std::vector<RunRecord> list;
        SegmentReader(folder_, "id", 2).each([&](const RunRecord& record, const RecordPlace&) {
            list.push_back(record);
        });
        return list;
    }
    fs::path folder_;
};

const RunRecord good{.run = {1, 2}, .error = {}, .values = {0.1, -1.0 / 3.0}};
const RunRecord bad{.run = {3, 4}, .error = "two\nlines, a \"quote\" and \\", .values = {}};

TEST_F(SweepSegments, LinesReadBackTheSame) {
    for (const RunRecord& record :
         {good, bad, RunRecord{.run = {5, 6}, .error = {}, .values = {5e-324, std::numeric_limits<double>::max()}}}) {
        RunRecord read;
        ASSERT_TRUE(parse_record(record_line(record), 2, read)) << record_line(record);
        EXPECT_EQ(read.run, record.run);
        EXPECT_EQ(read.error, record.error);
        EXPECT_EQ(read.values, record.values);
    }
}

TEST_F(SweepSegments, ADamagedLineIsSeen) {
    RunRecord read;
    const std::string line = record_line(good);
    for (std::size_t place = 0; place < line.size(); ++place) {
        std::string broken = line;
        broken[place] = broken[place] == '7' ? '8' : '7';
        EXPECT_FALSE(parse_record(broken, 2, read)) << broken;
        EXPECT_FALSE(parse_record(line.substr(0, place), 2, read));
    }
    EXPECT_FALSE(parse_record(line, 3, read)) << "of another number of metrics";
}

TEST_F(SweepSegments, ATornEndCostsOnlyItself) {
    {
        SegmentWriter writer(folder_, "id");
        writer.append(good);
        writer.append(bad);
    }
    const fs::path file = folder_ / "segments/segment-000001.txt";
    const auto size = fs::file_size(file);
    fs::resize_file(file, size - 9);
    EXPECT_EQ(all().size(), 1U);
    {
        SegmentWriter writer(folder_, "id");
        writer.append(bad);
    }
    ASSERT_EQ(all().size(), 2U);
    EXPECT_EQ(all()[1].error, bad.error);
    EXPECT_EQ(fs::file_size(file), size - 9) << "existing segments are never written to again";
    fs::resize_file(folder_ / "segments/segment-000002.txt", 10);
    EXPECT_EQ(all().size(), 1U) << "torn in its first line";
}

TEST_F(SweepSegments, SegmentsOfAnotherSweepAreRefused) {
    { SegmentWriter writer(folder_, "other"); }
    EXPECT_THROW(SegmentReader(folder_, "id", 2), InputError);
}

TEST_F(SweepSegments, TheLedgerCountsEachRunOnce) {
    const Fingerprint shared{1, 2}, failing{3, 4}, missing{9, 9};
    {
        SegmentWriter writer(folder_, "id");
        writer.append(bad);
        writer.append(good);
        writer.append(good);
        writer.append({.run = {3, 4}, .error = "again", .values = {}});
        writer.append({.run = {1, 2}, .error = "late", .values = {}});
        writer.append({.run = {7, 7}, .error = {}, .values = {1.0, 2.0}});
    }
    SweepLedger ledger({shared, failing, missing, shared});
    const SegmentReader reader(folder_, "id", 2);
    ledger.take_all(reader);
    const SweepCount count = ledger.count();
    EXPECT_EQ(count.planned, 4U);
    EXPECT_EQ(count.runs, 3U);
    EXPECT_EQ(count.ok, 2U);
    EXPECT_EQ(count.failed, 1U);
    EXPECT_EQ(count.unplayed(), 1U);
    EXPECT_EQ(ledger.leader(3), 0U);
    EXPECT_FALSE(ledger.is_leader(3));
    EXPECT_EQ(reader.at(ledger.place(3)).values, good.values);
    EXPECT_EQ(reader.at(ledger.place(1)).error, "again") << "among failures the last counts";
    EXPECT_EQ(ledger.state(2), SweepLedger::State::unplayed);
}

TEST_F(SweepSegments, TwoResultsOfOneRunAreAnError) {
    {
        SegmentWriter writer(folder_, "id");
        writer.append(good);
        writer.append({.run = {1, 2}, .error = {}, .values = {0.1, 0.2}});
    }
    SweepLedger ledger({{1, 2}});
    EXPECT_THROW(ledger.take_all(SegmentReader(folder_, "id", 2)), RecordError);
}

}  // namespace
}  // namespace ytterby
