#include "agents/world/names.hpp"

#include <gtest/gtest.h>

namespace ytterby {
namespace {

Names few() {
    Names names;
    names.countries = {"CHN", "JPN", "DEU", "FRA"};
    names.goods = {"gallium.refined", "nickel.ore", "nickel.refined"};
    names.groups["EU27"] = {CountryId{2}, CountryId{3}};
    return names;
}

TEST(Names, FindsCountriesAndGroups) {
    const Names names = few();
    EXPECT_EQ(names.find_countries("JPN")->size(), 1U);
    EXPECT_EQ(names.find_countries("EU27")->size(), 2U);
    EXPECT_EQ(names.find_countries("*")->size(), 4U);
    EXPECT_FALSE(names.find_countries("USA"));
}

TEST(Names, FindsGoodsByMetalAndStage) {
    const Names names = few();
    EXPECT_EQ(names.find_goods("nickel")->size(), 2U);
    EXPECT_EQ(names.find_goods("*.ore")->size(), 1U);
    EXPECT_EQ(names.find_goods("nickel.refined")->front(), GoodId{2});
    EXPECT_EQ(names.find_goods("*")->size(), 3U);
    EXPECT_FALSE(names.find_goods("nickel.metal"));
    EXPECT_FALSE(names.find_goods(""));
}

TEST(Names, SuggestsTheNearestWord) {
    Problems problems;
    EXPECT_TRUE(resolve_goods({"policy.a.goods", {"x.toml", 3, 9}, {"galium.refined"}}, few(), problems).empty());
    EXPECT_TRUE(resolve_countries({"policy.a.partners", {"x.toml", 4, 9}, {"JPM"}}, few(), problems).empty());
    ASSERT_EQ(problems.count(), 2U);
    EXPECT_NE(problems.render().find("did you mean 'gallium.refined'"), std::string::npos) << problems.render();
    EXPECT_NE(problems.render().find("x.toml:4:9"), std::string::npos);
}

TEST(Names, SuggestsAMetalForABareWord) {
    EXPECT_NE(few().suggest_good("galium").find("'gallium'"), std::string::npos) << few().suggest_good("galium");
}

TEST(Names, DoublesCountOnce) {
    Problems problems;
    EXPECT_EQ(resolve_countries({"k", {}, {"DEU", "EU27", "DEU"}}, few(), problems).size(), 2U);
}

}  // namespace
}  // namespace ytterby
