#include "core/config/csv_rows.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "core/config/csv_reader.hpp"

namespace ytterby {
namespace {

std::vector<std::vector<std::string>> rows_of(CsvReader& reader) {
    std::vector<std::vector<std::string>> rows;
    std::vector<CsvCell> cells;
    while (reader.read_row(cells)) {
        rows.emplace_back();
        for (const CsvCell& cell : cells) {
            rows.back().emplace_back(reader.text(cell));
        }
    }
    return rows;
}

TEST(CsvReader, ReadsTheSameFromATextAndFromAStream) {
    // Rows of many lengths, with quotes, line breaks and wide letters, so that every limit of the buffer falls
    // somewhere inside each of them.
    std::string text = "\xEF\xBB\xBF";
    for (int row = 0; row < 20000; ++row) {
        text += std::to_string(row) + ",\"a \"\"" + std::string(static_cast<std::size_t>(row % 97), 'x') +
                "\"\"\n€,\"," + (row % 3 == 0 ? "né" : "") + (row % 2 == 0 ? "\r\n" : "\n");
    }
    Problems problems;
    CsvReader whole(text, "t.csv", problems);
    CsvReader piecewise(std::make_unique<std::istringstream>(text), "t.csv", problems);
    const auto rows = rows_of(whole);
    ASSERT_EQ(rows.size(), 20000U);
    EXPECT_EQ(rows[3], (std::vector<std::string>{"3", "a \"xxx\"\n€,", "né"}));
    EXPECT_EQ(rows, rows_of(piecewise));
    EXPECT_TRUE(problems.empty()) << problems.render();
}

TEST(CsvReader, AnUnsoundRowIsReportedWithItsPlace) {
    Problems problems;
    CsvReader reader(std::make_unique<std::istringstream>("a,b\n1,2\n1,x\"y\n1\n3,4\n"), "t.csv", problems);
    ASSERT_TRUE(reader.read_header());
    std::vector<bool> sound;
    std::vector<CsvCell> cells;
    while (reader.read_row(cells)) {
        sound.push_back(reader.is_sound());
    }
    EXPECT_EQ(sound, (std::vector<bool>{true, false, false, true}));
    ASSERT_EQ(problems.count(), 2U);
    EXPECT_EQ(problems.sorted()[0].where, (SourceLocation{"t.csv", 3, 4}));
    EXPECT_EQ(problems.sorted()[1].where, (SourceLocation{"t.csv", 4, 1}));
}

CsvRows rows(const std::string& text) { return {std::make_unique<std::istringstream>(text), "t.csv"}; }

TEST(CsvRows, GoesFromRowToRow) {
    CsvRows table = rows("run,value\na,1.5\nb,\n");
    const std::size_t value = table.column("value");
    ASSERT_TRUE(table.next());
    EXPECT_EQ(table.text(0), "a");
    EXPECT_EQ(table.number(value), 1.5);
    ASSERT_TRUE(table.next());
    EXPECT_TRUE(std::isnan(table.number(value)));
    EXPECT_EQ(table.where(), (SourceLocation{"t.csv", 3, 1}));
    EXPECT_FALSE(table.next());
    EXPECT_THROW(table.column("valu"), InputError);
}

TEST(CsvRows, ThrowsAtTheFirstProblem) {
    EXPECT_THROW(rows(""), InputError);
    EXPECT_THROW(rows("a,a\n"), InputError);
    CsvRows table = rows("a,b\n1,2\n3\n");
    ASSERT_TRUE(table.next());
    EXPECT_THROW(table.next(), InputError);
    CsvRows words = rows("a\nmany\n");
    ASSERT_TRUE(words.next());
    EXPECT_THROW(words.number(0), InputError);
    EXPECT_THROW(CsvRows::read_file("no/such/file.csv"), InputError);
}

}  // namespace
}  // namespace ytterby
