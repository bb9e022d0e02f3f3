#include "core/number_text.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace ytterby {
namespace {

TEST(NumberText, IsTheShortestThatReadsBackTheSame) {
    for (const double value : {0.1, 1e-300, 1.0 / 3.0, 123456789.0, -2.5e17, 5e-324}) {
        double again = 0.0;
        ASSERT_TRUE(read_number(number_text(value), again));
        EXPECT_EQ(again, value);
    }
    EXPECT_EQ(number_text(0.1), "0.1");
    EXPECT_EQ(number_text(60.0), "60");
    EXPECT_EQ(number_text(1e6), "1e+06");
    std::string line = "x=";
    append_number(line, -2.5);
    EXPECT_EQ(line, "x=-2.5");
}

TEST(NumberText, OnlyAWholeFiniteNumberIsRead) {
    double value = 7.0;
    for (const char* text : {"", "1x", " 1", "1 ", "nan", "inf", "1e999", "--1", "0x10"}) {
        EXPECT_FALSE(read_number(text, value)) << text;
    }
    EXPECT_EQ(number_text(-std::numeric_limits<double>::infinity()), "-inf");
}

}  // namespace
}  // namespace ytterby
