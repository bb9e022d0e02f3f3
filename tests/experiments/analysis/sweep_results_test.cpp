#include "experiments/analysis/sweep_results.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>

#include "core/config/csv_rows.hpp"
#include "core/config/diagnostics.hpp"
#include "experiments/analysis/analysis_table.hpp"
#include "experiments/analysis/sweep_layout.hpp"
#include "records/store/sqlite.hpp"
#include "tests/records/scratch_folder.hpp"

namespace ytterby {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* small_plan =
    "run_id,cell,replicate,screening,budget\n0,0,0,off,9\n1,0,1,off,9\n2,1,0,off,10\n3,1,1,off,10\n4,2,0,on,9\n5,2,1,"
    "on,9\n6,3,0,on,10\n7,3,1,on,10\n";

SweepResults read(const ScratchFolder& folder, const std::string& plan, const std::string& results,
                  const std::vector<FixedLevel>& fixed = {}) {
    write_all(folder / "plan.csv", plan);
    write_all(folder / "results.csv", results);
    return read_sweep(folder.path().string(), fixed);
}

std::string refusal(const std::function<void()>& action) {
    try {
        action();
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

/// Eight runs; run 5 failed, and its error holds a comma, a quote and a line break.
std::string small_results(bool with_failure) {
    std::string text = "run_id,cell,replicate,status,error,reliance\r\n";
    for (int run = 0; run < 8; ++run) {
        const std::string place = std::to_string(run) + "," + std::to_string(run / 2) + "," + std::to_string(run % 2);
        text += run == 5 && with_failure ? place + ",failed,\"no price, \"\"none\"\"\nat all\",\r\n"
                                         : place + ",ok,," + std::to_string(run) + ".5\r\n";
    }
    return text;
}

TEST(SweepResults, AreReadAsTheyAre) {
    const ScratchFolder folder;
    const SweepResults results = read(folder, small_plan, small_results(true));
    EXPECT_THAT(results.factor_names(), ElementsAre("screening", "budget"));
    EXPECT_THAT(results.metric_names(), ElementsAre("reliance"));
    EXPECT_EQ(results.value(0, 3, 1), 7.5);
    EXPECT_TRUE(std::isnan(results.value(0, 2, 1)));
    EXPECT_EQ(counts_text(results.counts), "7 of 8 planned runs are ok (1 failed, 0 not run)");
    EXPECT_EQ(results.first_failure, "cell 2, replicate 1: no price, \"none\"\nat all");
    EXPECT_THAT(cell_means(results, 0), ElementsAre(1.0, 3.0, 4.5, 7.0));
    EXPECT_THAT(levels_in_order(results.factors[0]), ElementsAre("off", "on"));
    EXPECT_THAT(levels_in_order(results.factors[1]), ElementsAre("9", "10")) << "as numbers";
}

TEST(SweepResults, CellsAreChosenByLevel) {
    const ScratchFolder folder;
    const SweepResults results = read(folder, small_plan, small_results(true), {{"budget", "10.0"}});
    EXPECT_THAT(results.cells, ElementsAre("1", "3"));
    EXPECT_THAT(results.factor_names(), ElementsAre("screening"));
    EXPECT_EQ(results.counts.planned, 4U);
    EXPECT_THAT(refusal([&] {
                    read_sweep(folder.path().string(), {{"budgt", "10"}});
                }),
                HasSubstr("did you mean 'budget'?"));
    EXPECT_THAT(refusal([&] {
                    read_sweep(folder.path().string(), {{"budget", "11"}});
                }),
                HasSubstr("no cell has budget = 11"));
}

TEST(SweepResults, RefuseFilesThatDoNotMatch) {
    const ScratchFolder folder;
    const std::string head = "run_id,cell,replicate,status,error,reliance\n";
    EXPECT_THAT(refusal([&] { read(folder, small_plan, head + "0,7,0,ok,,1\n"); }),
                testing::AllOf(HasSubstr("results.csv:2:1"), HasSubstr("is not planned")));
    EXPECT_THAT(refusal([&] { read(folder, small_plan, head + "0,0,0,ok,,1\n0,0,0,ok,,1\n"); }),
                HasSubstr("second result"));
    EXPECT_THAT(refusal([&] { read(folder, small_plan, head + "0,0,0,fine,,1\n"); }),
                HasSubstr("is no status of a run"));
    EXPECT_THAT(refusal([&] { read(folder, small_plan, head + "0,0,0,ok,,1 %\n"); }), HasSubstr("is not a number"));
    EXPECT_THAT(refusal([&] { read(folder, small_plan, head + "0,0,0,ok,\"x\n"); }), HasSubstr("never closed"));
    EXPECT_THAT(refusal([&] { read(folder, small_plan, head + "0,0,0,ok\n"); }), HasSubstr("4 cells, the header 6"));
    EXPECT_THAT(refusal([&] { read(folder, small_plan, "run_id,cell,replicate,status,error\n"); }),
                HasSubstr("no metric"));
    EXPECT_THAT(refusal([&] { read(folder, "run_id,cell,replicate,a\n0,0,0,1\n0,0,0,1\n", head); }),
                HasSubstr("planned twice"));
    EXPECT_THAT(refusal([&] { read_sweep((folder / "none").string()); }), HasSubstr("is no folder"));
}

TEST(SweepLayout, HolesAreRefusedOrTheirReplicatesLeftOut) {
    const ScratchFolder folder;
    const SweepResults results = read(folder, small_plan, small_results(true));
    const std::string message = refusal([&] { whole_metric(results, 0, Holes::refuse); });
    for (const char* part : {"1 of 8 runs have no value of 'reliance'", "cell 2, replicate 1",
                             "7 of 8 planned runs are ok", "only the 1 of 2 replicates"}) {
        EXPECT_THAT(message, HasSubstr(part));
    }
    const WholeMetric kept = whole_metric(results, 0, Holes::whole_replicates_only);
    EXPECT_EQ(kept.left_out, 1U);
    EXPECT_THAT(kept.values, ElementsAre(0.5, 2.5, 4.5, 6.5));
}

TEST(SweepLayout, TwoLevelsAreReadAsMasks) {
    const ScratchFolder folder;
    const SweepResults results = read(folder, small_plan, small_results(false));
    EXPECT_EQ(kind_of(results), DesignClass::full_two_level);
    const TwoLevelLayout layout = two_level_layout(results);
    EXPECT_THAT(layout.masks, ElementsAre(0U, 2U, 1U, 3U));
    const FactorialResponse response = factorial_response(layout, whole_metric(results, 0, Holes::refuse));
    EXPECT_EQ(response.cell(1)[0], 4.5) << "screening alone";
    EXPECT_EQ(response.cell(2)[1], 3.5);
    const SweepResults three = read(folder, "run_id,cell,replicate,a\n0,0,0,1\n1,1,0,2\n2,2,0,3\n",
                                    "run_id,cell,replicate,status,error,reliance\n");
    EXPECT_THAT(refusal([&] { two_level_layout(three); }),
                testing::AllOf(HasSubstr("'a' has 3 levels"), HasSubstr("--where a=1")));
    EXPECT_THAT(refusal([&] { saltelli_response(results, whole_metric(results, 0, Holes::refuse)); }),
                HasSubstr("full two-level factorial"));
    EXPECT_THAT(refusal([&] { elementary_effects(results, whole_metric(results, 0, Holes::refuse)); }),
                HasSubstr("Morris"));
}

TEST(SweepLayout, SaltelliBlocksAreSortedByRow) {
    const ScratchFolder folder;
    const SweepResults results = read(folder,
                                      "run_id,cell,replicate,saltelli_block,saltelli_index,x\n0,0,0,B,1,1\n1,1,0,A,1,"
                                      "1\n2,2,0,AB_x,1,1\n3,3,0,A,0,1\n4,4,0,AB_x,0,2\n5,5,0,B,0,3\n",
                                      "run_id,cell,replicate,status,error,y\n0,0,0,ok,,1\n1,1,0,ok,,2\n2,2,0,ok,,3\n3,"
                                      "3,0,ok,,4\n4,4,0,ok,,5\n5,5,0,ok,,6\n");
    const SaltelliResponse response = saltelli_response(results, whole_metric(results, 0, Holes::refuse));
    EXPECT_THAT(response.a, ElementsAre(4, 2));
    EXPECT_THAT(response.b, ElementsAre(6, 1));
    EXPECT_THAT(response.ab[0], ElementsAre(5, 3));
    EXPECT_THAT(response.ba, IsEmpty());
    EXPECT_THAT(refusal([&] { two_level_layout(results); }), HasSubstr("Saltelli design"));
}

TEST(SweepLayout, ElementaryEffectsHaveTheSignOfTheMove) {
    const ScratchFolder folder;
    const SweepResults results =
        read(folder,
             "run_id,cell,replicate,morris_trajectory,morris_step,morris_factor,x,s\n0,0,0,0,0,,10,off\n1,1,0,0,1,x,30,"
             "off\n2,2,0,0,2,s,30,on\n3,3,0,1,0,,40,on\n4,4,0,1,1,x,20,on\n5,5,0,1,2,s,20,off\n",
             "run_id,cell,replicate,status,error,y\n0,0,0,ok,,1\n1,1,0,ok,,3\n2,2,0,ok,,8\n3,3,0,ok,,9\n4,4,0,ok,,7\n5,"
             "5,0,ok,,1\n");
    const std::vector<ElementaryEffect> effects = elementary_effects(results, whole_metric(results, 0, Holes::refuse));
    ASSERT_EQ(effects.size(), 4U);
    const double jump = 2.0 / 3.0;  // of a grid of four levels
    EXPECT_NEAR(effects[0].value, 2.0 / jump, 1e-12);
    EXPECT_NEAR(effects[1].value, 5.0, 1e-12) << "a switch travels its whole range";
    EXPECT_NEAR(effects[2].value, 2.0 / jump, 1e-12) << "down by two when it goes down";
    EXPECT_NEAR(effects[3].value, 6.0, 1e-12);
    EXPECT_EQ(effects[3].factor, 1U);
}

TEST(SweepLayout, AProductWithMorrisIsRefused) {
    const ScratchFolder folder;
    const std::string plan =
        "run_id,cell,replicate,morris_trajectory,morris_step,morris_factor,x,s\n0,0,0,0,0,,1,off\n1,1,0,0,1,x,2,off\n2,"
        "2,0,0,0,,1,on\n3,3,0,0,1,x,2,on\n";
    const std::string outcomes =
        "run_id,cell,replicate,status,error,y\n0,0,0,ok,,1\n1,1,0,ok,,3\n2,2,0,ok,,8\n3,3,0,ok,,9\n";
    const SweepResults both = read(folder, plan, outcomes);
    EXPECT_THAT(refusal([&] { elementary_effects(both, whole_metric(both, 0, Holes::refuse)); }),
                testing::AllOf(HasSubstr("was there before"), HasSubstr("--where")));
    const SweepResults one = read(folder, plan, outcomes, {{"s", "off"}});
    EXPECT_EQ(elementary_effects(one, whole_metric(one, 0, Holes::refuse)).size(), 1U);
}

TEST(SweepLayout, AProductWithSaltelliIsRefused) {
    const ScratchFolder folder;
    const SweepResults both =
        read(folder, "run_id,cell,replicate,saltelli_block,saltelli_index,x,s\n0,0,0,A,0,1,off\n1,1,0,A,0,1,on\n",
             "run_id,cell,replicate,status,error,y\n0,0,0,ok,,1\n1,1,0,ok,,2\n");
    EXPECT_THAT(refusal([&] { saltelli_response(both, whole_metric(both, 0, Holes::refuse)); }),
                HasSubstr("row 0 is twice in block A"));
}

TEST(SweepLayout, RangesAndOrdersAreThoseOfTheDesign) {
    EXPECT_NEAR(share_of_range({.name = "x", .levels = {"10", "20"}, .design_values = "uniform(0, 40)"}, "10", "20"),
                0.25, 1e-12)
        << "the grid was not all visited";
    EXPECT_NEAR(
        share_of_range({.name = "x", .levels = {"1", "10"}, .design_values = "log_uniform(1, 1000)"}, "10", "1"),
        1.0 / 3.0, 1e-12);
    EXPECT_EQ(share_of_range({.name = "x", .levels = {"2", "9"}, .design_values = "2, 9"}, "2", "9"), 1.0);
    EXPECT_THAT(levels_in_order({.name = "x", .levels = {"strict", "lax"}, .design_values = "lax, strict"}),
                ElementsAre("lax", "strict"));
}

TEST(SweepResults, APartOfAUnionHasNoRolesOfOtherParts) {
    const ScratchFolder folder;
    const SweepResults results = read(
        folder, "run_id,cell,replicate,part,morris_trajectory,x\n0,0,0,screen,0,1\n1,1,0,levels,,1\n2,2,0,levels,,2\n",
        "run_id,cell,replicate,status,error,y\n1,1,0,ok,,1\n", {{"part", "levels"}});
    EXPECT_EQ(kind_of(results), DesignClass::full_two_level);
}

TEST(SweepLayout, DiscoveryCountsRunsOfACell) {
    const ScratchFolder folder;
    const SweepResults results = read(folder, small_plan, small_results(true));
    const DiscoveryLayout layout =
        discovery_layout(results, MetricCondition::parse("reliance > 2.6", results.metric_names(), "--fails", {}));
    EXPECT_THAT(layout.points.failing, ElementsAre(0.0, 0.5, 1.0, 1.0)) << "of cell 2 one run is known";
    EXPECT_EQ(layout.known_runs, 7.0);
    EXPECT_THAT(layout.levels[1], ElementsAre("9", "10"));
}

TEST(AnalysisTable, IsWrittenAsCsvAndSqlite) {
    const ScratchFolder folder;
    const AnalysisTable table{
        .name = "found",
        .columns = {"what", "count", "value"},
        .rows = {{std::string("a,b"), std::int64_t{3}, 0.1}, {std::string("c"), std::int64_t{4}, std::nan("")}}};
    write_tables(folder / "out", {table});
    write_tables(folder / "out", {table, {.name = "more", .columns = {"x"}, .rows = {}}});
    EXPECT_EQ(read_all(folder / "out/found.csv"), "what,count,value\r\n\"a,b\",3,0.1\r\nc,4,\r\n");
    const Database database((folder / "out/analysis.sqlite").string(), DatabaseAccess::read);
    Statement query(database, "SELECT what, count, value FROM found ORDER BY count");
    ASSERT_TRUE(query.step());
    EXPECT_EQ(query.text(0), "a,b");
    EXPECT_EQ(query.integer(1), 3);
    EXPECT_EQ(query.real(2), 0.1);
    ASSERT_TRUE(query.step());
    EXPECT_TRUE(query.is_null(2));
    EXPECT_FALSE(query.step()) << "written anew, not twice";
}

}  // namespace
}  // namespace ytterby
