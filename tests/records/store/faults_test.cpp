#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "core/config/diagnostics.hpp"
#include "records/store/stored_run.hpp"
#include "tests/records/scratch_folder.hpp"
#include "tests/records/store/faulty_files.hpp"
#include "tests/records/store/price_rows.hpp"

namespace ytterby {
namespace {

constexpr std::int64_t ticks = 6;
constexpr std::int64_t kept_ticks = 4;  // ticks 0 to 3 are those of the checkpoint
constexpr int rows = 900;               // pages enough that the log is written in many calls

/// Writes what is left of the run and ends it; returns the fingerprints of all its rows.
std::vector<std::string> write_rest(RunStore& store) {
    for (std::int64_t tick = kept_ticks; tick < ticks; ++tick) {
        write_tick(store, tick, rows);
    }
    store.finish();
    return store.row_digests();
}

/// Begins a run; returns the fingerprints of the rows that its checkpoint covers.
std::vector<std::string> begin(RunStore& store) {
    for (std::int64_t tick = 0; tick < kept_ticks; ++tick) {
        write_tick(store, tick, rows);
    }
    store.commit();
    return store.row_digests();
}

/// A run in a process of its own in which a call of the last two ticks or of the end goes wrong.
int run_with_fault(const ScratchFolder& folder, Fault fault, std::int64_t call) {
    const pid_t child = ::fork();
    if (child == 0) {
        try {
            use_faulty_files();
            RunStore store(folder.path(), {.outlasts_power_cut = true});
            begin(store);
            watch_files(fault, call);
            write_rest(store);
        } catch (const RecordError&) {
            ::_exit(3);
        } catch (...) {
            ::_exit(4);
        }
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class Faults : public testing::Test {
protected:
    void SetUp() override {
        const ScratchFolder folder;
        RunStore store(folder.path());
        checkpoint_ = begin(store);
        whole_ = write_rest(store);
        calls_ = count_calls();
    }

    /// How many calls there are after the checkpoint.
    static std::int64_t count_calls() {
        const ScratchFolder folder;
        int ends[2];
        EXPECT_EQ(::pipe(ends), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            use_faulty_files();
            RunStore store(folder.path(), {.outlasts_power_cut = true});
            begin(store);
            watch_files(Fault::none, 0);
            write_rest(store);
            const std::int64_t found = calls_of_files();
            ::_exit(::write(ends[1], &found, sizeof found) == sizeof found ? 0 : 1);
        }
        std::int64_t found = 0;
        EXPECT_EQ(::read(ends[0], &found, sizeof found), static_cast<ssize_t>(sizeof found));
        int status = 0;
        ::waitpid(child, &status, 0);
        ::close(ends[0]);
        ::close(ends[1]);
        return found;
    }

    /// The run goes on from its checkpoint, without a loss, whatever call went wrong.
    void stop_at(Fault fault, std::int64_t call) const {
        SCOPED_TRACE((fault == Fault::end ? "ended at call " : "refused from call ") + std::to_string(call));
        const ScratchFolder folder;
        const int code = run_with_fault(folder, fault, call);
        // A log that cannot be merged into the file at the end stays beside it: no failure.
        ASSERT_TRUE(fault == Fault::end ? code == 9 : code == 3 || code == 0) << code;
        ASSERT_GE(last_recorded_tick(folder.path()), kept_ticks - 1);
        ASSERT_NO_THROW(require_same_rows(folder.path(), kept_ticks - 1, checkpoint_));
        RunStore store(folder.path(),
                       {.resume = true, .resume_after_tick = kept_ticks - 1, .resume_digests = checkpoint_});
        ASSERT_EQ(write_rest(store), whole_);
        ASSERT_NO_THROW(require_same_rows(folder.path(), ticks - 1, whole_));
        ASSERT_EQ(count(open_run(folder.path()), "SELECT count(*) FROM prices"), rows * ticks);
    }

    void stop_at_every(Fault fault, std::int64_t stride) const {
        ASSERT_GT(calls_, 50);
        for (std::int64_t call = 1; call <= calls_ && !HasFatalFailure(); call += stride) {
            stop_at(fault, call);
        }
        std::printf("%lld calls, every %lld was tried\n", static_cast<long long>(calls_),
                    static_cast<long long>(stride));
    }

    std::vector<std::string> checkpoint_, whole_;
    std::int64_t calls_ = 0;
};

TEST_F(Faults, KilledAtTheLastCalls) {
    for (std::int64_t call = std::max<std::int64_t>(1, calls_ - 40); call <= calls_ && !HasFatalFailure(); ++call) {
        stop_at(Fault::end, call);
    }
}

TEST_F(Faults, SlowKilledAtEveryCall) { stop_at_every(Fault::end, 1); }

TEST_F(Faults, SlowRefusedFromEveryCall) { stop_at_every(Fault::refuse, 1); }

TEST(RowFingerprints, AreThoseOfTheFile) {
    const ScratchFolder folder;
    std::vector<std::string> kept, whole;
    {
        RunStore store(folder.path());
        kept = begin(store);
        whole = write_rest(store);
    }
    EXPECT_NE(kept, whole);
    EXPECT_NO_THROW(require_same_rows(folder.path(), kept_ticks - 1, kept));
    EXPECT_NO_THROW(require_same_rows(folder.path(), ticks - 1, whole));
    EXPECT_THROW(require_same_rows(folder.path(), ticks - 1, kept), InputError);
    EXPECT_THROW(require_same_rows(folder.path(), ticks - 1, {"prices 12"}), InputError);
}

TEST(RowFingerprints, ShowEveryChangeOfARow) {
    for (const char* change :
         {"UPDATE prices_data SET supply_price_usd_per_t = supply_price_usd_per_t + 1e-9 WHERE rowid = 7",
          "UPDATE prices_data SET supply_price_usd_per_t = NULL WHERE rowid = 7",
          "DELETE FROM prices_data WHERE rowid = 7", "UPDATE names SET name = 'gallium.ore' WHERE code = 1",
          "UPDATE ticks SET date = '2030-01' WHERE tick = 2", "UPDATE spans SET tick = 1 WHERE tick = 2",
          "DELETE FROM spans WHERE tick = 2", "UPDATE prices_data SET supply_price_usd_per_t = 'text' WHERE rowid = 7",
          "DELETE FROM ticks WHERE tick = 1"}) {
        const ScratchFolder folder;
        std::vector<std::string> whole;
        {
            RunStore store(folder.path());
            begin(store);
            whole = write_rest(store);
        }
        Database((folder / "run.sqlite").string(), DatabaseAccess::write).execute(change);
        EXPECT_THROW(require_same_rows(folder.path(), ticks - 1, whole), InputError) << change;
    }
}

TEST(RowFingerprints, AFileWithAnotherViewIsRefused) {
    for (const char* change :
         {"DROP VIEW prices; CREATE VIEW prices AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
          "SELECT x AS "
          "tick FROM c",
          "CREATE TRIGGER t AFTER INSERT ON ticks BEGIN DELETE FROM names; END", "DROP VIEW flows"}) {
        const ScratchFolder folder;
        RunStore(folder.path()).finish();
        EXPECT_NO_THROW(open_run(folder.path()));
        Database((folder / "run.sqlite").string(), DatabaseAccess::write).execute(change);
        EXPECT_THROW(open_run(folder.path()), InputError) << change;
    }
}

}  // namespace
}  // namespace ytterby
