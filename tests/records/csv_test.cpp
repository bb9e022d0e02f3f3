#include "records/csv.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "core/config/diagnostics.hpp"
#include "records/store/run_store.hpp"
#include "records/store/stored_run.hpp"
#include "tests/records/scratch_folder.hpp"

namespace ytterby {
namespace {

std::string cell(std::string_view text) {
    std::string line;
    append_csv_text(line, text);
    return line;
}

std::string cell(double number) {
    std::string line;
    append_csv_number(line, number);
    return line;
}

TEST(Csv, QuotesOnlyWhatNeedsIt) {
    EXPECT_EQ(cell("plain text"), "plain text");
    EXPECT_EQ(cell(""), "");
    EXPECT_EQ(cell("a,b"), "\"a,b\"");
    EXPECT_EQ(cell("say \"no\""), "\"say \"\"no\"\"\"");
    EXPECT_EQ(cell("two\nlines"), "\"two\nlines\"");
    EXPECT_EQ(cell("two\r\nlines"), "\"two\r\nlines\"");
    EXPECT_EQ(cell(" outer"), "\" outer\"");
}

TEST(Csv, NumbersAreShortAndReadBackTheSame) {
    EXPECT_EQ(cell(0.1), "0.1");
    EXPECT_EQ(cell(270.0), "270");
    EXPECT_EQ(std::stod(cell(0.1 + 0.2)), 0.1 + 0.2);
    EXPECT_EQ(std::stod(cell(1.0 / 3.0)), 1.0 / 3.0);
    EXPECT_EQ(cell(std::numeric_limits<double>::quiet_NaN()), "");
}

TEST(Csv, ExportsEveryTableOfARun) {
    const ScratchFolder folder;
    RunStore store(folder.path());
    store.begin_tick(0, "2024-01");
    store.append(TableId::prices, {"gallium.refined", "JPN", 270000.0, 1.0 / 3.0, nullptr, 0.0, nullptr, 0.0, 1.0, 2.0,
                                   nullptr, 0.0, nullptr, 0.0, 1.0});
    store.append(TableId::events, {"deal", "USA", "", "A, B and \"C\"", "two\nlines"});
    store.end_tick();
    store.finish();
    EXPECT_GT(export_csv(folder.path()), 2);

    EXPECT_EQ(read_all(folder / "csv/prices.csv"),
              "tick,date,good,country,supply_price_usd_per_t,use_price_usd_per_t,spot_price_usd_per_t,spot_t,"
              "trade_price_usd_per_t,contract_t,fob_price_usd_per_t,export_t,landed_price_usd_per_t,import_t,"
              "domestic_price_usd_per_t,domestic_t,anchor_usd_per_t\r\n"
              "0,2024-01,gallium.refined,JPN,270000,0.3333333333333333,,0,,0,1,2,,0,,0,1\r\n");
    EXPECT_EQ(read_all(folder / "csv/events.csv"),
              "tick,date,kind,country,good,firm,text\r\n"
              "0,2024-01,deal,USA,,\"A, B and \"\"C\"\"\",\"two\nlines\"\r\n");
    for (const TableSchema& table : tables()) {
        EXPECT_TRUE(std::filesystem::exists(folder / ("csv/" + std::string(table.name) + ".csv"))) << table.name;
    }
    EXPECT_TRUE(std::filesystem::exists(folder / "csv/columns.csv"));
    EXPECT_FALSE(std::filesystem::exists(folder / "csv/prices.csv.tmp"));
}

TEST(Csv, AFolderWithoutARunIsBadInput) {
    const ScratchFolder folder;
    EXPECT_THROW(export_csv(folder.path()), InputError);
    EXPECT_FALSE(std::filesystem::exists(folder / "csv")) << "nothing half-written";
}

TEST(Csv, AFullStreamIsAnError) {
    const ScratchFolder folder;
    RunStore(folder.path()).finish();
    const Database run = open_run(folder.path());
    Statement query(run, "SELECT * FROM columns");
    std::ostringstream out;
    out.setstate(std::ios::badbit);
    EXPECT_THROW(write_csv(query, out), RecordError);
}

}  // namespace
}  // namespace ytterby
