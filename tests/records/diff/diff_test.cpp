#include "records/diff/diff.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <sstream>

#include "core/config/diagnostics.hpp"
#include "core/config/json.hpp"
#include "records/manifest.hpp"
#include "records/store/run_store.hpp"
#include "tests/records/scratch_folder.hpp"

namespace ytterby {
namespace {

/// What makes one small synthetic run differ from another.
struct Synthetic {
    double japan_usd_per_t = 270000.0;
    double china_usd_per_t = 265000.0;
    double imports_t = 10.0;
    double reliance = 0.6;
    double tariff_usd = 0.0;
    std::uint64_t seed = 1;
    std::string approval = "1";
    bool licence = false;
    int first_month = 1;
    int months = 12;
    int every_ticks = 1;  ///< flows are recorded this often
};

void write_run(const std::filesystem::path& folder, const Synthetic& run) {
    std::filesystem::create_directories(folder);
    Manifest manifest{
        .status = "finished", .seed = run.seed, .started = utc_now(), .wall_seconds = run.japan_usd_per_t};
    manifest.config_json = R"({"policy": {"ga_licence": {"approval_share": {"value": )" + run.approval +
                           R"(, "unit": "share", "origin": ")" + folder.filename().string() +
                           R"(.toml:9:3"}}}, "goods": {"value": ["gallium.refined"], "origin": "base.toml:2:1"}})";
    write_manifest(manifest, folder);
    RunStore store(folder);
    for (int month = 0; month < run.months; ++month) {
        char date[16];
        std::snprintf(date, sizeof date, "2024-%02d", run.first_month + month);
        store.begin_tick(month, date);
        for (const auto& [country, price] : {std::pair{"JPN", run.japan_usd_per_t}, {"CHN", run.china_usd_per_t}}) {
            store.append(TableId::prices, {"gallium.refined", country, price, price + month, price, 1.0, price, 0.0,
                                           price, 0.0, nullptr, 0.0, nullptr, 0.0, price});
            store.append(TableId::prices, {"zinc.refined", country, 2600.0, 2600.0, nullptr, 0.0, nullptr, 0.0, nullptr,
                                           0.0, nullptr, 0.0, nullptr, 0.0, 2600.0});
        }
        if (month % run.every_ticks == 0) {
            for (const char* to : {"JPN", "CHN"}) {
                store.append(TableId::flows, {"gallium.refined", "CHN", to, run.imports_t, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
                                              0.0, 0.0, nullptr});
            }
        }
        store.append(TableId::production, {"gallium.refined", "CHN", "recovery", 60.0, 70.0, 0.9, 0.0, 3});
        store.append(TableId::stocks, {"gallium.refined", "JPN", "manufacturer", 30.0, 30.0});
        store.append(TableId::stocks, {"gallium.refined", "JPN", "merchant", 10.0, nullptr});
        store.append(TableId::indicators, {"import_reliance", "gallium.refined", "JPN", run.reliance});
        store.append(TableId::indicators, {"use_t", "gallium.refined", "JPN", 12.0});
        store.append(TableId::indicators, {"price", "gallium.refined", "", run.japan_usd_per_t});
        store.append(TableId::treasury, {"USA", "section_301", run.tariff_usd});
        if (run.licence && month == 2) {
            store.append(TableId::verbs, {"ga_licence", "cap", "CHN->* gallium.refined", 4.0, "t per tick", "start"});
        }
        store.end_tick();
    }
    store.finish();
}

const DiffRow* find_row(const RunDiff& diff, const std::string& measure, const std::string& country) {
    for (const DiffRow& row : diff.rows) {
        if (row.measure == measure && row.country == country) {
            return &row;
        }
    }
    return nullptr;
}

std::string text_of(const RunDiff& diff) {
    std::ostringstream out;
    render_diff_text(diff, out);
    return out.str();
}

TEST(Diff, EqualRunsHaveNoDifferences) {
    const ScratchFolder folder;
    write_run(folder / "a", {});
    std::filesystem::create_directories(folder / "twin");
    write_run(folder / "twin/a", {});
    const RunDiff diff = compare_runs(folder / "a", folder / "twin/a");
    EXPECT_TRUE(diff.empty());
    EXPECT_NE(text_of(diff).find("No differences."), std::string::npos);
    EXPECT_EQ(diff.first_ticks, 12);
}

TEST(Diff, MeansByGoodAndCountryOverTheWindow) {
    const ScratchFolder folder;
    write_run(folder / "a", {});
    write_run(folder / "b", {.japan_usd_per_t = 475000.0,
                             .china_usd_per_t = 281000.0,
                             .imports_t = 5.0,
                             .reliance = 0.48,
                             .tariff_usd = 1e6});
    const RunDiff diff = compare_runs(folder / "a", folder / "b");
    const DiffRow* japan = find_row(diff, "use price", "JPN");
    ASSERT_NE(japan, nullptr);
    EXPECT_DOUBLE_EQ(japan->first, 270005.5);  // mean of 270000 + month
    EXPECT_DOUBLE_EQ(japan->second, 475005.5);
    EXPECT_EQ(japan->unit, "USD/t");
    const DiffRow* imports = find_row(diff, "imports", "JPN");
    ASSERT_NE(imports, nullptr);
    EXPECT_DOUBLE_EQ(imports->first, 10.0);
    EXPECT_DOUBLE_EQ(imports->relative(), -0.5);
    EXPECT_EQ(find_row(diff, "imports", "CHN"), nullptr) << "domestic trade is no import";
    EXPECT_EQ(find_row(diff, "production", "CHN"), nullptr) << "equal rows are left out";
    EXPECT_EQ(find_row(diff, "stocks", "JPN"), nullptr);
    ASSERT_NE(find_row(diff, "net import reliance", "JPN"), nullptr);
    const DiffRow* tariff = find_row(diff, "treasury: section_301", "USA");
    ASSERT_NE(tariff, nullptr);
    EXPECT_TRUE(std::isinf(tariff->relative()));
    EXPECT_EQ(tariff, &diff.rows.back()) << "treasuries come last";
    EXPECT_TRUE(diff.verbs.empty());
}

TEST(Diff, HeadlinesNameTheLargestDifferences) {
    const ScratchFolder folder;
    write_run(folder / "a", {});
    write_run(folder / "b", {.japan_usd_per_t = 475000.0, .china_usd_per_t = 281000.0, .reliance = 0.48});
    const RunDiff diff = compare_runs(folder / "a", folder / "b");
    ASSERT_GE(diff.headlines.size(), 2u);
    EXPECT_EQ(diff.headlines[0], "gallium.refined: use price JPN 270 -> 475 USD/kg (+76 %), CHN 265 -> 281 (+6 %)");
    EXPECT_EQ(diff.headlines[1], "gallium.refined: net import reliance JPN 0.6 -> 0.48 share (-12 points)");
    const std::string text = text_of(diff);
    EXPECT_NE(text.find(diff.headlines[0]), std::string::npos);
    EXPECT_NE(text.find("  use price            JPN        270     475  USD/kg       +76 %\n"), std::string::npos)
        << text;
}

TEST(Diff, ManifestsAndVerbs) {
    const ScratchFolder folder;
    write_run(folder / "a", {});
    write_run(folder / "b", {.seed = 2, .approval = "0.4", .licence = true});
    const RunDiff diff = compare_runs(folder / "a", folder / "b");
    EXPECT_TRUE(diff.rows.empty());
    ASSERT_EQ(diff.keys.size(), 2u);
    EXPECT_EQ(diff.keys[0].key, "policy.ga_licence.approval_share");
    EXPECT_EQ(diff.keys[0].first, "1");
    EXPECT_EQ(diff.keys[0].second, "0.4");
    EXPECT_EQ(diff.keys[0].first_origin, "a.toml:9:3");
    EXPECT_EQ(diff.keys[0].second_origin, "b.toml:9:3");
    EXPECT_EQ(diff.keys[1].key, "seed");
    ASSERT_EQ(diff.verbs.size(), 1u);
    EXPECT_FALSE(diff.verbs[0].in_first);
    EXPECT_EQ(diff.verbs[0].date, "2024-03");
    const std::string text = text_of(diff);
    EXPECT_NE(text.find("No differences in results."), std::string::npos) << text;
    EXPECT_NE(text.find("approval_share: 1 [a.toml:9:3] -> 0.4 [b.toml:9:3]"), std::string::npos) << text;
    EXPECT_NE(text.find("measures only in the second\n  2024-03  ga_licence: cap CHN->* gallium.refined, 4 t per tick"),
              std::string::npos)
        << text;
}

TEST(Diff, WindowIsWhatBothRunsHaveAndOptionsAllow) {
    const ScratchFolder folder;
    write_run(folder / "a", {.first_month = 1, .months = 8});
    write_run(folder / "b", {.first_month = 4, .months = 9});
    RunDiff diff = compare_runs(folder / "a", folder / "b");
    EXPECT_EQ(diff.from, "2024-04");
    EXPECT_EQ(diff.to, "2024-08");
    EXPECT_EQ(diff.first_ticks, 5);
    EXPECT_EQ(diff.second_ticks, 5);
    diff = compare_runs(folder / "a", folder / "b", {.from = "2024-05", .to = "2024-07"});
    EXPECT_EQ(diff.from, "2024-05");
    EXPECT_EQ(diff.to, "2024-07");
    diff = compare_runs(folder / "a", folder / "b", {.last = 2});
    EXPECT_EQ(diff.from, "2024-07");
    EXPECT_EQ(diff.first_ticks, 2);
    EXPECT_THROW(compare_runs(folder / "a", folder / "b", {.from = "2030-01"}), InputError);
    EXPECT_THROW(compare_runs(folder / "a", folder / "missing"), InputError);
}

TEST(Diff, JsonAndCsvHoldEveryRow) {
    const ScratchFolder folder;
    write_run(folder / "a", {});
    write_run(folder / "b", {.japan_usd_per_t = 475000.0, .imports_t = 0.0, .tariff_usd = 5.0});
    const RunDiff diff = compare_runs(folder / "a", folder / "b");
    std::ostringstream json, csv;
    render_diff_json(diff, json);
    const auto parsed = parse_json(json.str());
    ASSERT_TRUE(parsed.has_value());
    std::size_t measures = 0;
    for (const JsonLeaf& leaf : json_leaves(*parsed)) {
        measures += leaf.path.ends_with("].measure") ? 1 : 0;
    }
    EXPECT_EQ(measures, diff.rows.size());
    render_diff_csv(diff, csv);
    std::size_t lines = 0;
    for (const char letter : csv.str()) {
        lines += letter == '\n' ? 1 : 0;
    }
    EXPECT_EQ(lines, diff.rows.size() + 1);
    EXPECT_NE(csv.str().find("gallium.refined,imports,JPN,t per tick,10,0,-10,-1\r\n"), std::string::npos) << csv.str();
}

TEST(Diff, EqualValuesOfOtherOriginAreNoDifference) {
    const ScratchFolder folder;
    write_run(folder / "a", {});
    write_run(folder / "b", {});
    EXPECT_TRUE(compare_runs(folder / "a", folder / "b").empty()) << "only the origin of the approval differs";
}

TEST(Diff, LongTablesAreCutWithANote) {
    const ScratchFolder folder;
    write_run(folder / "a", {});
    write_run(folder / "b", {.japan_usd_per_t = 475000.0, .china_usd_per_t = 281000.0, .imports_t = 5.0});
    const RunDiff diff = compare_runs(folder / "a", folder / "b");
    ASSERT_EQ(diff.rows.size(), 3u);
    std::ostringstream cut, whole;
    render_diff_text(diff, cut, {.rows_per_good = 1});
    render_diff_text(diff, whole, {.rows_per_good = 0});
    EXPECT_NE(cut.str().find("and 2 smaller differences"), std::string::npos) << cut.str();
    EXPECT_EQ(whole.str().find("smaller differences"), std::string::npos) << whole.str();
}

TEST(Diff, ToleranceHidesSmallDifferences) {
    const ScratchFolder folder;
    write_run(folder / "a", {});
    write_run(folder / "b", {.japan_usd_per_t = 270000.001});
    EXPECT_FALSE(compare_runs(folder / "a", folder / "b").empty());
    EXPECT_TRUE(compare_runs(folder / "a", folder / "b", {.tolerance = 1e-6}).empty());
}

TEST(Diff, ARunRecordedLessOftenHasTheSameMeans) {
    const ScratchFolder folder;
    write_run(folder / "a", {});
    write_run(folder / "b", {.every_ticks = 3});
    EXPECT_TRUE(compare_runs(folder / "a", folder / "b").rows.empty());
    write_run(folder / "c", {.every_ticks = 3});
    const RunDiff diff = compare_runs(folder / "a", folder / "c", {.from = "2024-02", .to = "2024-03"});
    const DiffRow* imports = find_row(diff, "imports", "JPN");
    ASSERT_NE(imports, nullptr);
    EXPECT_TRUE(std::isnan(imports->second)) << "not recorded is not zero";
    EXPECT_EQ(shown_change(*imports), "-");
}

TEST(Diff, NumbersForReaders) {
    EXPECT_EQ(shown_number(0.0), "0");
    EXPECT_EQ(shown_number(475.0), "475");
    EXPECT_EQ(shown_number(0.0132), "0.0132");
    EXPECT_EQ(shown_number(1.5), "1.5");
    EXPECT_EQ(shown_number(1234567.0), "1,234,567");
    EXPECT_EQ(shown_number(-123456.4), "-123,456");
    EXPECT_EQ(shown_number(std::numeric_limits<double>::quiet_NaN()), "-");
    EXPECT_EQ(shown_change({.first = 2.0, .second = 3.0}), "+50 %");
    EXPECT_EQ(shown_change({.first = 0.0, .second = 3.0}), "new");
    EXPECT_EQ(shown_change({.unit = "share", .first = 0.5, .second = 0.25}), "-25 points");
}

}  // namespace
}  // namespace ytterby
