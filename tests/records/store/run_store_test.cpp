#include "records/store/run_store.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>

#include "core/config/diagnostics.hpp"
#include "records/store/stored_run.hpp"
#include "tests/records/scratch_folder.hpp"
#include "tests/records/store/price_rows.hpp"

namespace ytterby {
namespace {

TEST(RunStore, ReadsBackWhatWasWritten) {
    const ScratchFolder folder;
    RunStore store(folder.path());
    store.begin_tick(0, "2024-01");
    const double awkward = 0.1 + 0.2;
    store.append(TableId::prices, {"gallium.refined", "JPN", awkward, 1e300, nullptr, -0.0, 5e-324, 0.0, nullptr, 0.0,
                                   nullptr, 0.0, nullptr, 0.0, 1.0});
    store.append(TableId::flows, {"gallium.refined", "CHN", "JPN", 1.5, 0.5, 2, 3.0, 0.0, 0.0, 0.25, 0.0, 0.0,
                                  std::numeric_limits<double>::infinity()});
    store.append(TableId::events, {"mothball", "USA", "", "Mountain Pass", "said \"enough\", and closed"});
    // Two of the columns of whole numbers and texts have no value: the deal replaces none, and no reason is known.
    store.append(TableId::deals, {1, "JPN", "USA", "mine", "gallium.refined", "idle", "offered", 0.5, 0.25, 1e6, 0.0,
                                  "", 0, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr});
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

    Statement deal(run, "SELECT deal, refiled, after_deal, threat, reason, runner_up, typeof(price_usd) FROM deals");
    ASSERT_TRUE(deal.step());
    EXPECT_EQ(deal.integer(0), 1);
    EXPECT_FALSE(deal.is_null(1)) << "zero is a number";
    EXPECT_EQ(deal.integer(1), 0);
    for (const int column : {2, 3, 4}) {
        EXPECT_TRUE(deal.is_null(column)) << column;
    }
    EXPECT_FALSE(deal.is_null(5)) << "an empty name is a name";
    EXPECT_EQ(deal.text(6), "real");

    Statement meta(run, "SELECT value FROM meta WHERE key = 'config'");
    ASSERT_TRUE(meta.step());
    EXPECT_EQ(meta.text(0), "baseline 2");
    EXPECT_FALSE(std::filesystem::exists(folder / "run.sqlite-wal")) << "one ordinary file is left";
}

/// A file that is laid out for many rows has larger pages; a file that a run resumes keeps its pages.
TEST(RunStore, PagesSuitTheNumberOfRowsToCome) {
    for (const bool many : {false, true}) {
        const ScratchFolder folder;
        const auto write = [&](std::int64_t tick, const StoreOptions& options) {
            RunStore store(folder.path(), options);
            store.begin_tick(tick, "2024-0" + std::to_string(tick + 1));
            store.append(TableId::treasury, {"CHN", "tariff", 1.0 + static_cast<double>(tick)});
            store.end_tick();
            store.finish();
        };
        write(0, {.many_rows = many});
        write(1, {.many_rows = !many, .resume = true, .resume_after_tick = 0});
        const Database run = open_run(folder.path());
        EXPECT_EQ(count(run, "SELECT page_size FROM pragma_page_size"), many ? 65536 : 16384);
        EXPECT_EQ(count(run, "SELECT sum(usd) FROM treasury"), 3);
    }
}

TEST(RunStore, ColumnsTableDescribesEveryColumnOfEveryView) {
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

TEST(RunStore, NameCodesAndNamesAreEquivalent) {
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
    const NameCode known = store.name_code("JPN");
    for (const NameCode unknown : {NameCode{}, NameCode{7}, NameCode{65536}}) {
        EXPECT_THROW(append_flow(store, known, {.origin = unknown, .destination = known, .tonnes = 1.0}),
                     std::logic_error);
        EXPECT_THROW(append_flow(store, unknown, {.origin = known, .destination = known, .tonnes = 1.0}),
                     std::logic_error);
        EXPECT_THROW(store.append_indicators(known, unknown, {}), std::logic_error);
    }
    append_flow(store, known, {.origin = known, .destination = known, .tonnes = 1.0});
    EXPECT_EQ(store.rows(TableId::flows), 1) << "what was refused left nothing";
}

TEST(RunStore, TicksMustRise) {
    const ScratchFolder folder;
    RunStore store(folder.path());
    write_tick(store, 3);
    EXPECT_THROW(store.begin_tick(3, "2024-04"), std::logic_error);
}

TEST(RunStore, AnUnwritableFolderIsAClearError) {
    const ScratchFolder folder;
    EXPECT_THROW(RunStore(folder / "missing"), RecordError);
}

TEST(RunStore, ResumingDropsLaterTicksAndGoesOn) {
    const ScratchFolder folder;
    {
        RunStore store(folder.path());
        for (std::int64_t tick = 0; tick < 10; ++tick) {
            write_tick(store, tick);
        }
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

}  // namespace
}  // namespace ytterby
