#include "report/plots/svg_lines.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <regex>

namespace ytterby {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::size_t times_in(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t place = text.find(part); place != std::string::npos; place = text.find(part, place + 1)) {
        ++count;
    }
    return count;
}

SvgChart small_chart() {
    SvgChart chart{.title = "Prices & <policy>", .subtitle = "gallium", .points = {}, .panels = {}};
    for (int month = 1; month <= 12; ++month) {
        chart.points.push_back(std::string("2023-") + (month < 10 ? "0" : "") + std::to_string(month));
    }
    chart.panels.push_back({"Price, %",
                            {{"outside", {100, 100, 110, 150, 200, 180, 160, 150, 140, 130, 120, 110}},
                             {"inside", {100, 100, std::nan(""), 95, 95, 95, 95, 95, 96, 97, 98, 99}, true}},
                            {},
                            {100.0}});
    chart.panels.push_back({"Output, %",
                            {{"output", std::vector<double>(12, 100.0)}},
                            {{"middle 80 %", std::vector<double>(12, 90.0), std::vector<double>(12, 110.0)}},
                            {}});
    return chart;
}

TEST(RoundTicks, AreRoundAndCoverTheRange) {
    EXPECT_THAT(round_ticks(0.0, 10.0, 6), ElementsAre(0.0, 2.0, 4.0, 6.0, 8.0, 10.0));
    EXPECT_THAT(round_ticks(93.0, 207.0, 6), ElementsAre(50.0, 100.0, 150.0, 200.0, 250.0));
    EXPECT_THAT(round_ticks(-1.0, 1.0, 5), ElementsAre(-1.0, -0.5, 0.0, 0.5, 1.0));
    EXPECT_LE(round_ticks(0.0012, 0.0013, 6).size(), 8U);
}

TEST(SvgLines, HasAxesLegendAndLines) {
    const std::string text = svg_lines(small_chart());
    EXPECT_THAT(text, HasSubstr("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    EXPECT_THAT(text, HasSubstr("Prices &amp; &lt;policy&gt;"));
    EXPECT_THAT(text, Not(HasSubstr("nan")));
    EXPECT_EQ(times_in(text, "class=\"line\""), 3U);
    EXPECT_EQ(times_in(text, "class=\"band\""), 1U);
    EXPECT_EQ(times_in(text, "class=\"mark\""), 1U);
    for (const char* label : {">outside<", ">inside<", ">middle 80 %<", ">2023-01<", ">100<", ">150<", ">Price, %<"}) {
        EXPECT_THAT(text, HasSubstr(label));
    }
    EXPECT_EQ(times_in(text, ">2023-03<"), 1U) << "labels of the points stand below the last panel only";
}

TEST(SvgLines, ABrokenLineStartsAnew) {
    const std::string text = svg_lines(small_chart());
    const std::size_t dashed = text.find("stroke-dasharray=\"7 4\"");
    ASSERT_NE(dashed, std::string::npos);
    const std::size_t begin = text.rfind("d=\"", dashed);
    EXPECT_EQ(times_in(text.substr(begin, dashed - begin), "M"), 2U) << "a gap where the value is missing";
}

TEST(SvgLines, EverythingLiesOnThePage) {
    const std::string text = svg_lines(small_chart());
    const std::regex pair("[ML](-?[0-9.]+) (-?[0-9.]+)");
    std::size_t points = 0;
    for (auto found = std::sregex_iterator(text.begin(), text.end(), pair); found != std::sregex_iterator(); ++found) {
        const double x = std::stod((*found)[1]);
        const double y = std::stod((*found)[2]);
        EXPECT_TRUE(x >= 69.9 && x <= 780.1 && y >= 0.0 && y <= 610.0) << x << ", " << y;
        ++points;
    }
    EXPECT_GE(points, 35U);
}

TEST(SvgLines, FlatAndEmptyChartsAreDrawn) {
    SvgChart flat{.title = "flat",
                  .subtitle = {},
                  .points = {"2030"},
                  .panels = {{"level", {{"one", {5.0}}}, {}, {}}, {"none", {{"missing", {std::nan("")}}}, {}, {}}}};
    const std::string text = svg_lines(flat);
    EXPECT_THAT(text, Not(HasSubstr("nan")));
    EXPECT_THAT(text, Not(HasSubstr("inf")));
    EXPECT_THAT(svg_lines(SvgChart{}), HasSubstr("</svg>"));
}

}  // namespace
}  // namespace ytterby
