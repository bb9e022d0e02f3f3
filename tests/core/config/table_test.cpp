#include "core/config/table.hpp"

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace ytterby {
namespace {

TEST(Table, ReadsQuotedCellsWithCommasQuotesAndLineBreaks) {
    Problems problems;
    const Table table = Table::parse("metal,source\ngallium,\"USGS, \"\"MCS\"\"\n2025\"\ncobalt,\n", "t.csv", problems);
    ASSERT_TRUE(problems.empty()) << problems.render();
    ASSERT_EQ(table.rows(), 2u);
    const TableColumn source = table.column("source");
    EXPECT_EQ(table.text(0, source), "USGS, \"MCS\"\n2025");
    EXPECT_EQ(table.text(1, source), "");
    EXPECT_EQ(table.location(1, source), (SourceLocation{"t.csv", 4, 8}));
}

TEST(Table, AcceptsByteOrderMarkCarriageReturnsAndNoFinalLineBreak) {
    Problems problems;
    const Table table = Table::parse("\xEF\xBB\xBFname,tonnes\r\nA,1.5\r\n\r\nB,\"2\"", "t.csv", problems);
    ASSERT_TRUE(problems.empty()) << problems.render();
    ASSERT_EQ(table.rows(), 2u);
    EXPECT_EQ(table.column_names(), (std::vector<std::string>{"name", "tonnes"}));
    EXPECT_DOUBLE_EQ(table.number(1, table.column("tonnes")), 2.0);
    EXPECT_EQ(table.location(1, table.column("tonnes")).line, 4);
}

TEST(Table, CountsColumnsInCharacters) {
    Problems problems;
    const Table table = Table::parse("name,tonnes\nCôte d'Ivoire,x\n", "t.csv", problems);
    table.number(0, table.column("tonnes"));
    ASSERT_EQ(problems.count(), 1u);
    EXPECT_EQ(problems.sorted()[0].where, (SourceLocation{"t.csv", 2, 15}));
}

TEST(Table, MissingColumnNamesTheNearest) {
    Problems problems;
    const Table table = Table::parse("metal,tonnes\ngallium,1\n", "t.csv", problems);
    const TableColumn column = table.column("tones");
    EXPECT_FALSE(column.found);
    EXPECT_TRUE(std::isnan(table.number(0, column)));
    EXPECT_EQ(table.text(0, column), "");
    ASSERT_EQ(problems.count(), 1u);
    EXPECT_EQ(
        problems.render(),
        "t.csv:1:1: error: tones: there is no such column (the table needs it). Suggestion: did you mean 'tonnes'?\n");
    EXPECT_FALSE(table.optional_column("year").found);
    EXPECT_EQ(problems.count(), 1u);
}

TEST(Table, ReportsEveryMalformedCellInOnePass) {
    Problems problems;
    const Table table = Table::parse("a,b,c,d\n\"1,200\",25%,7.5,maybe\nnan,-1,,\n", "t.csv", problems);
    const TableColumn a = table.column("a"), b = table.column("b"), c = table.column("c"), d = table.column("d");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        table.number(row, a);
        table.number(row, b, {.low = 0, .high = 1, .unit = "share"});
        table.integer(row, c);
        table.boolean(row, d);
    }
    const std::string text = problems.render();
    EXPECT_EQ(problems.count(), 8u) << text;
    EXPECT_NE(text.find("t.csv:2:1: error: a: \"1,200\" is not a number. Suggestion: write it with a decimal point"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("write a share, such as 0.25 for 25%"), std::string::npos);
    EXPECT_NE(text.find("\"7.5\" is not a whole number"), std::string::npos);
    EXPECT_NE(text.find("\"maybe\" is neither yes nor no"), std::string::npos);
    EXPECT_NE(text.find("t.csv:3:1: error: a: \"nan\" is not a number"), std::string::npos);
    EXPECT_NE(text.find("-1 is below the least allowed, 0 share"), std::string::npos);
    EXPECT_NE(text.find("t.csv:3:8: error: c: the cell is empty"), std::string::npos);
}

TEST(Table, OptionalNumbersMayBeEmptyButNotMalformed) {
    Problems problems;
    const Table table = Table::parse("a,b\n,x\n3,+4e1\n", "t.csv", problems);
    const TableColumn a = table.column("a");
    EXPECT_EQ(table.optional_number(0, a), std::nullopt);
    EXPECT_EQ(table.optional_number(1, a), 3.0);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(table.optional_number(1, table.column("b")), 40.0);
    EXPECT_EQ(table.optional_number(0, table.column("b")), std::nullopt);
    EXPECT_EQ(problems.count(), 1u);
    table.required_text(0, a);
    EXPECT_EQ(problems.count(), 2u);
}

TEST(Table, LeavesOutRowsOfTheWrongLength) {
    Problems problems;
    const Table table = Table::parse("a,b\n1\n1,2\n1,2,3\n", "t.csv", problems);
    EXPECT_EQ(table.rows(), 1u);
    const std::string text = problems.render();
    EXPECT_EQ(problems.count(), 2u);
    EXPECT_NE(text.find("t.csv:2:1: error: the row has 1 cells, the header 2"), std::string::npos) << text;
    EXPECT_NE(text.find("t.csv:4:5: error: the row has 3 cells, the header 2"), std::string::npos) << text;
}

TEST(Table, ReportsBrokenQuotes) {
    Problems problems;
    Table::parse("a,b\nx\"y,1\n\"x\"y,2\n3,\"open\n", "t.csv", problems);
    const std::string text = problems.render();
    EXPECT_EQ(problems.count(), 3u) << text;
    EXPECT_NE(text.find("t.csv:2:2: error: a quote inside an unquoted cell"), std::string::npos) << text;
    EXPECT_NE(text.find("t.csv:3:4: error: text after the closing quote"), std::string::npos) << text;
    EXPECT_NE(text.find("t.csv:4:3: error: the quote that opens here is never closed"), std::string::npos) << text;
}

TEST(Table, ReportsUnusableHeaders) {
    Problems empty, twice, semicolons;
    EXPECT_FALSE(Table::parse("", "t.csv", empty).is_readable());
    EXPECT_EQ(empty.count(), 1u);
    EXPECT_FALSE(Table::parse("a,a,\n1,2,3\n", "t.csv", twice).is_readable());
    EXPECT_EQ(twice.count(), 2u);
    EXPECT_FALSE(Table::parse("a;b\n1;2\n", "t.csv", semicolons).is_readable());
    EXPECT_NE(semicolons.render().find("commas"), std::string::npos);
}

TEST(Table, MissingFileNamesThePathAndTheNearestFile) {
    const auto folder = std::filesystem::temp_directory_path() / "ytterby_table_test";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "prices.csv") << "a\n1\n";
    Problems problems;
    const std::string wanted = (folder / "price.csv").string();
    const Table table = Table::read_file(wanted, problems);
    EXPECT_FALSE(table.is_readable());
    EXPECT_EQ(table.rows(), 0u);
    EXPECT_FALSE(table.column("a").found);
    EXPECT_EQ(problems.count(), 1u);
    EXPECT_NE(problems.render().find("cannot read the table '" + wanted + "' (there is no such file)"),
              std::string::npos);
    EXPECT_NE(problems.render().find("prices.csv'?"), std::string::npos);
    EXPECT_EQ(Table::read_file((folder / "prices.csv").string(), problems).rows(), 1u);
    Table::read_file(folder.string(), problems);
    EXPECT_NE(problems.render().find("it is a folder"), std::string::npos);
    std::filesystem::remove_all(folder);
}

TEST(Table, ReadsAHundredThousandRowsQuickly) {
    std::string text = "metal,country,year,tonnes\n";
    for (int row = 0; row < 100000; ++row) {
        text += "gallium,\"China, P.R.\",2024," + std::to_string(row) + ".25\n";
    }
    Problems problems;
    const auto begin = std::chrono::steady_clock::now();
    const Table table = Table::parse(std::move(text), "t.csv", problems);
    const TableColumn tonnes = table.column("tonnes");
    double total = 0.0;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        total += table.number(row, tonnes);
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    EXPECT_EQ(total, 100000.0 * 99999.0 / 2.0 + 25000.0);
    RecordProperty("milliseconds", static_cast<int>(taken.count() * 1000));
    EXPECT_LT(taken.count(), 3.0);  // a tenth of this is usual; the slack is for loaded machines and sanitizers
}

}  // namespace
}  // namespace ytterby
