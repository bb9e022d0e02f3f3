#include "core/config/keys.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace ytterby {
namespace {

enum class Mode { sea, air };

struct RunTimes {
    Date start;
    std::optional<Date> end;
    int ticks = 0;
    std::uint64_t seed = 0;
    std::string title;
};

struct Freight {
    double base_usd_per_t = 0.0;
    double loss_share = 0.0;
    std::optional<double> cap_usd_per_t;
    Mode mode = Mode::sea;
    bool express = false;
    std::vector<std::string> ports;
    std::vector<double> legs_km;
    std::map<std::string, double> share_by_country;
};

struct Good {
    std::string name;
    double price_usd_per_t = 0.0;
};

struct Tariff {
    std::string name;
    std::string kind;
    double rate_share = 0.0;
};

struct Scenario {
    RunTimes run;
    Freight freight;
    std::map<std::string, Good> goods;
    std::vector<Tariff> policies;
};

void read(KeyReader& keys, RunTimes& run) {
    keys.date("start", run.start, {.doc = "first month"});
    keys.date("end", run.end, {.doc = "last month"});
    keys.integer("ticks", run.ticks,
                 {.fallback = 12, .low = 1, .high = 1200, .unit = "months", .doc = "length of the run"});
    keys.integer("seed", run.seed, {.fallback = 1, .doc = "seed of all draws"});
    keys.text("title", run.title, {.fallback = "", .doc = "for people"});
    if (keys.is_sound("start") && keys.is_sound("end") && run.end && *run.end < run.start) {
        keys.problem("end", "end before start", "start stands at " + render(keys.location("start")),
                     "give a later end");
    }
}

void read(KeyReader& keys, Freight& freight) {
    keys.number("base_usd_per_t", freight.base_usd_per_t,
                {.fallback = 60.0,
                 .low = 0,
                 .high = 1e6,
                 .unit = "USD/t",
                 .doc = "freight at 1000 km",
                 .source = "assumed, 20-150"});
    keys.number("loss_share", freight.loss_share,
                {.fallback = 0.01, .low = 0, .high = 1, .unit = "share", .doc = "lost on the way"});
    keys.number("cap_usd_per_t", freight.cap_usd_per_t,
                {.low = 0, .unit = "USD/t", .doc = "ceiling, none if left out"});
    keys.choice("mode", freight.mode, {{"sea", Mode::sea}, {"air", Mode::air}},
                {.fallback = "sea", .doc = "how goods travel"});
    keys.boolean("express", freight.express, {.fallback = false, .doc = "faster, more expensive"});
    keys.text_list(
        "ports", freight.ports,
        {.fallback = std::vector<std::string>{"CHN"}, .allowed = {"CHN", "USA", "JPN"}, .doc = "open ports"});
    keys.number_list(
        "legs_km", freight.legs_km,
        {.fallback = std::vector<double>{}, .low = 0, .most_count = 3, .unit = "km", .doc = "legs of the way"});
    keys.number_map("share_by_country", freight.share_by_country,
                    {.allowed = {"CHN", "USA"}, .low = 0, .high = 1, .unit = "share", .doc = "who pays"});
}

void read(KeyReader& keys, Good& good) {
    good.name = keys.entry_name();
    keys.number("price_usd_per_t", good.price_usd_per_t, {.low = 0, .unit = "USD/t", .doc = "price at the base date"});
}

void read(KeyReader& keys, Scenario& scenario) {
    keys.table("run", scenario.run, {.doc = "when and how long", .required = true});
    keys.table("freight", scenario.freight, {.doc = "cost of moving goods"});
    keys.table_map("good", scenario.goods, {.doc = "goods by name"});
    scenario.policies.clear();
    keys.kind_list("policy", {"ban", "tariff"},
                   [&](KeyReader& entry, const std::string& kind) {
                       Tariff& policy =
                           scenario.policies.emplace_back(Tariff{.name = entry.entry_name(), .kind = kind});
                       if (kind == "tariff") {
                           entry.number("rate_share", policy.rate_share,
                                        {.low = 0, .high = 10, .unit = "share", .doc = "duty on value"});
                       }
                   },
                   {.doc = "what governments do"});
}

struct Outcome {
    Scenario scenario;
    KeyRecord record;
    std::string problems;
    std::size_t count = 0;
};

Outcome read_text(const std::string& text, const std::vector<std::string>& overrides = {}) {
    Outcome outcome;
    Problems problems;
    const auto document = ConfigDocument::parse("schema = 1\n" + text, "s.toml", overrides);
    outcome.record = read_document(document, outcome.scenario, problems);
    outcome.problems = problems.render(1000);
    outcome.count = problems.count();
    return outcome;
}

const std::string good_run = "[run]\nstart = \"2024-01\"\n";

#define EXPECT_CONTAINS(text, part) EXPECT_NE(std::string(text).find(part), std::string::npos) << text

TEST(Keys, ReadsEveryTypeAndFallsBack) {
    const auto outcome = read_text(
        "[run]\nstart = \"2024-03\"\nend = 2025-12-31\nticks = 24\nseed = "
        "9223372036854775807\n[freight]\nbase_usd_per_t = 80\nmode = \"air\"\n"
        "express = true\nports = [\"USA\", \"JPN\"]\nlegs_km = [1, 2.5]\nshare_by_country = { CHN = 0.25, USA = 1 }\n"
        "[good.\"gallium.refined\"]\nprice_usd_per_t = 3e5\n[[policy]]\nname = \"t\"\nkind = \"tariff\"\nrate_share = "
        "0.25\n"
        "[[policy]]\nname = \"b\"\nkind = \"ban\"\n");
    ASSERT_EQ(outcome.count, 0u) << outcome.problems;
    const Scenario& scenario = outcome.scenario;
    EXPECT_EQ(scenario.run.start, (Date{2024, 3, 1}));
    EXPECT_EQ(scenario.run.end, (Date{2025, 12, 31}));
    EXPECT_EQ(scenario.run.ticks, 24);
    EXPECT_EQ(scenario.run.seed, 9223372036854775807u);
    EXPECT_EQ(scenario.freight.base_usd_per_t, 80.0);
    EXPECT_EQ(scenario.freight.loss_share, 0.01);
    EXPECT_EQ(scenario.freight.cap_usd_per_t, std::nullopt);
    EXPECT_EQ(scenario.freight.mode, Mode::air);
    EXPECT_TRUE(scenario.freight.express);
    EXPECT_EQ(scenario.freight.ports, (std::vector<std::string>{"USA", "JPN"}));
    EXPECT_EQ(scenario.freight.legs_km, (std::vector<double>{1, 2.5}));
    EXPECT_EQ(scenario.freight.share_by_country.at("CHN"), 0.25);
    EXPECT_EQ(scenario.goods.at("gallium.refined").price_usd_per_t, 3e5);
    EXPECT_EQ(scenario.goods.at("gallium.refined").name, "gallium.refined");
    ASSERT_EQ(scenario.policies.size(), 2u);
    EXPECT_EQ(scenario.policies[0].rate_share, 0.25);
    EXPECT_EQ(scenario.policies[1].kind, "ban");
}

TEST(Keys, AMissingSectionReadsAsDefaults) {
    const auto outcome = read_text(good_run);
    ASSERT_EQ(outcome.count, 0u) << outcome.problems;
    EXPECT_EQ(outcome.scenario.freight.base_usd_per_t, 60.0);
    EXPECT_EQ(outcome.scenario.freight.ports, (std::vector<std::string>{"CHN"}));
}

TEST(Keys, WrongTypesSayWhatWasExpectedAndHowToWriteIt) {
    const auto outcome = read_text(
        "[run]\nstart = 2024\nticks = 12.0\ntitle = 5\n[freight]\nbase_usd_per_t = \"60\"\nloss_share = \"much\"\nmode "
        "= 3\nexpress = \"yes\"\n"
        "ports = \"USA\"\nlegs_km = 5\nshare_by_country = 1\n");
    EXPECT_EQ(outcome.count, 10u) << outcome.problems;
    EXPECT_CONTAINS(outcome.problems,
                    "s.toml:3:9: error: run.start: expected date, found 2024 (first month). Suggestion: write the "
                    "month too, as text: start = \"2024-01\"");
    EXPECT_CONTAINS(outcome.problems,
                    "run.ticks [months]: expected whole number, found 12.0 (length of the run). Suggestion: write a "
                    "whole number: ticks = 12");
    EXPECT_CONTAINS(outcome.problems, "run.title: expected text, found 5");
    EXPECT_CONTAINS(outcome.problems,
                    "s.toml:7:18: error: freight.base_usd_per_t [USD/t]: expected number, found \"60\" (freight at "
                    "1000 km). Suggestion: take off the quotes: base_usd_per_t = 60");
    EXPECT_CONTAINS(
        outcome.problems,
        "expected number, found \"much\" (lost on the way). Suggestion: write loss_share = 0.01 (the default)");
    EXPECT_CONTAINS(outcome.problems, "freight.mode: expected choice, found 3");
    EXPECT_CONTAINS(outcome.problems, "expected true or false, found \"yes\"");
    EXPECT_CONTAINS(outcome.problems, "put it in brackets: ports = [\"USA\"]");
    EXPECT_CONTAINS(outcome.problems, "put it in brackets: legs_km = [5]");
    EXPECT_CONTAINS(outcome.problems, "expected numbers by name, found 1");
    EXPECT_EQ(outcome.scenario.freight.base_usd_per_t, 60.0) << "the fallback holds after a problem";
}

TEST(Keys, ValuesOutOfRangeSayTheRange) {
    const auto outcome = read_text(
        "[run]\nstart = \"2024-13\"\nticks = 0\nseed = -1\n[freight]\nbase_usd_per_t = -3\nloss_share = "
        "25\ncap_usd_per_t = nan\nmode = \"see\"\n"
        "ports = [\"UAS\", 3]\nlegs_km = [1, -2, 3]\nshare_by_country = { CNH = 0.5, USA = 3, CHN = \"x\" }\n");
    EXPECT_EQ(outcome.count, 13u) << outcome.problems;
    EXPECT_CONTAINS(outcome.problems, "\"2024-13\" is not a date");
    EXPECT_CONTAINS(outcome.problems, "run.ticks [months]: 0 months is below the least allowed, 1");
    EXPECT_CONTAINS(outcome.problems, "run.seed: -1 is below the least allowed, 0");
    EXPECT_CONTAINS(outcome.problems,
                    "s.toml:7:18: error: freight.base_usd_per_t [USD/t]: -3 USD/t is below the least allowed, 0.0 "
                    "(freight at 1000 km). "
                    "Suggestion: use a value from 0 to 1e+06 USD/t; the default is 60.0.");
    EXPECT_CONTAINS(outcome.problems, "for 25 per cent write 0.25");
    EXPECT_CONTAINS(outcome.problems, "nan is not a finite number");
    EXPECT_CONTAINS(outcome.problems,
                    "\"see\" is not one of the allowed values (how goods travel). Suggestion: did you mean 'sea'? "
                    "allowed: sea, air");
    EXPECT_CONTAINS(outcome.problems,
                    "s.toml:11:10: error: freight.ports: \"UAS\" is not one of the allowed values (open ports). "
                    "Suggestion: did you mean 'USA'?");
    EXPECT_CONTAINS(outcome.problems, "expected text in the list, found 3");
    EXPECT_CONTAINS(outcome.problems, "s.toml:12:15: error: freight.legs_km [km]: -2 km is below");
    EXPECT_CONTAINS(outcome.problems, "did you mean 'CHN'?");
}

TEST(Keys, ListsOfTheWrongLengthSayHowMany) {
    EXPECT_CONTAINS(read_text(good_run + "[freight]\nlegs_km = [1, 2, 3, 4]\n").problems,
                    "the list has 4 values (legs of the way). Suggestion: give at most 3");
}

TEST(Keys, MissingKeysAndSectionsSayWhereToAddThem) {
    EXPECT_CONTAINS(read_text("[freight]\n").problems,
                    "s.toml:1:1: error: run: missing section (when and how long). Suggestion: add a [run] section.");
    const auto outcome = read_text("[run]\n[good.tin]\n[[policy]]\nname = \"t\"\nkind = \"tariff\"\n");
    EXPECT_EQ(outcome.count, 3u) << outcome.problems;
    EXPECT_CONTAINS(outcome.problems,
                    "s.toml:2:1: error: run.start: missing, and it has no default (first month). Suggestion: add "
                    "`start = \"2026-01\"` under [run].");
    EXPECT_CONTAINS(outcome.problems, "good.tin.price_usd_per_t [USD/t]: missing");
    EXPECT_CONTAINS(outcome.problems, "s.toml:4:1: error: policy.t.rate_share [share]: missing");
}

TEST(Keys, UnknownKeysNameTheNearest) {
    const auto outcome = read_text(
        "[run]\nstrat = 1\nstart = \"2024-01\"\n[frieght]\nx = 1\n[freight]\nzzz = 1\nbase = 2\n[[policy]]\nname = "
        "\"b\"\nkind = \"ban\"\nrate_share = 1\n");
    EXPECT_EQ(outcome.count, 5u) << outcome.problems;
    EXPECT_CONTAINS(outcome.problems,
                    "s.toml:3:1: error: run.strat: unknown key (there is none of this name in [run]). Suggestion: did "
                    "you mean 'start'?");
    EXPECT_CONTAINS(
        outcome.problems,
        "frieght: unknown section (there is none of this name at the top level). Suggestion: did you mean 'freight'?");
    EXPECT_CONTAINS(
        outcome.problems,
        "freight.zzz: unknown key (there is none of this name in [freight]). Suggestion: known here: base_usd_per_t, ");
    EXPECT_CONTAINS(outcome.problems, "did you mean 'base_usd_per_t'?");
    EXPECT_CONTAINS(outcome.problems,
                    "policy.b.rate_share: unknown key (there is none of this name in [policy.b]). Suggestion: known "
                    "here: name, kind");
}

TEST(Keys, BlocksNeedNamesAndKnownKinds) {
    const auto outcome = read_text(
        good_run +
        "[[policy]]\nkind = \"ban\"\n[[policy]]\nname = \"x\"\nkind = \"tarif\"\nrate = 1\n[[policy]]\nname = \"y\"\n");
    EXPECT_EQ(outcome.count, 3u) << outcome.problems;
    EXPECT_CONTAINS(outcome.problems, "s.toml:4:1: error: policy.0.name: missing");
    EXPECT_CONTAINS(outcome.problems,
                    "policy.x.kind: \"tarif\" is not one of the allowed values (which module reads this block). "
                    "Suggestion: did you mean 'tariff'?");
    EXPECT_CONTAINS(outcome.problems, "policy.y.kind: missing");
    EXPECT_CONTAINS(read_text(good_run + "[policy]\nname = \"x\"\n").problems,
                    "write double brackets, [[policy]], and a name");
    EXPECT_CONTAINS(read_text(good_run, {"policy.ban.start=1"}).problems,
                    "--set argument 1: error: policy: there is no [[policy]] named \"ban\"");
    EXPECT_CONTAINS(read_text("policy = [1]\n" + good_run).problems, "expected a block, found a whole number");
    EXPECT_CONTAINS(read_text("run = 1\ngood = 2\npolicy = 3\n").problems, "expected a section, found a whole number");
    EXPECT_CONTAINS(read_text(good_run, {"policy=[{name=\"a\",kind=\"ban\"},{name=\"a\",kind=\"ban\"}]"}).problems,
                    "the name \"a\" is taken");
}

TEST(Keys, OverridesAreCheckedLikeTheFile) {
    const auto outcome = read_text(good_run, {"freight.base_usd_per_t=abc", "freight.bsae_usd_per_t=1", "run.seed=7"});
    EXPECT_EQ(outcome.count, 2u) << outcome.problems;
    EXPECT_CONTAINS(outcome.problems,
                    "--set argument 1: error: freight.base_usd_per_t [USD/t]: expected number, found \"abc\"");
    EXPECT_CONTAINS(outcome.problems,
                    "--set argument 2: error: freight.bsae_usd_per_t: unknown key (there is none of this name in "
                    "[freight]). Suggestion: did you mean 'base_usd_per_t'?");
    EXPECT_EQ(outcome.scenario.run.seed, 7u);
}

TEST(Keys, CallersAddProblemsOfMeaning) {
    const auto outcome = read_text("[run]\nstart = \"2024-05\"\nend = \"2024-01\"\n");
    EXPECT_EQ(
        outcome.problems,
        "s.toml:4:7: error: run.end: end before start (start stands at s.toml:3:9). Suggestion: give a later end.\n");
}

TEST(Keys, DeclaringAKeyTwiceOrADefaultOutOfBoundsIsABug) {
    double number = 0.0;
    KeyReader keys = KeyReader::for_describing();
    keys.number("a", number, {.fallback = 1.0});
    EXPECT_THROW(keys.number("a", number, {.fallback = 1.0}), std::logic_error);
    EXPECT_THROW(keys.number("b", number, {.fallback = 2.0, .high = 1.0}), std::logic_error);
    Date date;
    EXPECT_THROW(keys.date("c", date, {.fallback = "soon"}), std::logic_error);
}

TEST(Keys, DescribesWithoutADocument) {
    const KeyRecord record = describe_section<Scenario>();
    const KeyRecord* base = record.find("freight")->find("base_usd_per_t");
    ASSERT_NE(base, nullptr);
    EXPECT_EQ(base->unit, "USD/t");
    EXPECT_EQ(base->fallback->number, 60.0);
    EXPECT_EQ(base->high, 1e6);
    EXPECT_EQ(base->source, "assumed, 20-150");
    EXPECT_TRUE(record.find("run")->find("start")->required);
    EXPECT_FALSE(record.find("run")->find("end")->required);
    ASSERT_EQ(record.find("policy")->children.size(), 2u);
    EXPECT_EQ(record.find("policy")->children[1].name, "tariff");
    EXPECT_NE(record.find("policy")->children[1].find("rate_share"), nullptr);
    EXPECT_EQ(record.find("policy")->children[0].find("rate_share"), nullptr);

    const std::string text = describe_text(record);
    EXPECT_CONTAINS(text,
                    "[freight]  cost of moving goods\n  base_usd_per_t  (number, USD/t; default 60.0; from 0 to 1e+06 "
                    "USD/t)\n      freight at 1000 km\n      source: assumed, 20-150\n");
    EXPECT_CONTAINS(text, "  start  (date; required)");
    EXPECT_CONTAINS(text, "one of: sea, air");
    EXPECT_CONTAINS(text, "[[policy]] kind = \"tariff\"  what governments do");
    EXPECT_CONTAINS(text, "[good.NAME]  goods by name");
    const std::string page = describe_markdown(record);
    EXPECT_CONTAINS(page, "## `[freight]`");
    EXPECT_CONTAINS(page,
                    "| `base_usd_per_t` | number | USD/t | `60.0` | from 0 to 1e+06 USD/t | freight at 1000 km | "
                    "assumed, 20-150 |");
    const std::string json = describe_json(record);
    EXPECT_CONTAINS(json, "\"name\": \"base_usd_per_t\"");
    EXPECT_CONTAINS(json, "\"default\": 60");
}

TEST(Keys, EchoNamesOriginsAndReadsBackTheSame) {
    const std::string text = good_run +
                             "[freight]\nlegs_km = [1, 2.5]\nshare_by_country = { USA = 0.5 "
                             "}\n[good.\"gallium.refined\"]\nprice_usd_per_t = 0.1\n"
                             "[[policy]]\nname = \"t\"\nkind = \"tariff\"\nrate_share = 0.3\n";
    const auto outcome = read_text(text, {"freight.base_usd_per_t=81.5"});
    ASSERT_EQ(outcome.count, 0u) << outcome.problems;
    const std::string echo = echo_toml(outcome.record);
    EXPECT_CONTAINS(echo, "base_usd_per_t = 81.5  # USD/t, --set argument 1\n");
    EXPECT_CONTAINS(echo, "start = \"2024-01\"  # s.toml:3:9\n");
    EXPECT_CONTAINS(echo, "ticks = 12  # months, default\n");
    EXPECT_CONTAINS(echo, "# end: not set\n");

    Scenario again;
    Problems problems;
    const KeyRecord record = read_document(ConfigDocument::parse(echo, "echo.toml"), again, problems);
    EXPECT_TRUE(problems.empty()) << problems.render() << echo;
    EXPECT_EQ(again.freight.base_usd_per_t, 81.5);
    EXPECT_EQ(again.goods.at("gallium.refined").price_usd_per_t, 0.1);
    EXPECT_EQ(again.policies.at(0).rate_share, 0.3);
    EXPECT_EQ(again.freight.share_by_country, outcome.scenario.freight.share_by_country);
    EXPECT_EQ(again.freight.legs_km, outcome.scenario.freight.legs_km);

    const std::string json = echo_json(outcome.record);
    EXPECT_CONTAINS(json,
                    "\"base_usd_per_t\": {\n      \"value\": 81.5,\n      \"unit\": \"USD/t\",\n      \"origin\": "
                    "\"--set argument 1\"\n    }");
}

TEST(Keys, LoadingReportsOverridesAndKeysInOnePass) {
    Scenario scenario;
    Problems problems;
    auto document =
        ConfigDocument::parse("schema = 1\n[run]\nstart = 5\n[[policy]]\nname = \"b\"\nkind = \"ban\"\n", "s.toml");
    document.apply_overrides(std::vector<std::string>{"policy.c.x=1", "run.tick=3"}, problems);
    read_document(document, scenario, problems);
    EXPECT_EQ(problems.count(), 3u) << problems.render();
}

TEST(Keys, EntryReadersSeeTheirNameAndPlainListsWork) {
    const auto document = ConfigDocument::parse(
        "schema = 1\n[[good]]\nname = \"tin\"\nprice_usd_per_t = 1\n[[good]]\nname = \"zinc\"\nprice_usd_per_t = 2\n",
        "s.toml");
    Problems problems;
    KeyReader keys(document.root(), problems);
    std::vector<Good> goods;
    keys.table_list("good", goods, {.doc = "goods"});
    std::optional<RunTimes> run;
    keys.table("run", run, {.doc = "absent as a whole"});
    keys.finish();
    ASSERT_TRUE(problems.empty()) << problems.render();
    ASSERT_EQ(goods.size(), 2u);
    EXPECT_EQ(goods[1].name, "zinc");
    EXPECT_FALSE(run.has_value());
}

}  // namespace
}  // namespace ytterby
