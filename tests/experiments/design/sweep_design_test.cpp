#include "experiments/design/sweep_design.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace ytterby {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SweepDesigns : public testing::Test {
protected:
    void SetUp() override {
        folder_ =
            std::filesystem::path(testing::TempDir()) /
            ("designs-" + std::to_string(::getpid()) + testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string file(const std::string& text, const std::string& name = "design.toml") const {
        std::ofstream(folder_ / name) << text;
        return (folder_ / name).string();
    }
    /// A design of three factors, with these lines for its [design].
    SweepDesign design(const std::string& lines) const {
        return read_design(file("schema = 1\nscenario = \"world.toml\"\n[design]\n" + lines + R"(
[levers.zeal]
switch = ["a", "shock.b"]
[uncertainties.pull]
key = "stocks.x"
range = [1.0, 3.0]
levels = 3
[levers.kind]
key = "market.mechanism"
list = ["bilateral", "exact", "spatial"]
[metrics]
late = { of = "output_t" }
early = { of = "output_t", take = "sum" }
)"));
    }
    std::vector<std::string> cell(const SweepDesign& design, const PointSet& cells, std::size_t number) const {
        std::vector<std::string> values;
        for (std::size_t factor = 0; factor < design.factors.size(); ++factor) {
            values.push_back(setting(design, cells, number, factor));
        }
        return values;
    }
    std::string refusal(const std::string& text) const {
        try {
            lay_out(read_design(file(text)));
        } catch (const InputError& error) {
            return error.what();
        }
        return "nothing was refused";
    }
    std::filesystem::path folder_;
};

TEST_F(SweepDesigns, KeepTheOrderOfTheFile) {
    const SweepDesign read = design("kind = \"full_factorial\"");
    ASSERT_EQ(read.factors.size(), 3U);
    EXPECT_EQ(read.factors[0].name, "zeal");
    EXPECT_THAT(read.factors[0].blocks, ElementsAre("policy.a", "shock.b"));
    EXPECT_EQ(read.factors[1].name, "pull");
    EXPECT_FALSE(read.factors[1].is_lever);
    EXPECT_EQ(read.metrics[0].name, "late");
    EXPECT_EQ(read.scenario, (folder_ / "world.toml").string());
}

TEST_F(SweepDesigns, FactorialsHaveTheirLevels) {
    const SweepDesign full = design("kind = \"full_factorial\"");
    const PointSet cells = lay_out(full);
    ASSERT_EQ(cells.points, 18U);
    EXPECT_THAT(cell(full, cells, 0), ElementsAre("off", "1.0", "bilateral"));
    EXPECT_THAT(cell(full, cells, 4), ElementsAre("off", "2.0", "exact"));
    EXPECT_THAT(cell(full, cells, 17), ElementsAre("on", "3.0", "spatial"));
    for (const char* kind : {"kind = \"two_level\"", "kind = \"fractional\""}) {
        const SweepDesign two = design(kind);
        const PointSet corners = lay_out(two);
        std::set<std::vector<std::string>> seen;
        for (std::size_t number = 0; number < corners.points; ++number) {
            seen.insert(cell(two, corners, number));
        }
        EXPECT_EQ(seen.size(), 8U);
        EXPECT_TRUE(seen.contains({"on", "1.0", "spatial"}));
    }
}

TEST_F(SweepDesigns, OneAtATimeMovesOne) {
    const SweepDesign read = design("kind = \"one_at_a_time\"");
    const PointSet cells = lay_out(read);
    const std::vector<std::string> base = cell(read, cells, 0);
    EXPECT_THAT(base, ElementsAre("off", "2.0", "bilateral"));
    ASSERT_EQ(cells.points, 1U + 1U + 2U + 2U);
    for (std::size_t number = 1; number < cells.points; ++number) {
        const std::vector<std::string> values = cell(read, cells, number);
        EXPECT_EQ((values[0] != base[0]) + (values[1] != base[1]) + (values[2] != base[2]), 1);
    }
}

TEST_F(SweepDesigns, ZipMovesAllTogether) {
    const SweepDesign read = design("kind = \"zip\"\nfactors = [\"pull\", \"kind\"]");
    const PointSet cells = lay_out(read);
    ASSERT_EQ(cells.points, 3U);
    EXPECT_THAT(cell(read, cells, 1), ElementsAre("off", "2.0", "exact"));
    EXPECT_THROW(lay_out(design("kind = \"zip\"")), InputError) << "two levels beside three";
}

TEST_F(SweepDesigns, ProductsAndUnions) {
    const std::string parts =
        "[[part]]\nname = \"one\"\nkind = \"sobol\"\nsamples = 4\nfactors = [\"pull\"]\n[[part]]\nname = \"two\"\nkind "
        "= \"full_factorial\"\nfactors = [\"zeal\", \"kind\"]";
    const SweepDesign product = design("kind = \"product\"\nof = [\"one\", \"two\"]\n" + parts);
    EXPECT_EQ(lay_out(product).points, 24U);
    EXPECT_THAT(cell(product, lay_out(product), 23), ElementsAre("on", testing::_, "spatial"));
    const SweepDesign both = design("kind = \"union\"\nof = [\"one\", \"two\"]\n" + parts);
    const PointSet cells = lay_out(both);
    ASSERT_EQ(cells.points, 10U);
    EXPECT_EQ(cells.role(0, 0), "one");
    EXPECT_EQ(cells.role(9, 0), "two");
    EXPECT_THAT(cell(both, cells, 9), ElementsAre("on", "2.0", "spatial"))
        << "factors that a part does not vary stay at their base";
    EXPECT_THROW(design("kind = \"product\"\nof = [\"one\", \"two\"]\n" + parts.substr(0, parts.rfind("\"zeal\", ")) +
                        "\"pull\"]"),
                 InputError);
}

TEST_F(SweepDesigns, TablesGiveTheValuesThemselves) {
    file("kind,pull,zeal\nexact,1.5,on\n\"spatial\",3,off\n", "cells.csv");
    const SweepDesign read = design("kind = \"table\"\nfile = \"cells.csv\"");
    const PointSet cells = lay_out(read);
    ASSERT_EQ(cells.points, 2U);
    EXPECT_THAT(cell(read, cells, 1), ElementsAre("off", "3", "spatial"));
    for (const char* bad :
         {"kind,pull,zeal\nexact,1.5,maybe\n", "kind,pull,zeal\nexact,3.5,on\n", "kind,pull,zeal\norder,1.5,on\n",
          "kind,pull\nexact,1.5\n", "kind,pull,zeal,more\nexact,1.5,on,1\n", "kind,pull,zeal\n"}) {
        file(bad, "cells.csv");
        EXPECT_THROW(lay_out(read), InputError) << bad;
    }
}

TEST_F(SweepDesigns, OnlyATableThatHoldsAFactorGivesItsValues) {
    file("a,b\n1,2\n3,4\n", "cells.csv");
    const std::string
        head = "schema = 1\nscenario = \"w.toml\"\n",
        rest =
            "[levers.a]\nkey = \"x\"\n[levers.b]\nkey = \"y\"\nlist = [2, 4]\n[metrics]\nm = { of = \"output_t\" }\n";
    const std::string table = "kind = \"table\"\nfile = \"cells.csv\"\n",
                      parts = "[[part]]\nname = \"t\"\n" + table +
                              "factors = [\"a\"]\n[[part]]\nname = \"f\"\nfactors = [\"b\"]\n";
    EXPECT_EQ(refusal(head + "[design]\n" + table + rest), "nothing was refused");
    EXPECT_THAT(refusal(head + "[design]\n" + table + "factors = [\"b\"]\n" + rest),
                testing::AllOf(HasSubstr("levers.a"), HasSubstr("no levels"), HasSubstr("design.toml:8:")));
    EXPECT_THAT(refusal(head + "[design]\nkind = \"union\"\nof = [\"t\", \"f\"]\n" + parts + rest),
                HasSubstr("no levels"));
    EXPECT_THAT(refusal(head + parts + "[design]\nkind = \"full_factorial\"\n" + rest), HasSubstr("no levels"))
        << "a part that is not laid out";
    file("a\n1\n3\n", "cells.csv");
    EXPECT_EQ(refusal(head + "[design]\nkind = \"product\"\nof = [\"t\", \"f\"]\n" + parts + rest),
              "nothing was refused");
}

TEST_F(SweepDesigns, WholeKeysGetWholeNumbers) {
    Factor factor{.name = "firms",
                  .is_lever = false,
                  .key = "population.firms",
                  .blocks = {},
                  .list = {},
                  .distribution = Distribution{Distribution::Kind::uniform, 1.0, 4.0},
                  .levels = 2,
                  .is_whole = true,
                  .where = {}};
    EXPECT_EQ(factor.value(0.6), "3");
    factor.is_whole = false;
    EXPECT_EQ(factor.value(0.5), "2.5");
    EXPECT_EQ(plain_value("\"text\""), "text");
    EXPECT_EQ(plain_value("2.5"), "2.5");
}

TEST_F(SweepDesigns, MorrisKeepsOffTheTails) {
    const std::string text =
        "schema = 1\nscenario = \"w.toml\"\n[design]\nkind = \"morris\"\ntrajectories = 8\n[levers.a]\nkey = "
        "\"x\"\nnormal = [0.0, 1.0]\n[metrics]\nm = { of = \"output_t\" }\n";
    const SweepDesign read = read_design(file(text));
    const PointSet cells = lay_out(read);
    for (std::size_t number = 0; number < cells.points; ++number) {
        EXPECT_LE(std::abs(std::stod(setting(read, cells, number, 0))), 1.6449) << "the 5 % and 95 % quantiles";
    }
}

TEST_F(SweepDesigns, RefusalsNameFileLineAndWhy) {
    const std::string head = "schema = 1\nscenario = \"w.toml\"\n", metric = "[metrics]\nm = { of = \"output_t\" }\n",
                      lever = "[levers.a]\nkey = \"x\"\nlist = [1, 2]\n";
    EXPECT_THAT(refusal(head + metric), HasSubstr("nothing is varied"));
    EXPECT_THAT(refusal(head + lever), HasSubstr("nothing is measured"));
    EXPECT_THAT(refusal(head + "[levers.a]\nkey = \"x\"\nlist = [1, 2]\nrange = [1.0, 2.0]\n" + metric),
                HasSubstr("design.toml:6:"));
    EXPECT_THAT(refusal(head + "[levers.a]\nkey = \"x\"\nlist = [1, 1]\n" + metric), HasSubstr("names a level twice"));
    EXPECT_THAT(refusal(head + "[levers.a]\nkey = \"x\"\nlist = [\"one\\ntwo\"]\n" + metric), HasSubstr("line break"));
    EXPECT_THAT(refusal(head + "[levers.a]\nkey = \"x\"\n" + metric), HasSubstr("no levels"));
    EXPECT_THAT(refusal(head + "[levers.a]\nkey = \"x\"\ntriangular = [1.0, 4.0, 3.0]\n" + metric),
                HasSubstr("is empty"));
    EXPECT_THAT(refusal(head + "[levers.a]\nlist = [1]\n" + metric), HasSubstr("key"));
    EXPECT_THAT(refusal(head + "[levers.status]\nkey = \"x\"\nlist = [1]\n" + metric),
                HasSubstr("cannot be the name of a factor"));
    EXPECT_THAT(refusal(head + lever + "[uncertainties.b]\nkey = \"x\"\nlist = [1, 2]\n" + metric),
                HasSubstr("sets x already"));
    EXPECT_THAT(
        refusal(head +
                "[levers.a]\nswitch = [\"p\"]\n[levers.b]\nkey = \"policy.p.remove\"\nlist = [\"true\", \"false\"]\n" +
                metric),
        HasSubstr("sets policy.p already"));
    EXPECT_THAT(refusal(head + "[levers.a]\nkey = \"run.replicate\"\nlist = [1, 2]\n" + metric),
                HasSubstr("varies run.replicate"));
    EXPECT_THAT(refusal(head + "[levers.a]\nkey = \"run.threads\"\nlist = [1, 2]\n" + metric),
                HasSubstr("varies run.threads"));
    EXPECT_THAT(refusal(head + lever + "[uncertainties.a]\nkey = \"y\"\nlist = [1, 2]\n" + metric),
                HasSubstr("share a name"));
    EXPECT_THAT(refusal(head + lever + "[metrics]\na = { of = \"output_t\" }\n"),
                HasSubstr("a factor has the same name"));
    EXPECT_THAT(refusal(head + "[design]\nkind = \"union\"\nof = [\"p\", \"q\"]\n" + lever + metric),
                HasSubstr("there is no [[part]] named 'p'"));
    EXPECT_THAT(refusal(head + "[design]\nkind = \"morris\"\nlevels = 3\n" + lever + metric), HasSubstr("is odd"));
}

TEST_F(SweepDesigns, EveryKeyIsDescribed) { EXPECT_NE(describe_design().find("uncertainties"), nullptr); }

}  // namespace
}  // namespace ytterby
