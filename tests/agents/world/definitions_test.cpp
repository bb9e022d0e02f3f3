#include "agents/world/definitions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ytterby {
namespace {

/// USGS, Mineral Commodity Summaries 2026, antimony in 2024: reliance 86 % where output is 14 % of apparent
/// consumption.
TEST(NetImportReliance, IsWhatOutputDoesNotCover) {
    EXPECT_NEAR(net_import_reliance(3.5, 25.0), 0.86, 1e-12);
    EXPECT_EQ(net_import_reliance(0.0, 25.0), 1.0);
    EXPECT_EQ(net_import_reliance(30.0, 25.0), 0.0) << "a net exporter";
    EXPECT_TRUE(std::isnan(net_import_reliance(30.0, 0.0)));
    // Imports 30, exports 12, stocks drawn down by 3, output 4: apparent consumption 25.
    EXPECT_NEAR(net_import_reliance(4.0, 4.0 + 30.0 - 12.0 + 3.0), (30.0 - 12.0 + 3.0) / 25.0, 1e-12);
}

TEST(HerfindahlHirschman, IsTheSumOfSquaredShares) {
    EXPECT_DOUBLE_EQ(herfindahl_hirschman(std::vector{5.0, 5.0}), 0.5);
    EXPECT_DOUBLE_EQ(herfindahl_hirschman(std::vector{0.0, 9.0}), 1.0);
    EXPECT_NEAR(herfindahl_hirschman(std::vector{30.0, 30.0, 20.0, 20.0}) * 1e4, 2600.0, 1e-9)
        << "the example of the US Department of Justice";
    EXPECT_TRUE(std::isnan(herfindahl_hirschman(std::vector{0.0, 0.0})));
}

TEST(MonthsOfStock, AreOfNeed) {
    EXPECT_DOUBLE_EQ(months_of_stock(6.0, 3.0, 1.0), 2.0);
    EXPECT_DOUBLE_EQ(months_of_stock(6.0, 3.0, 3.0), 6.0) << "a quarter's need";
    EXPECT_DOUBLE_EQ(days_of_stock(6.0, 0.5, 1.0), 365.2425);
    EXPECT_TRUE(std::isnan(months_of_stock(6.0, 0.0, 1.0)));
}

TEST(UnmetNeed, LeavesOutTheRoundingOfSchedules) {
    EXPECT_DOUBLE_EQ(unmet_need(10.0, 8.0), 2.0);
    EXPECT_EQ(unmet_need(10.0, 10.0 - 1e-6), 0.0);
    EXPECT_EQ(unmet_need(10.0, 11.0), 0.0);
}

}  // namespace
}  // namespace ytterby
