#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <vector>

#include "records/store/stored_run.hpp"
#include "tests/records/scratch_folder.hpp"
#include "tests/records/store/price_rows.hpp"

namespace ytterby {
namespace {

TEST(RunStore, ReadersSeeCommittedTicksWhileTheRunGoesOn) {
    const ScratchFolder folder;
    RunStore store(folder.path());
    write_tick(store, 0);
    const Database run = open_run(folder.path());
    EXPECT_EQ(count(run, "SELECT count(*) FROM prices"), 3);
    store.begin_tick(1, "2024-02");
    append_price(store, "gallium.refined", "JPN", 1.0);
    EXPECT_EQ(count(run, "SELECT count(*) FROM prices"), 3);
    store.end_tick();
    EXPECT_EQ(count(run, "SELECT count(*) FROM prices"), 4);
}

TEST(RunStore, DestructionKeepsWholeTicksAndDropsTheHalfOne) {
    for (const int ticks_per_commit : {1, 10}) {
        const ScratchFolder folder;
        {
            RunStore store(folder.path(), {.ticks_per_commit = ticks_per_commit});
            for (std::int64_t tick = 0; tick < 13; ++tick) {
                write_tick(store, tick);
            }
            store.begin_tick(13, "2025-02");
            for (int row = 0; row < 20; ++row) {
                append_price(store, "gallium.refined", "JPN", 1.0);
            }
        }
        const Database run = open_run(folder.path());
        EXPECT_EQ(count(run, "SELECT max(tick) FROM ticks"), 12) << ticks_per_commit;
        EXPECT_EQ(count(run, "SELECT count(*) FROM prices"), 39) << ticks_per_commit;
    }
}

TEST(RunStore, TheBackgroundWritesTheSameRowsInTheSameOrder) {
    const auto written = [](bool in_background) {
        const ScratchFolder folder;
        RunStore store(folder.path(), {.ticks_per_commit = 3, .in_background = in_background});
        store.name_code("known before the first tick");
        for (std::int64_t tick = 0; tick < 10; ++tick) {
            store.begin_tick(tick, "2024-01");
            for (int row = 0; row < 1500; ++row) {
                append_price(store, "gallium.refined", "C" + std::to_string(row % 90),
                             100.0 * static_cast<double>(tick) + row);
                if (row % 100 == 0) {
                    store.append(TableId::events, {"mothball", "USA", "", "firm " + std::to_string(row),
                                                   "closed in " + std::to_string(tick)});
                }
            }
            store.end_tick();
        }
        store.set_meta("config", "baseline");
        EXPECT_EQ(store.committed_tick(), 8);
        EXPECT_EQ(store.rows(TableId::prices), 15000);
        store.finish();
        EXPECT_EQ(store.committed_tick(), 9);
        std::string text;
        const Database run = open_run(folder.path());
        for (const char* table : {"prices", "events", "meta", "names", "ticks"}) {
            Statement row(run, std::string("SELECT * FROM ") + table);
            while (row.step()) {
                for (int column = 0; column < row.columns(); ++column) {
                    text += std::string(row.text(column)) + '|';
                }
                text += '\n';
            }
        }
        return text;
    };
    const std::string now = written(false);
    EXPECT_GT(now.size(), 500000U);
    EXPECT_EQ(now, written(true));
}

TEST(RunStore, TheBackgroundKeepsWholeTicksAndDropsTheHalfOne) {
    for (const int ticks_per_commit : {1, 10}) {
        const ScratchFolder folder;
        {
            RunStore store(folder.path(), {.ticks_per_commit = ticks_per_commit, .in_background = true});
            for (std::int64_t tick = 0; tick < 13; ++tick) {
                write_tick(store, tick);
            }
            store.begin_tick(13, "2025-02");
            for (int row = 0; row < 5000; ++row) {
                append_price(store, "gallium.refined", "JPN", 1.0);
            }
        }
        const Database run = open_run(folder.path());
        EXPECT_EQ(count(run, "SELECT max(tick) FROM ticks"), 12) << ticks_per_commit;
        EXPECT_EQ(count(run, "SELECT count(*) FROM prices"), 39) << ticks_per_commit;
    }
}

TEST(RunStore, AFullDiskStopsTheBackgroundWithAClearErrorAndLosesNothingCommitted) {
    const ScratchFolder folder;
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        RunStore store(folder.path(), {.in_background = true});
        write_tick(store, 0, 1000);
        static_cast<void>(store.committed_tick());
        const rlimit limit{2000000, 2000000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        std::string text;
        try {
            for (std::int64_t tick = 1; tick < 1000; ++tick) {
                write_tick(store, tick, 1000);
            }
            store.finish();
        } catch (const RecordError& error) {
            text = error.what();
        }
        bool closed = false;
        try {
            store.begin_tick(1000, "2099-01");
        } catch (const RecordError&) {
            closed = true;
        }
        const auto last = static_cast<int>(store.committed_tick());
        const bool clear = text.find("run.sqlite") != std::string::npos && text.find("disk") != std::string::npos &&
                           text.find("everything up to tick " + std::to_string(last) + " is kept") != std::string::npos;
        ::_exit(clear && closed && last < 250 ? last : 255);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    const int last = WEXITSTATUS(status);
    ASSERT_LT(last, 250);
    const Database run = open_run(folder.path());
    EXPECT_EQ(count(run, "SELECT count(*) FROM prices"), 1000 * (last + 1));
    EXPECT_EQ(count(run, "SELECT max(tick) FROM ticks"), last);
}

TEST(RunStore, WhatIsCommittedSurvivesSigkill) {
    const ScratchFolder folder;
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(::pipe(pipe_ends.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        RunStore store(folder.path());
        for (std::int64_t tick = 0;; ++tick) {
            write_tick(store, tick, 500);
            const char letter = 'x';
            if (tick == 40 && ::write(pipe_ends[1], &letter, 1) != 1) {
                ::_exit(1);
            }
        }
    }
    ::close(pipe_ends[1]);
    char letter = 0;
    EXPECT_EQ(::read(pipe_ends[0], &letter, 1), 1);
    ::close(pipe_ends[0]);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));

    const Database run = open_run(folder.path());
    const std::int64_t ticks = count(run, "SELECT count(*) FROM ticks");
    EXPECT_GE(ticks, 41);
    EXPECT_EQ(count(run, "SELECT count(*) FROM prices"), 500 * ticks) << "only whole ticks";
    Statement check(run, "PRAGMA integrity_check");
    ASSERT_TRUE(check.step());
    EXPECT_EQ(check.text(0), "ok");
}

TEST(RunStore, AFullDiskIsAClearErrorAndLosesNothingCommitted) {
    const ScratchFolder folder;
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        // A limit on the size of files stands in for a full disk: writes beyond it fail.
        ::signal(SIGXFSZ, SIG_IGN);
        RunStore store(folder.path());
        write_tick(store, 0, 1000);
        const rlimit limit{200000, 200000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        std::int64_t last = 0;
        try {
            for (std::int64_t tick = 1; tick < 100; ++tick) {
                write_tick(store, tick, 1000);
                last = tick;
            }
        } catch (const RecordError& error) {
            const std::string text = error.what();
            const bool clear =
                text.find("run.sqlite") != std::string::npos && text.find("disk") != std::string::npos &&
                text.find("everything up to tick " + std::to_string(last) + " is kept") != std::string::npos;
            bool closed = false;
            try {
                store.begin_tick(1000, "2099-01");
            } catch (const RecordError&) {
                closed = true;
            }
            ::_exit(clear && closed && store.committed_tick() == last ? static_cast<int>(last) : 255);
        }
        ::_exit(254);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    const int last = WEXITSTATUS(status);
    ASSERT_LT(last, 254);
    const Database run = open_run(folder.path());
    EXPECT_EQ(count(run, "SELECT count(*) FROM prices"), 1000 * (last + 1));
    EXPECT_EQ(count(run, "SELECT max(tick) FROM ticks"), last);
}

}  // namespace
}  // namespace ytterby
