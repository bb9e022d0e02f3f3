#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/simulation/scenario/spoilt_tables.hpp"

namespace ytterby {
namespace {

using BadInput = SpoiltTables;

TEST_F(BadInput, TheShippedTablesHaveNoProblems) { EXPECT_TRUE(problems().empty()); }

TEST_F(BadInput, AMissingTableIsOneProblem) {
    for (const char* name :
         {"countries.csv", "goods.csv", "processes.csv", "production.csv", "separation.csv", "baskets.csv",
          "yields.csv", "capacity.csv", "hosts.csv", "inventories.csv", "elasticities.csv", "use.csv", "exports.csv",
          "prices.csv", "import_anchors.csv", "distances.csv", "freight.csv"}) {
        const std::string text = table(name);
        remove_table(name);
        SCOPED_TRACE(name);
        expect_one({std::string("data/") + name, "cannot read the table", "no such file"});
        write_table(name, text);
    }
}

/// Without the lists of names no name is reported as unknown: one problem, not a thousand.
TEST_F(BadInput, AListThatCannotBeReadIsOneProblem) {
    scenario(
        "[[policy]]\nname = \"a\"\nkind = \"export_control\"\nform = \"ban\"\nactor = \"CHN\"\ngoods = "
        "[\"gallium\"]\nwhen = \"price(USA, gallium.refined) > 1\"\n");
    for (const char* name : {"countries.csv", "goods.csv", "processes.csv"}) {
        SCOPED_TRACE(name);
        const std::string text = table(name);
        remove_table(name);
        expect_one({name, "cannot read"});
        write_table(name, "");
        expect_one({name, "the table is empty"});
        write_table(name, text.substr(0, text.find('\n') + 1));
        expect_one({name, "holds no rows"});
        write_table(name, "x" + text);
        expect_one({std::string(name) + ":1:1", "there is no such column"});
        write_table(name, text);
    }
}

TEST_F(BadInput, TwoMissingTablesAreFoundInOnePass) {
    remove_table("use.csv");
    remove_table("freight.csv");
    EXPECT_EQ(problems().size(), 2U);
}

TEST_F(BadInput, AValueThatIsNotANumber) {
    set_cell("use.csv", "gallium.refined,USA,2020", "tonnes", "lots");
    expect_one({"data/use.csv:2:26: error: tonnes: \"lots\" is not a number", "Suggestion: write a number"});
    set_cell("use.csv", "gallium.refined,USA,2020", "tonnes", "15 t");
    expect_one({"data/use.csv:2:26: error: tonnes: \"15 t\" is not a number", "Suggestion: "});
    set_cell("use.csv", "gallium.refined,USA,2020", "tonnes", "");
    expect_one({"data/use.csv:2:26", "the cell is empty", "fill it in"});
    set_cell("use.csv", "gallium.refined,USA,2020", "tonnes", "-3");
    expect_one({"data/use.csv:2:26", "-3 is below the least allowed", "t/year"});
    set_cell("use.csv", "gallium.refined,USA,2020", "tonnes", "nan");
    expect_one({"data/use.csv:2:26", "not a number"});
}

TEST_F(BadInput, AMissingColumnIsReportedWithTheNearestName) {
    spoil("use.csv", "tonnes", "tons");
    expect_one({"data/use.csv:1:1: error: tonnes: there is no such column", "did you mean 'tons'"});
}

TEST_F(BadInput, AShortAndALongRow) {
    const std::string text = table("freight.csv");
    const std::size_t second = text.find('\n') + 1;
    const std::size_t cut = text.find(',', second);
    write_table("freight.csv", text.substr(0, cut) + text.substr(text.find('\n', cut)));
    const auto short_row = problems();
    EXPECT_EQ(std::count_if(short_row.begin(), short_row.end(),
                            [](const std::string& line) {
                                return line.starts_with("data/freight.csv:2:1: error: the row has 1 cells");
                            }),
              1);
    write_table("freight.csv", text.substr(0, cut) + ",,,,,,,,,,,," + text.substr(cut));
    const auto long_row = problems();
    EXPECT_EQ(std::count_if(long_row.begin(), long_row.end(),
                            [](const std::string& line) {
                                return line.starts_with("data/freight.csv:2:") &&
                                       line.find("put quotes around") != std::string::npos;
                            }),
              1);
}

TEST_F(BadInput, UnknownNames) {
    set_cell("use.csv", "gallium.refined,USA,2020", "country", "USS");
    expect_one({"data/use.csv:2:17: error: country: unknown country 'USS'", "countries.csv does not list it",
                "did you mean 'USA'"});
    set_cell("use.csv", "gallium.refined,USS,2020", "country", "*");
    expect_one({"data/use.csv:2:17", "unknown country '*'"});
    set_cell("use.csv", "gallium.refined,*,2020", "country", "OTH");
    expect_one({"data/use.csv:2:17", "unknown country 'OTH'"});
    set_cell("use.csv", "gallium.refined,OTH,2020", "country", "USA");
    spoil("production.csv", "gallium_recovery", "galium_recovery");
    expect_one({"data/production.csv:2:", "unknown process 'galium_recovery'", "did you mean 'gallium_recovery'"});
    spoil("production.csv", "galium_recovery", "gallium_recovery");
    spoil("prices.csv", "gallium.refined", "galium.refined");
    expect_one({"data/prices.csv:2:1: error: good: unknown good 'galium.refined'", "goods.csv does not list it",
                "did you mean 'gallium.refined'"});
}

TEST_F(BadInput, NamesListedTwice) {
    for (const char* name : {"countries.csv", "goods.csv", "processes.csv"}) {
        SCOPED_TRACE(name);
        const std::string text = table(name);
        const std::size_t second = text.find('\n') + 1;
        write_table(name, text + text.substr(second, text.find('\n', second) - second) + "\n");
        expect_one({name, "is listed twice", "drop one row"});
        write_table(name, text);
    }
}

TEST_F(BadInput, SharesOverOne) {
    set_cell("baskets.csv", "separation_light,cerium.refined", "share", "0.9964");
    auto lines = problems();
    ASSERT_FALSE(lines.empty());
    EXPECT_NE(lines[0].find("shares of separation_light add up to more than 1"), std::string::npos) << lines[0];
    EXPECT_TRUE(lines[0].starts_with("data/baskets.csv:")) << lines[0];
    set_cell("baskets.csv", "separation_light,cerium.refined", "share", "1.2");
    lines = problems();
    EXPECT_NE(lines[0].find("1.2 is above the most allowed"), std::string::npos) << lines[0];
}

TEST_F(BadInput, ImportSharesOverOne) {
    set_cell("import_anchors.csv", "gallium.refined,USA,CAN,2022", "share_direct", "0.99");
    set_cell("import_anchors.csv", "gallium.refined,USA,JPN,2022", "share_direct", "0.99");
    const auto lines = problems();
    ASSERT_FALSE(lines.empty());
    EXPECT_NE(lines[0].find("shares of USA's imports of gallium.refined add up to more than 1"), std::string::npos)
        << lines[0];
    EXPECT_TRUE(lines[0].starts_with("data/import_anchors.csv:")) << lines[0];
}

TEST_F(BadInput, ASeparatorNeedsAnOreAndABasket) {
    std::string text = table("baskets.csv");
    write_table("baskets.csv", text.substr(0, text.find('\n') + 1));
    const auto lines = problems();
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_NE(lines[0].find("it has no outputs"), std::string::npos) << lines[0];
    write_table("baskets.csv", text);
    spoil("processes.csv", "rare_earths_light.ore", "");
    expect_one({"processes.csv", "separation_light: it has no input"});
}

TEST_F(BadInput, AGoodWithoutAProducerOrAPrice) {
    const std::string prices = table("prices.csv");
    write_table("prices.csv", prices.substr(0, prices.find('\n') + 1));
    auto lines = problems();
    ASSERT_FALSE(lines.empty());
    EXPECT_TRUE(lines[0].starts_with("data/prices.csv: error: ")) << lines[0];
    EXPECT_NE(lines[0].find("no price for the base year"), std::string::npos) << lines[0];
    write_table("prices.csv", prices);
    const std::string production = table("production.csv");
    write_table("production.csv", production.substr(0, production.find('\n') + 1));
    lines = problems();
    ASSERT_FALSE(lines.empty());
    EXPECT_TRUE(lines[0].starts_with("data/production.csv: error: ")) << lines[0];
    EXPECT_NE(lines[0].find("no country produces this good"), std::string::npos) << lines[0];
}

/// Configuration and tables are checked in the same pass.
TEST_F(BadInput, EverythingInOnePass) {
    scenario(
        "[run]\ntiks = 3\n[process.gallium_recovry]\nsupply_elasticity = 0.1\n[good.galium]\ntrade_elasticity = 3\n");
    set_cell("use.csv", "gallium.refined,USA,2020", "tonnes", "lots");
    const auto lines = problems({"run.seed=\"x\"", "stocks.restock_months=-1"});
    std::string all;
    for (const std::string& line : lines) {
        all += line + "\n";
    }
    EXPECT_EQ(lines.size(), 6U) << all;
    for (const char* piece :
         {"s.toml:4:1: error: run.tiks: unknown key",
          "s.toml:5:1: error: process.gallium_recovry: unknown process 'gallium_recovry'",
          "did you mean 'gallium_recovery'", "s.toml:7:1: error: good.galium: unknown good 'galium'",
          "data/use.csv:2:26", "--set argument 1: error: run.seed", "--set argument 2: error: stocks.restock_months"}) {
        EXPECT_NE(all.find(piece), std::string::npos) << piece << " in\n" << all;
    }
}

TEST_F(BadInput, FearThatIsTooStrong) {
    expect_one({"fear is too strong for the stabilising forces", "lower fear.fear"},
               {"fear.fear=10", "fear.momentum_gain=1"});
}

TEST_F(BadInput, OverridesOfEachKindAreChecked) {
    scenario(
        "[[policy]]\nname = \"one\"\nkind = \"export_control\"\nform = \"ban\"\nactor = \"CHN\"\ngoods = "
        "[\"gallium\"]\n");
    const std::string policy = "policy.p={kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium\"]";
    expect_one({"--set argument 1: error: policy.p.actor: unknown country or group 'CHM'", "did you mean 'CHN'"},
               {"policy.p={kind=\"export_control\",form=\"ban\",actor=\"CHM\",goods=[\"gallium\"]}"});
    expect_one({"--set argument 1: error: policy.p.end", "end is not after start"},
               {policy + ",start=\"2023-05\",end=\"2023-04\"}"});
    expect_one({"--set argument 1: error: policy.p.partners: no partner is left"},
               {policy + ",partners=[\"JPN\"],exempt=[\"JPN\"]}"});
    expect_one({"policy.ones: there is no [[policy]] named \"ones\"", "did you mean 'one'"},
               {"policy.ones.start=\"2023-05\""});
    expect_one({"run: no '=' in it"}, {"run"});
    expect_one({"malformed path"}, {"=3"});
    expect_one({"run..ticks: malformed path"}, {"run..ticks=3"});
    expect_one({"run.ticks: no value after '='"}, {"run.ticks="});
    expect_one({"run.tiks: unknown key", "did you mean 'ticks'"}, {"run.tiks=3"});
    expect_one({"expected a section"}, {"run=3"});
}

}  // namespace
}  // namespace ytterby
