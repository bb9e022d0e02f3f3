#include "core/config/diagnostics.hpp"

#include <gtest/gtest.h>

namespace ytterby {
namespace {

TEST(Diagnostics, RendersOneLineWithPlaceKeyWhyAndSuggestion) {
    const Problem problem{.key = "freight.base_usd_per_t",
                          .what = "-3 is below the least allowed, 0",
                          .why = "freight per tonne",
                          .suggestion = "use a value of at least 0",
                          .unit = "USD/t",
                          .where = {"a.toml", 4, 9}};
    EXPECT_EQ(
        render(problem),
        "a.toml:4:9: error: freight.base_usd_per_t [USD/t]: -3 is below the least allowed, 0 (freight per tonne). "
        "Suggestion: use a value of at least 0.");
}

TEST(Diagnostics, LeavesOutEmptyParts) {
    EXPECT_EQ(render(Problem{.what = "bad", .where = {"--set argument 2"}}), "--set argument 2: error: bad.");
    EXPECT_EQ(render(Problem{.what = "bad"}), "error: bad.");
}

TEST(Diagnostics, KeepsTextFromOutsideOnOneLineAndHarmless) {
    const std::string line = render(Problem{.what = "found \"a\nb\x1b[31m\"", .where = {"x.toml", 1, 1}});
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
}

TEST(Diagnostics, SortsByFileThenLineThenColumn) {
    Problems problems;
    problems.add({.what = "third", .where = {"b.toml", 1, 1}});
    problems.add({.what = "second", .where = {"a.toml", 10, 1}});
    problems.add({.what = "first", .where = {"a.toml", 9, 5}});
    EXPECT_EQ(problems.render(), "a.toml:9:5: error: first.\na.toml:10:1: error: second.\nb.toml:1:1: error: third.\n");
}

TEST(Diagnostics, DropsRepeatsAndCountsBeyondTheLimit) {
    Problems problems;
    problems.add({.what = "same", .where = {"a", 1, 1}});
    problems.add({.what = "same", .where = {"a", 1, 1}});
    EXPECT_EQ(problems.count(), 1u);
    for (int line = 2; line <= 1500; ++line) {
        problems.add({.what = "w", .where = {"a", line, 1}});
    }
    EXPECT_EQ(problems.count(), 1500u);
    EXPECT_EQ(problems.sorted().size(), Problems::most_kept);
    EXPECT_NE(problems.render(3).find("... and 1497 more problems"), std::string::npos);
}

TEST(Diagnostics, ThrowsOnlyWhenThereIsAProblem) {
    Problems problems;
    EXPECT_NO_THROW(problems.throw_if_any());
    problems.add({.what = "one"});
    problems.add({.what = "two"});
    try {
        problems.throw_if_any();
        FAIL() << "nothing thrown";
    } catch (const InputError& error) {
        EXPECT_EQ(error.problems().count(), 2u);
        EXPECT_EQ(std::string(error.what()), "error: one.\nerror: two.\n");
    }
}

TEST(Diagnostics, EditDistanceCountsSwapsAsOne) {
    EXPECT_EQ(edit_distance("", ""), 0u);
    EXPECT_EQ(edit_distance("abc", ""), 3u);
    EXPECT_EQ(edit_distance("polcy", "policy"), 1u);
    EXPECT_EQ(edit_distance("ploicy", "policy"), 1u);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}

TEST(Diagnostics, NearestNameIsNearOrNothing) {
    const std::vector<std::string> names{"start", "end", "base_usd_per_t", "distance_elasticity", "mode"};
    EXPECT_EQ(nearest_name("strat", names), "start");
    EXPECT_EQ(nearest_name("MODE", names), "mode");
    EXPECT_EQ(nearest_name("base", names), "base_usd_per_t");
    EXPECT_EQ(nearest_name("base_usd_per_kg", names), "base_usd_per_t");
    EXPECT_EQ(nearest_name("completely_else", names), "");
    EXPECT_EQ(nearest_name("x", names), "");
    EXPECT_EQ(nearest_name(std::string(100000, 'a'), names), "");
}

TEST(Diagnostics, SuggestsTheListWhenNothingIsNear) {
    const std::vector<std::string> names{"sea", "air"};
    EXPECT_EQ(suggest_name("sae", names), "did you mean 'sea'?");
    EXPECT_EQ(suggest_name("railway", names), "use one of: sea, air");
    EXPECT_EQ(join_names(std::vector<std::string>(15, "n"), 2), "n, n and 13 more");
}

}  // namespace
}  // namespace ytterby
