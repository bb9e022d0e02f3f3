#include "records/store/stored_table.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "records/store/stored_run.hpp"
#include "tests/records/scratch_folder.hpp"
#include "tests/records/store/price_rows.hpp"

namespace ytterby {
namespace {

TEST(StoredTable, FlowsOfEveryKindComeBackAsGiven) {
    const ScratchFolder folder;
    const double fob = 0.1, freight = 0.2;
    // tonnes, contract, fob, duty, tariff, freight, friction, rent, cap. Freight alone; domestic; then each other part.
    const std::array<std::array<double, 9>, 8> rows{{{1.5, 0.0, fob, 0.0, 0.0, freight, 0.0, 0.0, INFINITY},
                                                     {2.5, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, NAN},
                                                     {3.5, 0.5, fob, 0.0, 0.0, freight, 0.0, 0.0, INFINITY},
                                                     {4.5, 0.0, fob, 0.5, 0.0, freight, 0.0, 0.0, INFINITY},
                                                     {5.5, 0.0, fob, 0.0, 0.5, freight, 0.0, 0.0, INFINITY},
                                                     {6.5, 0.0, fob, 0.0, 0.0, freight, -0.5, 0.0, INFINITY},
                                                     {7.5, 0.0, fob, 0.0, 0.0, freight, 0.0, 0.5, INFINITY},
                                                     {8.5, 0.0, fob, 0.0, 0.0, freight, 0.0, 0.0, 9.0}}};
    {
        RunStore store(folder.path());
        for (std::int64_t tick = 0; tick < 2; ++tick) {
            store.begin_tick(tick, "2024-01");
            for (const auto& row : rows) {
                const NameCode destination = store.name_code("C" + std::to_string(static_cast<int>(row[0])));
                append_flow(store, store.name_code("gallium.refined"),
                            {store.name_code("CHN"), destination, row[0], row[1], row[2], row[3], row[4], row[5],
                             row[6], row[7], row[8]});
            }
            store.end_tick();
        }
        EXPECT_EQ(store.rows(TableId::flows), 16);
        store.finish();
    }
    {
        const Database run = open_run(folder.path());
        EXPECT_EQ(count(run, "SELECT count(tonnes) + count(tonnes_2) FROM plain_flows_data"), 4)
            << "the narrow table holds those that pay freight alone";
        Statement flows(run, "SELECT * FROM flows WHERE tick = 1 AND origin = 'CHN' ORDER BY tonnes");
        for (const auto& row : rows) {
            ASSERT_TRUE(flows.step());
            EXPECT_EQ(flows.text(2), "gallium.refined");
            EXPECT_EQ(flows.text(4), "C" + std::to_string(static_cast<int>(row[0])));
            // The file's order is that of the row, with the landed value, the sum of all others, fourth.
            for (int column : {0, 1, 2}) {
                EXPECT_EQ(flows.real(5 + column), row[static_cast<std::size_t>(column)]) << column;
            }
            EXPECT_EQ(flows.real(8), row[2] + row[3] + row[5] + row[4] + row[6] + row[7]);
            for (int column : {3, 4, 5, 6, 7}) {
                EXPECT_EQ(flows.real(6 + column), row[static_cast<std::size_t>(column)]) << column;
            }
            EXPECT_EQ(flows.is_null(14), !std::isfinite(row[8]));
            EXPECT_TRUE(!std::isfinite(row[8]) || flows.real(14) == row[8]);
        }
        EXPECT_FALSE(flows.step());
    }
    const RunStore store(folder.path(), {.resume = true, .resume_after_tick = 0});
    EXPECT_EQ(store.rows(TableId::flows), 8) << "a resumed store keeps both kinds up to its last tick";
}

/// A plain flow with a part that is not a number keeps its row, with NULL there and in what is computed from it.
TEST(StoredTable, PlainFlowsWithoutANumberHaveNull) {
    const ScratchFolder folder;
    {
        RunStore store(folder.path());
        store.begin_tick(0, "2024-01");
        append_flow(store, store.name_code("gallium.refined"),
                    {.origin = store.name_code("CHN"),
                     .destination = store.name_code("JPN"),
                     .tonnes = 1.0,
                     .fob_usd = 2.0,
                     .freight_usd = INFINITY});
        append_flow(store, store.name_code("gallium.refined"),
                    {.origin = store.name_code("CHN"),
                     .destination = store.name_code("USA"),
                     .tonnes = NAN,
                     .fob_usd = 2.0,
                     .freight_usd = 0.5});
        store.end_tick();
        EXPECT_EQ(store.rows(TableId::flows), 2);
        store.finish();
    }
    const Database run = open_run(folder.path());
    EXPECT_EQ(count(run, "SELECT count(*) FROM flows"), 2);
    EXPECT_EQ(count(run,
                    "SELECT count(*) FROM flows WHERE destination = 'JPN' AND tonnes = 1.0 AND fob_usd = 2.0 AND "
                    "freight_usd IS NULL AND landed_usd IS NULL"),
              1);
    EXPECT_EQ(count(run,
                    "SELECT count(*) FROM flows WHERE destination = 'USA' AND tonnes IS NULL AND fob_usd = 2.0 AND "
                    "landed_usd = 2.5"),
              1);
}

/// The file holds several plain flows of a good and tick in one row; readers see them one by one.
TEST(StoredTable, PlainFlowsSideBySideAreRowsLikeAllOthers) {
    const ScratchFolder folder;
    // Consecutive flows of each good: full rows of the file, incomplete ones, and goods that come again. A flow of
    // another good ends an incomplete row.
    const std::vector<std::pair<const char*, int>> runs = {{"gallium.refined", 4},
                                                           {"cobalt.refined", 6},
                                                           {"nickel.refined", 1},
                                                           {"cobalt.refined", 3},
                                                           {"gallium.refined", 9}};
    {
        RunStore store(folder.path());
        for (std::int64_t tick = 0; tick < 2; ++tick) {
            store.begin_tick(tick, "2024-0" + std::to_string(tick + 1));
            double tonnes = 0.0;
            for (const auto& [good, flows] : runs) {
                std::vector<FlowRow> rows;
                for (int flow = 0; flow < flows; ++flow) {
                    tonnes += 1.0;
                    const NameCode destination = store.name_code("C" + std::to_string(static_cast<int>(tonnes)));
                    rows.push_back({.origin = store.name_code("CHN"),
                                    .destination = destination,
                                    .tonnes = tonnes,
                                    .fob_usd = 2.0 * tonnes,
                                    .freight_usd = 0.5});
                }
                store.append_flows(store.name_code(good), rows);
            }
            store.append(TableId::treasury, {"CHN", "tariff", tonnes});
            store.end_tick();
        }
        EXPECT_EQ(store.rows(TableId::flows), 46);
        store.finish();
    }
    {
        const Database run = open_run(folder.path());
        EXPECT_EQ(count(run, "SELECT count(*) FROM plain_flows_data"), 16) << "1 + 2 + 1 + 1 + 3, in both ticks";
        for (const auto& [good, flows] :
             {std::pair{"gallium.refined", 13}, {"cobalt.refined", 9}, {"nickel.refined", 1}}) {
            EXPECT_EQ(count(run, "SELECT count(*) FROM flows WHERE tick = 1 AND good = '" + std::string(good) + "'"),
                      flows)
                << good;
        }
        Statement flows(run,
                        "SELECT destination, tonnes, fob_usd, landed_usd, typeof(tonnes), rent_usd, cap_tonnes FROM "
                        "flows WHERE date = '2024-02' ORDER BY tonnes");
        for (int tonnes = 1; tonnes <= 23; ++tonnes) {
            ASSERT_TRUE(flows.step());
            EXPECT_EQ(flows.text(0), "C" + std::to_string(tonnes));
            EXPECT_EQ(flows.real(1), tonnes);
            EXPECT_EQ(flows.real(2), 2.0 * tonnes);
            EXPECT_EQ(flows.real(3), 2.0 * tonnes + 0.5);
            EXPECT_EQ(flows.text(4), "real");
            EXPECT_EQ(flows.real(5), 0.0);
            EXPECT_TRUE(flows.is_null(6));
        }
        EXPECT_FALSE(flows.step());
    }
    const RunStore store(folder.path(), {.resume = true, .resume_after_tick = 0});
    EXPECT_EQ(store.rows(TableId::flows), 23) << "a resumed store counts those that it keeps";
}

/// Indicators that share a row of the file read like those that were written one by one.
TEST(StoredTable, IndicatorsSideBySideAreRowsLikeAllOthers) {
    const ScratchFolder folder;
    {
        RunStore store(folder.path());
        for (std::int64_t tick = 0; tick < 2; ++tick) {
            store.begin_tick(tick, "2024-0" + std::to_string(tick + 1));
            store.append(TableId::indicators, {"price", "gallium.refined", "", 400.0});
            for (const char* country : {"JPN", "USA"}) {
                store.append_indicators(store.name_code("gallium.refined"), store.name_code(country),
                                        {0.5, INFINITY, 3.0, 0.0, 0.0, 0.25 + static_cast<double>(tick)});
            }
            store.end_tick();
        }
        EXPECT_EQ(store.rows(TableId::indicators), 26);
        store.finish();
    }
    {
        const Database run = open_run(folder.path());
        EXPECT_EQ(count(run, "SELECT count(*) FROM indicators"), 26);
        EXPECT_EQ(count(run, "SELECT count(*) FROM indicators WHERE indicator = 'price' AND country = ''"), 2);
        EXPECT_EQ(count(run, "SELECT count(*) FROM indicators WHERE indicator = 'stock_months' AND value IS NULL"), 4);
        Statement one(run,
                      "SELECT * FROM indicators WHERE indicator = 'perceived_risk' AND good = 'gallium.refined' AND "
                      "tick = 1 ORDER BY country");
        for (const char* country : {"JPN", "USA"}) {
            ASSERT_TRUE(one.step());
            EXPECT_EQ(one.text(1), "2024-02");
            EXPECT_EQ(one.text(2), "perceived_risk");
            EXPECT_EQ(one.text(3), "gallium.refined");
            EXPECT_EQ(one.text(4), country);
            EXPECT_EQ(one.real(5), 1.25);
        }
        EXPECT_FALSE(one.step());
    }
    const RunStore store(folder.path(), {.resume = true, .resume_after_tick = 0});
    EXPECT_EQ(store.rows(TableId::indicators), 13) << "a resumed store counts them as rows";
}

/// Views find a good and a tick by the spans of rows, not by reading all of them; also where the rows of goods are
/// mixed, follow a tick that was dropped, or were written by the run that was resumed.
TEST(StoredTable, RowsOfAGoodAreFoundBySpans) {
    const ScratchFolder folder;
    const auto flow = [](RunStore& store, const char* good, const char* from, double rent) {
        append_flow(store, store.name_code(good),
                    {.origin = store.name_code(from),
                     .destination = store.name_code("JPN"),
                     .tonnes = 1.0,
                     .fob_usd = 1.0,
                     .rent_usd = rent,
                     .cap_tonnes = NAN});
    };
    const auto write = [&](RunStore& store, std::int64_t tick) {
        store.begin_tick(tick, "2024-0" + std::to_string(tick + 1));
        for (const char* good : {"gallium.refined", "cobalt.refined", "gallium.refined"}) {
            flow(store, good, "CHN", 0.0);
            flow(store, good, "DEU", 0.0);
            flow(store, good, "USA", 2.0);
        }
        store.append(TableId::treasury, {"JPN", "tariff", 1.0});
    };
    {
        RunStore store(folder.path(), {.ticks_per_commit = 2});
        for (const std::int64_t tick : {0, 1, 2}) {
            write(store, tick);
            store.end_tick();
        }
        write(store, 3);  // and no end
    }
    {
        RunStore store(folder.path(), {.resume = true, .resume_after_tick = 1});
        write(store, 2);
        store.end_tick();
        store.finish();
    }
    const Database run = open_run(folder.path());
    EXPECT_EQ(count(run, "SELECT count(*) FROM flows"), 27);
    EXPECT_EQ(count(run, "SELECT count(*) FROM flows WHERE good = 'gallium.refined'"), 18);
    EXPECT_EQ(count(run, "SELECT count(*) FROM flows WHERE good = 'cobalt.refined' AND tick = 2"), 3);
    EXPECT_EQ(count(run, "SELECT count(*) FROM flows WHERE rent_usd > 0 AND date = '2024-03'"), 3);
    EXPECT_EQ(count(run, "SELECT count(*) FROM treasury WHERE tick > 0"), 2);
    EXPECT_EQ(count(run, "SELECT sum(last - first + 1) FROM spans"),
              count(run,
                    "SELECT (SELECT count(*) FROM plain_flows_data) + (SELECT count(*) FROM flows_data) + (SELECT "
                    "count(*) FROM treasury_data)"))
        << "each row of the file is in one span";
    EXPECT_EQ(count(run, "SELECT count(*) FROM spans WHERE tick = 2"), 7) << "consecutive rows share one";
    Statement plan(run, "EXPLAIN QUERY PLAN SELECT * FROM flows WHERE good = 'gallium.refined'");
    while (plan.step()) {
        const std::string step(plan.text(3));
        EXPECT_TRUE(step.find("SCAN") == std::string::npos || step == "SCAN flows")
            << step << ": the view may be scanned, not a table of the file";
    }
    Statement indicators(
        run,
        "EXPLAIN QUERY PLAN SELECT * FROM indicators WHERE indicator = 'stock_months' AND good = 'gallium.refined'");
    while (indicators.step()) {
        const std::string step(indicators.text(3));
        EXPECT_TRUE(step.find("SCAN") == std::string::npos || step == "SCAN indicators") << step;
    }
}

}  // namespace
}  // namespace ytterby
