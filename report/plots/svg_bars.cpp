#include "report/plots/svg_bars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/plots/svg_lines.hpp"
#include "report/plots/svg_page.hpp"

namespace ytterby {
namespace {

// The page, in pixels.
constexpr double bar_names_width = 190.0;
constexpr double bars_right_margin = 30.0;
constexpr double bar_step = 22.0;
constexpr double bar_height = 14.0;
constexpr double panel_foot = 40.0;  // axis and gap

double height_of(const SvgBarPanel& panel) {
    return svg_panel_head + bar_step * static_cast<double>(panel.bars.size()) + panel_foot;
}

std::string draw(const SvgBarPanel& panel, double top) {
    double low = 0.0;
    double high = 0.0;
    for (const SvgBar& bar : panel.bars) {
        for (const double value : {bar.value, bar.low, bar.high}) {
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        }
    }
    if (low == high) {
        high = 1.0;
    }
    const std::vector<double> ticks = round_ticks(low, high, 7);
    low = ticks.front();
    high = ticks.back();
    const auto x = [&](double value) {
        return bar_names_width + (svg_page_width - bar_names_width - bars_right_margin) * (value - low) / (high - low);
    };
    const double first = top + svg_panel_head;
    const double bottom = first + bar_step * static_cast<double>(panel.bars.size());
    std::string text = svg_text(20.0, top + 14.0, "start", panel.title, "font-weight=\"bold\"");
    for (const double tick : ticks) {
        text += fmt::format(
            "<line class=\"grid\" x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\" stroke=\"{3}\"/>\n",
            x(tick), first, bottom, std::abs(tick) < 1e-12 * (high - low) ? "#333333" : "#dddddd");
        text += svg_text(x(tick), bottom + 16.0, "middle",
                         fmt::format("{:.4g}", std::abs(tick) < 1e-12 * (high - low) ? 0.0 : tick));
    }
    for (std::size_t which = 0; which < panel.bars.size(); ++which) {
        const SvgBar& bar = panel.bars[which];
        const double y = first + bar_step * (static_cast<double>(which) + 0.5);
        text += svg_text(bar_names_width - 8.0, y + 4.0, "end", bar.name);
        if (!std::isfinite(bar.value)) {
            continue;
        }
        text += fmt::format(
            "<rect class=\"bar\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
            std::min(x(0.0), x(bar.value)), y - bar_height / 2.0, std::abs(x(bar.value) - x(0.0)), bar_height,
            bar.is_total      ? "#999999"
            : bar.value < 0.0 ? "#0072B2"
                              : "#E69F00");
        if (std::isfinite(bar.low) && std::isfinite(bar.high)) {
            text += fmt::format(
                "<path class=\"interval\" d=\"M{0:.1f} {2:.1f} L{1:.1f} {2:.1f} M{0:.1f} {3:.1f} L{0:.1f} {4:.1f} "
                "M{1:.1f} {3:.1f} L{1:.1f} {4:.1f}\" fill=\"none\" stroke=\"#222222\"/>\n",
                x(bar.low), x(bar.high), y, y - 4.0, y + 4.0);
        }
    }
    return text;
}

}  // namespace

std::string svg_bars(const std::string& title, const std::string& subtitle, const std::vector<SvgBarPanel>& panels) {
    double height = svg_head_height;
    for (const SvgBarPanel& panel : panels) {
        height += height_of(panel);
    }
    std::string text = svg_page(svg_page_width, height, title, subtitle);
    double top = svg_head_height;
    for (const SvgBarPanel& panel : panels) {
        text += draw(panel, top);
        top += height_of(panel);
    }
    return text + "</svg>\n";
}

}  // namespace ytterby
