#include "core/config/json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>

namespace ytterby {
namespace {

TEST(Json, EscapesTextAndReplacesInvalidUtf8) {
    EXPECT_EQ(json_text("a\"b\\c\n\t\x01"), "\"a\\\"b\\\\c\\n\\t\\u0001\"\n");
    EXPECT_EQ(json_text("né€😀"), "\"né€😀\"\n");
    EXPECT_EQ(json_text("\xff"
                        "a\xc0"),
              "\"\xEF\xBF\xBD"
              "a\xEF\xBF\xBD\"\n");
    EXPECT_TRUE(parse_json(json_text("\xed\xa0\x80")).has_value()) << "a lone surrogate";
}

TEST(Json, NumbersReadBackTheSame) {
    for (const double value : {0.1, 1e-300, 1.0 / 3.0, 123456789.0, -2.5e17, 5e-324}) {
        EXPECT_EQ(parse_json(json_text(value))->get<double>(), value);
    }
    EXPECT_EQ(json_text(0.1), "0.1\n");
    EXPECT_EQ(json_text(std::nan("")), "null\n");
    EXPECT_EQ(json_text(std::numeric_limits<double>::infinity()), "null\n");
}

TEST(Json, WritesMembersInTheirOrderIndented) {
    const Json json = {{"seed", std::uint64_t{18446744073709551615u}},
                       {"name", "run"},
                       {"list", {1, true, nullptr}},
                       {"empty", Json::array()},
                       {"object", Json::object()}};
    EXPECT_EQ(
        json_text(json),
        "{\n  \"seed\": 18446744073709551615,\n  \"name\": \"run\",\n  \"list\": [\n    1,\n    true,\n    null\n "
        " ],\n  \"empty\": [],\n  \"object\": {}\n}\n");
}

TEST(Json, RefusesWhatIsNotOneValue) {
    for (const char* text : {"", "{]", "{\"a\": 1", "1 2", "{\"a\": 1}}", "nan"}) {
        EXPECT_FALSE(parse_json(text).has_value()) << text;
    }
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_TRUE(parse_json(nested(100)).has_value());
    EXPECT_FALSE(parse_json(nested(300)).has_value());
    EXPECT_FALSE(parse_json(nested(1000000)).has_value()) << "no text may exhaust the stack";
    EXPECT_FALSE(parse_json(std::string(1000000, '[')).has_value());
}

TEST(Json, LeavesHavePathsAndValues) {
    const auto json = parse_json(
        R"({"a": [1, {"b_c": true}], "gallium.refined": {"x": null}, "r": 2.5, "w": 60.0, "t": "say \"x\""})");
    ASSERT_TRUE(json.has_value());
    std::map<std::string, std::string> leaves;
    for (const JsonLeaf& leaf : json_leaves(*json)) {
        leaves[leaf.path] = leaf.value;
    }
    const std::map<std::string, std::string> expected = {
        {"a[0]", "1"}, {"a[1].b_c", "true"}, {"gallium.refined.x", "null"},
        {"r", "2.5"},  {"w", "60"},          {"t", "say \"x\""}};
    EXPECT_EQ(leaves, expected);
}

}  // namespace
}  // namespace ytterby
