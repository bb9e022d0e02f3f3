#include "report/ensemble_report.hpp"

#include <gmock/gmock.h>

#include <cmath>

namespace ytterby {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Two goods, 2029 to 2031; prices of the first good grow by e^step a year in one member.
EnsembleMember made_member(std::uint32_t seed, const std::vector<double>& prices) {
    EnsembleMember member{.seed = seed, .rows = {}, .error = {}};
    for (std::size_t year = 0; year < prices.size(); ++year) {
        member.rows.push_back({static_cast<std::int32_t>(2029 + year), 0, prices[year], 10.0 * seed, 9.0, 1.0, 0.5});
        member.rows.push_back({static_cast<std::int32_t>(2029 + year), 1, 50000.0, 1.0, 1.0, 0.0, std::nan("")});
    }
    return member;
}

EnsembleSummary made_summary() {
    EnsembleSummary summary({"nickel.ore", "gallium.refined"}, {100.0, 50000.0});
    for (std::uint32_t seed = 1; seed <= 11; ++seed) {
        summary.add(made_member(seed, {100.0, 100.0 + seed, 100.0}));
    }
    summary.add({12, {}, "no equilibrium"});
    return summary;
}

TEST(EnsembleSummary, SpreadIsOverMembersThatRan) {
    const EnsembleSummary summary = made_summary();
    EXPECT_EQ(summary.ran(), 11U);
    ASSERT_EQ(summary.failures().size(), 1U);
    EXPECT_EQ(summary.failures().front(), "seed 12: no equilibrium");
    EXPECT_EQ(summary.years(), (std::vector{2029, 2030, 2031}));
    const Spread spread = spread_of(summary.values(0, 2030, &AnnualRow::price_usd_per_t));
    EXPECT_DOUBLE_EQ(spread.low, 102.0);
    EXPECT_DOUBLE_EQ(spread.median, 106.0);
    EXPECT_DOUBLE_EQ(spread.high, 110.0);
}

TEST(EnsembleSummary, VolatilityIsTheMedianOfTheMembers) {
    // Changes of log(1.06) and its opposite in the median member: standard deviation sqrt(2) log(1.06).
    EXPECT_NEAR(made_summary().volatility(0), std::sqrt(2.0) * std::log(1.06), 1e-12);
    EXPECT_DOUBLE_EQ(made_summary().volatility(1), 0.0);
    EnsembleSummary brief({"nickel.ore"}, {100.0});
    brief.add(made_member(1, {100.0, 120.0}));
    EXPECT_TRUE(std::isnan(brief.volatility(0))) << "one change has no spread";
}

TEST(EnsembleSummary, TextShowsYearsOfInterestBesideTheData) {
    BaseData data;
    data.observed_volatility["nickel.ore"] = {0.31, "1994-2024"};
    const std::string text = made_summary().text(data);
    EXPECT_THAT(text, HasSubstr("1.06 (1.02-1.10)"));
    EXPECT_THAT(text, HasSubstr("0.08 (0.31, 1994-2024)"));
    EXPECT_THAT(text, HasSubstr("10 (10-10)")) << "unmet need, %";
    EXPECT_THAT(text, Not(HasSubstr("  2045")));
    for (std::size_t begin = 0; begin < text.size(); begin = text.find('\n', begin) + 1) {
        EXPECT_LE(text.find('\n', begin) - begin, 100U) << text.substr(begin, 120);
    }
    EXPECT_EQ(EnsembleSummary({"nickel.ore"}, {100.0}).text(data), "no run of a whole calendar year\n");
}

TEST(EnsembleTable, AFailedMemberIsARowWithItsError) {
    Economy economy;
    economy.goods.resize(2);
    economy.goods[0].name = "nickel.ore";
    economy.goods[1].name = "gallium.refined";
    std::ostringstream out;
    write_ensemble_header(out);
    EnsembleMember member = made_member(3, {100.0});
    write_ensemble_member(member, economy, out);
    write_ensemble_member({4, {}, "broken, \"badly\""}, economy, out);
    EXPECT_EQ(out.str(),
              "seed,year,good,price_usd_per_t,output_t,use_t,unmet_t,us_reliance_share,error\r\n3,2029,nickel.ore,100,"
              "30,9,1,0.5,\r\n3,2029,gallium.refined,50000,1,1,0,,\r\n4,,,,,,,,\"broken, \"\"badly\"\"\"\r\n");
}

TEST(EnsembleFan, HasABandAndAMedian) {
    const SvgChart chart = made_summary().fan(0, "title");
    ASSERT_EQ(chart.points.size(), 3U);
    ASSERT_EQ(chart.panels.size(), 1U);
    EXPECT_DOUBLE_EQ(chart.panels[0].bands[0].low[1], 0.102);
    EXPECT_DOUBLE_EQ(chart.panels[0].lines[0].values[1], 0.106);
    EXPECT_DOUBLE_EQ(chart.panels[0].marks[0], 0.1);
}

}  // namespace
}  // namespace ytterby
