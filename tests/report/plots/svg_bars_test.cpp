#include "report/plots/svg_bars.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "report/plots/svg_heat_map.hpp"

namespace ytterby {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t place = text.find(part); place != std::string::npos; place = text.find(part, place + 1)) {
        ++count;
    }
    return count;
}

TEST(SvgBars, HaveOneBarEachAndIntervalsWhereThereAreSome) {
    const double nan = std::nan("");
    const std::string text = svg_bars("Earned & <lost>", "95 %",
                                      {{"reliance",
                                        {{"screening", -2.0, -2.5, -1.5, false},
                                         {"licence", 1.0, nan, nan, false},
                                         {"unknown", nan, nan, nan, false},
                                         {"all", -1.0, -1.2, -0.8, true}}}});
    EXPECT_EQ(count_of(text, "class=\"bar\""), 3U);
    EXPECT_EQ(count_of(text, "class=\"interval\""), 2U);
    EXPECT_THAT(text, HasSubstr("Earned &amp; &lt;lost&gt;"));
    EXPECT_THAT(text, HasSubstr(">screening<"));
    EXPECT_THAT(text, Not(HasSubstr("nan")));
    EXPECT_THAT(svg_bars("t", "s", {{"nothing moves", {{"a", 0.0, 0.0, 0.0, false}}}}), Not(HasSubstr("nan")));
}

TEST(SvgHeatMaps, DrawPairsInColoursOfTheirSign) {
    const std::string text = svg_heat_maps(
        "Pairs", "framed: sure", {{"reliance", {"a", "b", "c"}, {2.0, -2.0, std::nan("")}, {true, false, false}}});
    EXPECT_EQ(count_of(text, "class=\"pair\""), 2U);
    EXPECT_THAT(text, HasSubstr("fill=\"#E69F00\" stroke=\"#222222\""));
    EXPECT_THAT(text, HasSubstr("fill=\"#0072B2\" stroke=\"#dddddd\""));
    EXPECT_THAT(text, HasSubstr(">+2<"));
    EXPECT_THAT(text, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace ytterby
