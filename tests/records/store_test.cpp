#include "records/store.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <limits>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"
#include "records/sqlite.hpp"
#include "tests/records/scratch_folder.hpp"

namespace ytterby {
namespace {

std::int64_t count(const Database& run, const std::string& sql) {
  Statement query(run, sql);
  query.step();
  return query.integer(0);
}

void append_price(RunStore& store, std::string_view good, std::string_view country, double price) {
  store.append(TableId::prices, {good, country, price, price, nullptr, 1.0, price, 0.0, price, 0.0, nullptr, 0.0, nullptr, 0.0, price});
}

void write_tick(RunStore& store, std::int64_t tick, int rows = 3) {
  store.begin_tick(tick, "2024-01");
  for (int row = 0; row < rows; ++row) append_price(store, "gallium.refined", "C" + std::to_string(row), 100.0 + row);
  store.end_tick();
}

TEST(RunStore, ReadsBackWhatWasWritten) {
  const ScratchFolder folder;
  RunStore store(folder.path());
  store.begin_tick(0, "2024-01");
  const double awkward = 0.1 + 0.2;
  store.append(TableId::prices, {"gallium.refined", "JPN", awkward, 1e300, nullptr, -0.0, 5e-324, 0.0, nullptr, 0.0, nullptr, 0.0, nullptr, 0.0, 1.0});
  store.append(TableId::flows, {"gallium.refined", "CHN", "JPN", 1.5, 0.5, 2, 3.0, 0.0, 0.0, 0.25, 0.0, 0.0,
                                std::numeric_limits<double>::infinity()});
  store.append(TableId::events, {"mothball", "USA", "", "Mountain Pass", "said \"enough\", and closed"});
  store.end_tick();
  store.set_meta("config", "baseline");
  store.set_meta("config", "baseline 2");
  store.finish();

  const Database run = open_run(folder.path());
  Statement price(run, "SELECT * FROM prices WHERE good = 'gallium.refined'");
  ASSERT_TRUE(price.step());
  ASSERT_EQ(price.columns(), static_cast<int>(schema_of(TableId::prices).fields.size()));
  for (int i = 0; i < price.columns(); ++i) {
    EXPECT_EQ(price.column_name(i), schema_of(TableId::prices).fields[static_cast<std::size_t>(i)].name);
  }
  EXPECT_EQ(price.integer(0), 0);
  EXPECT_EQ(price.text(1), "2024-01");
  EXPECT_EQ(price.text(3), "JPN");
  EXPECT_EQ(price.real(4), awkward);
  EXPECT_EQ(price.real(5), 1e300);
  EXPECT_TRUE(price.is_null(6));
  EXPECT_EQ(price.real(8), 5e-324);
  EXPECT_FALSE(price.step());

  Statement flow(run, "SELECT fob_usd, cap_tonnes FROM flows WHERE origin = 'CHN' AND destination = 'JPN'");
  ASSERT_TRUE(flow.step());
  EXPECT_EQ(flow.real(0), 2.0);
  EXPECT_TRUE(flow.is_null(1)) << "an infinite cap is no cap";

  Statement event(run, "SELECT good, firm, text FROM events WHERE kind = 'mothball'");
  ASSERT_TRUE(event.step());
  EXPECT_EQ(event.text(0), "");
  EXPECT_EQ(event.text(1), "Mountain Pass");
  EXPECT_EQ(event.text(2), "said \"enough\", and closed");

  Statement meta(run, "SELECT value FROM meta WHERE key = 'config'");
  ASSERT_TRUE(meta.step());
  EXPECT_EQ(meta.text(0), "baseline 2");
  EXPECT_FALSE(std::filesystem::exists(folder / "run.sqlite-wal")) << "one ordinary file is left";
}

TEST(RunStore, ColumnsTableSaysEverythingAboutEveryColumnOfEveryView) {
  const ScratchFolder folder;
  RunStore(folder.path()).finish();
  const Database run = open_run(folder.path());
  std::int64_t found = 0;
  for (const std::span<const TableSchema> group : {tables(), side_tables()}) {
    for (const TableSchema& table : group) {
      Statement columns(run, "SELECT name FROM pragma_table_info('" + std::string(table.name) + "')");
      while (columns.step()) {
        ++found;
        EXPECT_EQ(count(run, "SELECT count(*) FROM columns WHERE table_name = '" + std::string(table.name) +
                                 "' AND column_name = '" + std::string(columns.text(0)) +
                                 "' AND type <> '' AND meaning <> ''"),
                  1)
            << table.name << "." << columns.text(0);
      }
    }
  }
  EXPECT_EQ(found, count(run, "SELECT count(*) FROM columns"));
  EXPECT_GT(found, 60);
}

TEST(RunStore, BatchesOfAnySizeComeOutWholeAndInOrder) {
  const ScratchFolder folder;
  RunStore store(folder.path());
  const std::array sizes{0, 1, 7, 8, 9, 16, 23};
  std::int64_t total = 0;
  for (std::size_t tick = 0; tick < sizes.size(); ++tick) {
    write_tick(store, static_cast<std::int64_t>(tick), sizes[tick]);
    total += sizes[tick];
  }
  EXPECT_EQ(store.rows(TableId::prices), total);
  store.finish();
  const Database run = open_run(folder.path());
  for (std::size_t tick = 0; tick < sizes.size(); ++tick) {
    EXPECT_EQ(count(run, "SELECT count(*) FROM prices WHERE tick = " + std::to_string(tick)), sizes[tick]);
  }
  Statement rows(run, "SELECT country FROM prices WHERE tick = 6");
  for (int row = 0; row < 23; ++row) {
    ASSERT_TRUE(rows.step());
    EXPECT_EQ(rows.text(0), "C" + std::to_string(row));
  }
}

TEST(RunStore, NameCodesAndNamesMeanTheSame) {
  const ScratchFolder folder;
  RunStore store(folder.path());
  const NameCode japan = store.name_code("JPN");
  store.begin_tick(0, "2024-01");
  store.append(TableId::treasury, {japan, "tariff", 1.0});
  store.append(TableId::treasury, {"JPN", "tariff", 2.0});
  store.end_tick();
  store.finish();
  EXPECT_EQ(count(open_run(folder.path()), "SELECT count(*) FROM treasury WHERE country = 'JPN'"), 2);
}

TEST(RunStore, MistakesOfTheCallerAreBugs) {
  const ScratchFolder folder;
  RunStore store(folder.path());
  EXPECT_THROW(store.append(TableId::treasury, {"JPN", "tariff", 1.0}), std::logic_error) << "outside a tick";
  store.begin_tick(3, "2024-04");
  EXPECT_THROW(store.begin_tick(4, "2024-05"), std::logic_error);
  EXPECT_THROW(store.append(TableId::treasury, {"JPN", 1.0}), std::logic_error) << "too few values";
  EXPECT_THROW(store.append(TableId::treasury, {"JPN", "tariff", "much"}), std::logic_error) << "text for a number";
}

TEST(RunStore, TicksMustRise) {
  const ScratchFolder folder;
  RunStore store(folder.path());
  write_tick(store, 3);
  EXPECT_THROW(store.begin_tick(3, "2024-04"), std::logic_error);
}

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
      for (std::int64_t tick = 0; tick < 13; ++tick) write_tick(store, tick);
      store.begin_tick(13, "2025-02");
      for (int row = 0; row < 20; ++row) append_price(store, "gallium.refined", "JPN", 1.0);
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
        append_price(store, "gallium.refined", "C" + std::to_string(row % 90), 100.0 * static_cast<double>(tick) + row);
        if (row % 100 == 0) store.append(TableId::events, {"mothball", "USA", "", "firm " + std::to_string(row), "closed in " + std::to_string(tick)});
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
        for (int column = 0; column < row.columns(); ++column) text += std::string(row.text(column)) + '|';
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
      for (std::int64_t tick = 0; tick < 13; ++tick) write_tick(store, tick);
      store.begin_tick(13, "2025-02");
      for (int row = 0; row < 5000; ++row) append_price(store, "gallium.refined", "JPN", 1.0);
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
      for (std::int64_t tick = 1; tick < 1000; ++tick) write_tick(store, tick, 1000);
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
      if (tick == 40 && ::write(pipe_ends[1], &letter, 1) != 1) ::_exit(1);
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
      const bool clear = text.find("run.sqlite") != std::string::npos && text.find("disk") != std::string::npos &&
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

TEST(RunStore, AnUnwritableFolderIsAClearError) {
  const ScratchFolder folder;
  EXPECT_THROW(RunStore(folder / "missing"), RecordError);
}

TEST(RunStore, ResumingDropsLaterTicksAndGoesOn) {
  const ScratchFolder folder;
  {
    RunStore store(folder.path());
    for (std::int64_t tick = 0; tick < 10; ++tick) write_tick(store, tick);
  }
  RunStore store(folder.path(), {.resume = true, .resume_after_tick = 4});
  EXPECT_EQ(store.committed_tick(), 4);
  EXPECT_EQ(store.rows(TableId::prices), 15);
  EXPECT_THROW(store.begin_tick(4, "2024-05"), std::logic_error);
  write_tick(store, 5, 4);
  store.finish();
  const Database run = open_run(folder.path());
  EXPECT_EQ(count(run, "SELECT count(*) FROM prices"), 19);
  EXPECT_EQ(count(run, "SELECT count(*) FROM names WHERE name = 'gallium.refined'"), 1);
}

TEST(RunStore, AFolderWithoutRecordsOrWithOthersIsBadInput) {
  const ScratchFolder folder;
  EXPECT_THROW(open_run(folder.path()), InputError);
  write_all(folder / "run.sqlite", std::string(5000, 'x'));
  EXPECT_THROW(open_run(folder.path()), InputError);
}

// Sanitizers keep freed memory for a while, so that what is resident says nothing.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

std::int64_t resident_bytes() {
  std::int64_t pages = 0, resident = 0;
  std::FILE* statm = std::fopen("/proc/self/statm", "r");
  if (statm == nullptr) return 0;
  const int read = std::fscanf(statm, "%ld %ld", &pages, &resident);
  std::fclose(statm);
  return read == 2 ? resident * ::sysconf(_SC_PAGESIZE) : 0;
}

TEST(RunStore, MemoryDoesNotGrowWithTicksAndSpeedIsPrinted) {
  const ScratchFolder folder;
  RunStore store(folder.path());
  std::vector<NameCode> goods, countries;
  for (int i = 0; i < 20; ++i) goods.push_back(store.name_code("metal" + std::to_string(i) + ".refined"));
  for (int i = 0; i < 25; ++i) countries.push_back(store.name_code("C" + std::to_string(i)));
  const auto write = [&](std::int64_t tick) {
    store.begin_tick(tick, "2024-01");
    int number = 0;
    for (const NameCode good : goods) {
      for (int lane = 0; lane < 150; ++lane) {
        const double x = 1000.0 / (1.0 + ++number) + static_cast<double>(tick);
        const double zero_or = lane % 3 == 0 ? x * 0.03 : 0.0;
        store.append(TableId::flows, {good, countries[static_cast<std::size_t>(lane % 25)],
                                      countries[static_cast<std::size_t>(lane / 6)], x, 0.0, x * 1e4, x * 1.1e4, zero_or,
                                      zero_or, x * 31.7, 0.0, zero_or, nullptr});
      }
    }
    store.append(TableId::events, {"mothball", "USA", "", "firm " + std::to_string(tick), "closed"});
    store.end_tick();
  };
  for (std::int64_t tick = 0; tick < 20; ++tick) write(tick);
  const std::int64_t before = resident_bytes();
  const std::clock_t start = std::clock();  // processor time, for other programs run too
  const std::int64_t ticks = 100;
  for (std::int64_t tick = 20; tick < 20 + ticks; ++tick) write(tick);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const std::int64_t grown = resident_bytes() - before;
  store.finish();
  const double rows = static_cast<double>(store.rows(TableId::flows));
  std::printf("[ speed    ] %.3f us a row, %.1f bytes a row, resident memory %+.1f MB over %ld ticks\n",
              1e6 * seconds / (3000.0 * static_cast<double>(ticks)),
              static_cast<double>(std::filesystem::file_size(folder / "run.sqlite")) / rows,
              static_cast<double>(grown) / 1e6, static_cast<long>(ticks));
  if (!sanitized) {
    EXPECT_LT(grown, 4'000'000) << "the rows of these ticks hold 70 MB as values";
  }
}

TEST(RunStore, FlowsOfEveryKindComeBackAsGiven) {
  const ScratchFolder folder;
  const double fob = 0.1, freight = 0.2;
  // Only freight; at home; with a tariff; under a cap; with a landed value that is not the sum.
  const std::array<std::array<double, 10>, 5> rows{{{1.5, 0.0, fob, fob + freight, 0.0, 0.0, freight, 0.0, 0.0, INFINITY},
                                                    {2.5, 0.0, 3.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, NAN},
                                                    {3.5, 0.0, fob, 4.0, 0.0, 0.5, freight, 0.0, 0.0, INFINITY},
                                                    {4.5, 0.0, fob, fob + freight, 0.0, 0.0, freight, 0.0, 0.0, 9.0},
                                                    {5.5, 0.0, fob, 0.5, 0.0, 0.0, freight, 0.0, 0.0, INFINITY}}};
  {
    RunStore store(folder.path());
    for (std::int64_t tick = 0; tick < 2; ++tick) {
      store.begin_tick(tick, "2024-01");
      for (const auto& row : rows) {
        store.append(TableId::flows, {"gallium.refined", "CHN", "C" + std::to_string(static_cast<int>(row[0])), row[0], row[1], row[2], row[3], row[4],
                                      row[5], row[6], row[7], row[8], row[9]});
      }
      store.end_tick();
    }
    EXPECT_EQ(store.rows(TableId::flows), 10);
    store.finish();
  }
  {
    const Database run = open_run(folder.path());
    EXPECT_EQ(count(run, "SELECT count(*) FROM plain_flows_data"), 4) << "the narrow table holds those without more";
    Statement flows(run, "SELECT * FROM flows WHERE tick = 1 AND origin = 'CHN' ORDER BY tonnes");
    for (const auto& row : rows) {
      ASSERT_TRUE(flows.step());
      EXPECT_EQ(flows.text(2), "gallium.refined");
      EXPECT_EQ(flows.text(4), "C" + std::to_string(static_cast<int>(row[0])));
      for (int column = 0; column < 9; ++column) EXPECT_EQ(flows.real(5 + column), row[static_cast<std::size_t>(column)]) << column;
      EXPECT_EQ(flows.is_null(14), !std::isfinite(row[9]));
    }
    EXPECT_FALSE(flows.step());
  }
  const RunStore store(folder.path(), {.resume = true, .resume_after_tick = 0});
  EXPECT_EQ(store.rows(TableId::flows), 5) << "a resumed store keeps both kinds up to its tick";
}

TEST(RunStore, FinishedTablesAreIndexedByGood) {
  const ScratchFolder folder;
  {
    RunStore store(folder.path());
    store.begin_tick(0, "2024-01");
    store.append(TableId::flows, {"gallium.refined", "CHN", "JPN", 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, nullptr});
    store.end_tick();
    store.finish();
  }
  const Database database = open_run(folder.path());
  Statement plan(database, "EXPLAIN QUERY PLAN SELECT * FROM flows WHERE good = 'gallium.refined'");
  std::string text;
  while (plan.step()) text += std::string(plan.text(3)) + "\n";
  EXPECT_NE(text.find(" flows_by_good"), std::string::npos) << text;
  EXPECT_NE(text.find("plain_flows_by_good"), std::string::npos) << text;
}

}  // namespace
}  // namespace ytterby
