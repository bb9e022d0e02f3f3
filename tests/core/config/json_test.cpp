#include "core/config/json.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

namespace ytterby {
namespace {

TEST(Json, EscapesTextAndReplacesInvalidUtf8) {
    EXPECT_EQ(json_string("a\"b\\c\n\t\x01"), R"("a\"b\\c\n\t\u0001")");
    EXPECT_EQ(json_string("né€😀"), "\"né€😀\"");
    EXPECT_EQ(json_string("\xff"
                          "a\xc3"),
              "\"\xEF\xBF\xBD"
              "a\xEF\xBF\xBD\"");
    EXPECT_EQ(json_string("\xed\xa0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // a lone surrogate
}

TEST(Json, NumbersReadBackTheSame) {
    for (const double value : {0.1, 1.0 / 3.0, 1e300, -2.5e-8, 123456789.0, 0.0}) {
        EXPECT_EQ(std::stod(json_number(value)), value);
    }
    EXPECT_EQ(json_number(0.1), "0.1");
    EXPECT_EQ(json_number(std::nan("")), "null");
    EXPECT_EQ(json_number(std::numeric_limits<double>::infinity()), "null");
}

TEST(Json, WritesNestedValuesWithIndentation) {
    JsonWriter json;
    json.open_object().member("seed", std::uint64_t{18446744073709551615u}).member("name", "run");
    json.key("list").open_array().value(1).value(true).null().close_array();
    json.member("empty", std::vector<double>{}).key("object").open_object().close_object().close_object();
    EXPECT_EQ(
        json.text(),
        "{\n  \"seed\": 18446744073709551615,\n  \"name\": \"run\",\n  \"list\": [\n    1,\n    true,\n    null\n  ],\n"
        "  \"empty\": [],\n  \"object\": {}\n}\n");
}

TEST(Json, WritesOnOneLine) {
    JsonWriter json(0);
    json.open_object().member("a", std::vector<double>{1.5, 2}).member("b", false).close_object();
    EXPECT_EQ(json.text(), "{\"a\":[1.5,2],\"b\":false}\n");
}

TEST(Json, RefusesWrongNesting) {
    EXPECT_THROW(JsonWriter().open_object().value(1), std::logic_error);
    EXPECT_THROW(JsonWriter().open_array().close_object(), std::logic_error);
    EXPECT_THROW(JsonWriter().key("a"), std::logic_error);
    EXPECT_THROW(JsonWriter().value(1).value(2), std::logic_error);
    EXPECT_THROW(JsonWriter().open_array().text(), std::logic_error);
    EXPECT_THROW(JsonWriter().open_object().key("a").close_object(), std::logic_error);
}

}  // namespace
}  // namespace ytterby
