#include "core/config/config.hpp"

#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

namespace ytterby {
namespace {

using Files = std::map<std::string, std::string>;

ConfigFileReader reader_of(const Files& files) {
    return [files](const std::string& path, std::string& why) -> std::optional<std::string> {
        const auto found = files.find(path);
        if (found != files.end()) {
            return found->second;
        }
        why = "there is no such file";
        return std::nullopt;
    };
}

ConfigDocument parse(const std::string& text, const std::vector<std::string>& overrides = {}, const Files& files = {}) {
    return ConfigDocument::parse(text, "configs/main.toml", overrides, reader_of(files));
}

/// The rendered problems of a configuration that must be refused.
std::string problems_of(const std::string& text, const std::vector<std::string>& overrides = {},
                        const Files& files = {}) {
    try {
        parse(text, overrides, files);
    } catch (const InputError& error) {
        return error.what();
    }
    return "no problem found";
}

#define EXPECT_CONTAINS(text, part) EXPECT_NE(std::string(text).find(part), std::string::npos) << text

TEST(Config, KeepsEveryTypeAndItsPlace) {
    const auto document = parse(
        "schema = 1\ntext = \"a\"\nwhole = -3\nreal = 2.5\nyes = true\nday = 2026-01-31\nlist = [1, 2]\n[table]\nkey = "
        "1\n");
    EXPECT_EQ(document.find("text")->text, "a");
    EXPECT_EQ(document.find("whole")->integer, -3);
    EXPECT_EQ(document.find("real")->number, 2.5);
    EXPECT_TRUE(document.find("yes")->boolean);
    EXPECT_EQ(document.find("day")->kind, ConfigKind::date);
    EXPECT_EQ(document.find("day")->text, "2026-01-31");
    EXPECT_EQ(document.find("list")->items[1].integer, 2);
    EXPECT_EQ(document.find("list")->items[1].where, (SourceLocation{"configs/main.toml", 7, 12}));
    EXPECT_EQ(document.find("table.key")->where, (SourceLocation{"configs/main.toml", 9, 7}));
    EXPECT_EQ(document.root().find_member("whole")->where, (SourceLocation{"configs/main.toml", 3, 1}));
    EXPECT_EQ(document.find("schema"), nullptr);
    EXPECT_EQ(document.find("table.other"), nullptr);
}

TEST(Config, SchemaMustBeThereKnownAndFirst) {
    EXPECT_CONTAINS(problems_of("a = 1\n"), "configs/main.toml:1:1: error: schema: missing");
    EXPECT_CONTAINS(problems_of("schema = 7\n"),
                    "configs/main.toml:1:10: error: schema: schema 7 is not known (this program reads schema 1)");
    EXPECT_CONTAINS(problems_of("schema = \"1\"\n"), "schema \"1\" is not known");
    EXPECT_CONTAINS(problems_of("a = 1\nschema = 1\n"), "configs/main.toml:2:1: error: schema: comes after other keys");
    EXPECT_NO_THROW(parse("# a comment may come before\nschema = 1\n"));
}

TEST(Config, SyntaxErrorsNamePlaceLineAndRemedy) {
    const std::string bare_date = problems_of("schema = 1\n[run]\nstart = 2026-01\n");
    EXPECT_CONTAINS(bare_date, "configs/main.toml:3:");
    EXPECT_CONTAINS(bare_date, "the line reads `start = 2026-01`");
    EXPECT_CONTAINS(bare_date, "dates are text: start = \"2026-01\"");
    EXPECT_CONTAINS(problems_of("schema = 1\nmode = sea\n"), "text takes quotes: mode = \"sea\"");
    EXPECT_CONTAINS(problems_of("schema = 1\nmode = \n"), "write a value after `mode =`");
    EXPECT_CONTAINS(problems_of("schema = 1\nflag = True\n"), "write true or false in lower case");
    EXPECT_CONTAINS(problems_of("schema = 1\nmode\n"), "a line is `key = value`");
    EXPECT_CONTAINS(problems_of("schema = 1\nname = “x”\n"), "use straight quotes");
    EXPECT_CONTAINS(problems_of("schema = 1\na = 1,5\n"), "numbers take a point");
    EXPECT_CONTAINS(problems_of("schema = 1\n[!x]\n"), "configs/main.toml:2:2: error: not valid TOML");
    EXPECT_CONTAINS(problems_of("schema = 1\na = 1\na = 2\n"), "write each key once");
    EXPECT_CONTAINS(problems_of("schema = 1\n[policy]\na = 1\n[policy]\nb = 2\n"), "double brackets");
    EXPECT_CONTAINS(problems_of("schema = 1\na = \"\xff\"\n"), "configs/main.toml:2:");
}

TEST(Config, IncludedFilesComeFirstAndLaterWins) {
    const Files files{{"configs/base.toml", "schema = 1\n[run]\nticks = 12\nseed = 1\n"},
                      {"configs/sub/more.toml", "schema = 1\ninclude = [\"deep.toml\"]\n[run]\nseed = 2\n"},
                      {"configs/sub/deep.toml", "schema = 1\n[market]\nmechanism = \"bilateral\"\n"}};
    const auto document =
        parse("schema = 1\ninclude = [\"base.toml\", \"sub/more.toml\"]\n[run]\nname = \"x\"\n", {}, files);
    EXPECT_EQ(document.find("run.ticks")->integer, 12);
    EXPECT_EQ(document.find("run.seed")->integer, 2);
    EXPECT_EQ(document.find("run.seed")->where, (SourceLocation{"configs/sub/more.toml", 4, 8}));
    EXPECT_EQ(document.find("run.name")->text, "x");
    EXPECT_EQ(document.find("market.mechanism")->where.file, "configs/sub/deep.toml");
    EXPECT_EQ(document.files(), (std::vector<std::string>{"configs/main.toml", "configs/base.toml",
                                                          "configs/sub/more.toml", "configs/sub/deep.toml"}));
}

TEST(Config, AFileIncludedTwiceCountsOnceAndCyclesAreErrors) {
    const Files diamond{{"configs/a.toml", "schema = 1\ninclude = [\"c.toml\"]\nx = 2\n"},
                        {"configs/b.toml", "schema = 1\ninclude = [\"./c.toml\"]\n"},
                        {"configs/c.toml", "schema = 1\nx = 1\n"}};
    EXPECT_EQ(parse("schema = 1\ninclude = [\"a.toml\", \"b.toml\"]\n", {}, diamond).find("x")->integer, 2);
    const Files cycle{{"configs/a.toml", "schema = 1\ninclude = [\"sub/../b.toml\"]\n"},
                      {"configs/sub/../b.toml", "schema = 1\ninclude = [\"a.toml\"]\n"},
                      {"configs/sub/../a.toml", "schema = 1\n"}};
    const std::string text = problems_of("schema = 1\ninclude = [\"a.toml\"]\n", {}, cycle);
    EXPECT_CONTAINS(
        text,
        "2:12: error: include: 'configs/a.toml' includes itself (configs/a.toml -> configs/b.toml -> configs/a.toml)");
    EXPECT_CONTAINS(problems_of("schema = 1\ninclude = [\"main.toml\"]\n"), "includes itself");
}

TEST(Config, EveryBrokenIncludeIsReportedInOnePass) {
    const Files files{{"configs/bad.toml", "schema = 1\nx = \n"}};
    const std::string text = problems_of("schema = 1\ninclude = [\"gone.toml\", \"bad.toml\", 3]\n", {}, files);
    EXPECT_CONTAINS(text,
                    "configs/main.toml:2:12: error: include: cannot read 'configs/gone.toml' (there is no such file)");
    EXPECT_CONTAINS(text, "configs/bad.toml:2:");
    EXPECT_CONTAINS(text, "expected a list of file names, found a whole number");
    EXPECT_CONTAINS(problems_of("schema = 1\ninclude = \"a.toml\"\n"), "write include = [\"baseline.toml\"]");
}

const char* const two_policies =
    "schema = 1\n[[policy]]\nname = \"floor\"\nkind = \"price_floor\"\nprice = 110.0\n\n[[policy]]\nname = "
    "\"ban\"\nkind = \"export_control\"\n";

TEST(Config, ArraysOfTablesMergeByName) {
    const Files files{{"configs/base.toml", two_policies}};
    const auto document = parse(
        "schema = 1\ninclude = [\"base.toml\"]\n[[policy]]\nname = \"floor\"\nprice = 90.0\n"
        "[[policy]]\nname = \"ban\"\nremove = true\n[[policy]]\nname = \"new\"\nkind = \"tariff\"\n",
        {}, files);
    const ConfigValue& policies = *document.find("policy");
    ASSERT_EQ(policies.items.size(), 2u);
    EXPECT_EQ(policies.items[0].name(), "floor");
    EXPECT_EQ(policies.items[0].find("price")->number, 90.0);
    EXPECT_EQ(policies.items[0].find("kind")->text, "price_floor");
    EXPECT_EQ(policies.items[0].find("kind")->where.file, "configs/base.toml");
    EXPECT_EQ(policies.items[1].name(), "new");
}

TEST(Config, RemovingAMissingEntryAndRepeatingANameAreErrors) {
    const Files files{{"configs/base.toml", two_policies}};
    EXPECT_CONTAINS(
        problems_of("schema = 1\ninclude = [\"base.toml\"]\n[[policy]]\nname = \"flor\"\nremove = true\n", {}, files),
        "policy.flor: there is no earlier [[policy]] of this name to remove (remove = true drops an entry that an "
        "included file defines). Suggestion: did you mean 'floor'?");
    EXPECT_CONTAINS(problems_of("schema = 1\n[[policy]]\nname = \"a\"\n[[policy]]\nname = \"a\"\n"),
                    "configs/main.toml:5:8: error: policy.a: a second [[policy]] with the name \"a\" (the first is "
                    "at configs/main.toml:2:1");
    EXPECT_CONTAINS(problems_of("schema = 1\n[[policy]]\nname = \"a\"\nremove = \"yes\"\n"),
                    "policy.a.remove: expected true or false, found text");
}

TEST(Config, NestedNamedBlocksMergeAndUnnamedListsAreReplaced) {
    const Files files{{"configs/base.toml",
                       "schema = 1\nlist = [1, 2]\nrows = [{a = 1}]\n[[policy]]\nname = \"p\"\n[[policy.clause]]\nname "
                       "= \"c\"\nx = 1\ny = 1\n"}};
    const auto document = parse(
        "schema = 1\ninclude = [\"base.toml\"]\nlist = [3]\nrows = [{b = 2}]\n[[policy]]\nname = "
        "\"p\"\n[[policy.clause]]\nname = \"c\"\nx = 2\n",
        {}, files);
    EXPECT_EQ(document.find("policy.p.clause.c.x")->integer, 2);
    EXPECT_EQ(document.find("policy.p.clause.c.y")->integer, 1);
    EXPECT_EQ(document.find("list")->items.size(), 1u);
    EXPECT_EQ(document.find("rows.0.b")->integer, 2);
    EXPECT_EQ(document.find("rows.0.a"), nullptr);
}

TEST(Config, SetTakesEveryKindOfValueAndRecordsTheArgument) {
    const auto document =
        parse(two_policies, {"policy.floor.price=80", "policy.ban.start=2026-01", "market.mechanism=bilateral",
                             "good.\"gallium.refined\".price=300.5", "run.flags=[true, false]", "run.title=\"a b\"",
                             "run.quick = true", "policy.1.actor=CHN", "run.empty=\"\""});
    EXPECT_EQ(document.find("policy.floor.price")->integer, 80);
    EXPECT_EQ(document.find("policy.floor.price")->where, (SourceLocation{"--set argument 1", 0, 0}));
    EXPECT_EQ(document.find("policy.ban.start")->text, "2026-01");
    EXPECT_EQ(document.find("market.mechanism")->text, "bilateral");
    EXPECT_EQ(document.find("good.'gallium.refined'.price")->number, 300.5);
    EXPECT_EQ(document.find("run.flags")->items.size(), 2u);
    EXPECT_EQ(document.find("run.title")->text, "a b");
    EXPECT_TRUE(document.find("run.quick")->boolean);
    EXPECT_EQ(document.find("policy.ban.actor")->text, "CHN");
    EXPECT_EQ(document.find("run.empty")->kind, ConfigKind::text);
}

TEST(Config, SetCanAddDropAndReplaceBlocks) {
    const auto document = parse(
        two_policies,
        {"policy.ban.remove=true", "policy.extra={kind=\"tariff\", rate_share=0.25}", "policy.floor={price=70.0}"});
    const ConfigValue& policies = *document.find("policy");
    ASSERT_EQ(policies.items.size(), 2u);
    EXPECT_EQ(document.find("policy.extra.rate_share")->number, 0.25);
    EXPECT_EQ(document.find("policy.extra")->name(), "extra");
    EXPECT_EQ(document.find("policy.floor.price")->number, 70.0);
    EXPECT_EQ(document.find("policy.floor.kind")->text, "price_floor");
}

TEST(Config, SetReportsEveryMalformedArgumentInOnePass) {
    const std::string text = problems_of(
        two_policies, {"policy.flor.price=1", "run.seed", "run..seed=1", "=1", "a.\"b=1", "run.x=", "run.y=[1,",
                       "policy.floor=3", "policy.floor.price.deeper=1", "schema=2", "policy.floor.price=[1]x"});
    EXPECT_CONTAINS(text,
                    "--set argument 1: error: policy.flor: there is no [[policy]] named \"flor\". Suggestion: did you "
                    "mean 'floor'?");
    EXPECT_CONTAINS(text, "--set argument 2: error: run.seed: no '=' in it");
    EXPECT_CONTAINS(text, "--set argument 3: error: run..seed: malformed path");
    EXPECT_CONTAINS(text, "--set argument 4: error: malformed path");
    EXPECT_CONTAINS(text, "--set argument 5: error: a.\"b=1: no '=' in it");
    EXPECT_CONTAINS(text, "--set argument 6: error: run.x: no value after '='");
    EXPECT_CONTAINS(text, "--set argument 7: error: run.y: the value is not valid TOML: [1,");
    EXPECT_CONTAINS(text, "--set argument 8: error: policy.floor: is a whole block, but the value is a whole number");
    EXPECT_CONTAINS(text, "--set argument 9: error: policy.floor.price: is a number, so nothing can be set below it");
    EXPECT_CONTAINS(text, "--set argument 10: error: schema: cannot be set");
    EXPECT_CONTAINS(text, "--set argument 11: error: policy.floor.price: the value is not valid TOML");
}

TEST(Config, SetCannotSmuggleInASecondKey) {
    const auto document = parse("schema = 1\n", {"a=1\nb = 2"});
    EXPECT_EQ(document.find("a")->text, "1\nb = 2");
    EXPECT_EQ(document.find("b"), nullptr);
}

TEST(Config, DeepNestingIsRefusedNotCrashedOn) {
    std::string brackets(100000, '['), dotted = "a";
    for (int i = 0; i < 100000; ++i) {
        dotted += ".a";
    }
    EXPECT_CONTAINS(problems_of("schema = 1\na = " + brackets), "not valid TOML");
    EXPECT_CONTAINS(problems_of("schema = 1\n" + dotted + " = 1\n"),
                    "configs/main.toml:2:64: error: a dotted key of more than 32 parts");
    EXPECT_CONTAINS(problems_of("schema = 1\n[" + dotted + "]\n"), "a dotted key of more than 32 parts");
    EXPECT_CONTAINS(problems_of("schema = 1\na = {" + dotted + " = 1}\n"), "a dotted key of more than 32 parts");
    EXPECT_CONTAINS(problems_of("schema = 1\n", {dotted + "=1"}), "malformed path");
    EXPECT_CONTAINS(problems_of("schema = 1\n", {"a={" + dotted + "=1}"}), "not valid TOML");
}

TEST(Config, DotsInTextAndCommentsAreNotNesting) {
    const std::string dots(200, '.');
    const auto document = parse("schema = 1 # " + dots + "\na = \"" + dots + "\\\"" + dots + "\"\nb = '" + dots +
                                "'\nc = \"\"\"" + dots + "\n\"" + dots + "\"\"\"\nd = '''" + dots + "''''\ne = 1\n");
    EXPECT_EQ(document.find("a")->text.size(), 401u);
    EXPECT_EQ(document.find("e")->integer, 1);
}

TEST(Config, LettersOfAnyScriptAreReadInTextAndRefusedOutside) {
    EXPECT_EQ(parse("schema = 1\na = \"\"\"x\\\n  é\"\"\"\n").find("a")->text, "xé");
    for (const char* letter : {"é", "ﻟ", "中", "\u3000", "😀"}) {
        EXPECT_CONTAINS(problems_of(std::string(letter) + "schema = 1\n"), "not valid TOML");
        EXPECT_EQ(parse("schema = 1 # " + std::string(letter) + "\na = '" + letter + "'\n").find("a")->text, letter);
    }
}

TEST(Config, HugeInputIsRefused) {
    EXPECT_CONTAINS(problems_of("schema = 1\n#" + std::string(ConfigDocument::most_bytes, 'x')), "longer than");
}

TEST(Config, LoadsFromDiskRelativeToTheIncludingFile) {
    const auto folder = std::filesystem::temp_directory_path() / "ytterby_config_test";
    std::filesystem::create_directories(folder / "sub");
    std::ofstream(folder / "main.toml") << "schema = 1\ninclude = [\"sub/base.toml\"]\n[run]\nseed = 3\n";
    std::ofstream(folder / "sub/base.toml") << "schema = 1\ninclude = [\"../common.toml\"]\n";
    std::ofstream(folder / "common.toml") << "schema = 1\n[run]\nticks = 5\n";
    const auto document = ConfigDocument::load((folder / "main.toml").string(), std::vector<std::string>{"run.seed=4"});
    EXPECT_EQ(document.find("run.ticks")->integer, 5);
    EXPECT_EQ(document.find("run.seed")->integer, 4);
    EXPECT_EQ(document.files().size(), 3u);
    try {
        ConfigDocument::load((folder / "mian.toml").string());
        ADD_FAILURE() << "a missing file was accepted";
    } catch (const InputError& error) {
        EXPECT_CONTAINS(error.what(), "(there is no such file)");
        EXPECT_CONTAINS(error.what(), "main.toml'?");
    }
    EXPECT_THROW(ConfigDocument::load(folder.string()), InputError);
    std::filesystem::remove_all(folder);
}

TEST(Config, TomlTextReadsBackTheSame) {
    const auto document =
        parse("schema = 1\nx = [1, 2.0, 1e300, 0.1, true, \"q\\\"\\\\\\né\", {\"a b\" = 1, c = []}, 2026-01-31]\n");
    const std::string text = toml_text(*document.find("x"));
    const auto again = parse("schema = 1\nx = " + text + "\n");
    EXPECT_EQ(toml_text(*again.find("x")), text);
    EXPECT_EQ(again.find("x")->items[1].kind, ConfigKind::number);
    EXPECT_EQ(again.find("x")->items[5].text, document.find("x")->items[5].text);
}

}  // namespace
}  // namespace ytterby
