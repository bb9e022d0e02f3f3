#include "report/plots/svg_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "report/plots/svg_page.hpp"

namespace ytterby {
namespace {

// The page, in pixels.
constexpr double left_margin = 70.0;
constexpr double right_margin = 20.0;
constexpr double panel_height = 250.0;  // with its title, without the gap below
constexpr double panel_gap = 20.0;
constexpr double legend_height = 44.0;  // title of the panel and its legend
constexpr double foot_height = 34.0;
constexpr double letter_width = 6.6;  // of a 12-pixel sans-serif letter, on average
constexpr std::size_t most_point_ticks = 10;
constexpr int most_value_ticks = 6;

/// Colours that the colour-blind can distinguish (Okabe and Ito 2008).
constexpr std::array colours{"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"};

/// The coordinates of one panel.
struct Frame {
    double top, bottom, low, high;
    std::size_t points;

    double x(std::size_t point) const {
        const double width = svg_page_width - left_margin - right_margin;
        return points > 1 ? left_margin + width * static_cast<double>(point) / static_cast<double>(points - 1)
                          : left_margin + width / 2.0;
    }
    double y(double value) const { return bottom - (bottom - top) * (value - low) / (high - low); }
};

/// The least and the largest value of a panel, with some room where all are equal.
void find_range(const SvgPanel& panel, double& low, double& high) {
    low = std::numeric_limits<double>::infinity();
    high = -low;
    const auto take = [&](const std::vector<double>& values) {
        for (const double value : values) {
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        }
    };
    for (const SvgLine& line : panel.lines) {
        take(line.values);
    }
    for (const SvgBand& band : panel.bands) {
        take(band.low);
        take(band.high);
    }
    take(panel.marks);
    if (!(low <= high)) {
        low = 0.0;
        high = 1.0;
    }
    if (high - low <= 1e-9 * std::max(std::abs(low), std::abs(high)) || high <= low) {
        const double room = std::max(1e-6, 0.05 * std::abs(high));
        low -= room;
        high += room;
    }
}

/// The points that get a label: every `step` points from `first`. Where points are months, labels fall on years'
/// starts.
struct PointTicks {
    std::size_t first = 0;
    std::size_t step = 1;
};
PointTicks point_ticks(const std::vector<std::string>& points) {
    PointTicks ticks;
    const bool are_months = !points.empty() && points.front().size() == 7;
    std::vector<std::size_t> steps{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000, 100000};
    if (are_months) {
        steps = {1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 12000, 120000};
    }
    ticks.step = steps.back();
    for (const std::size_t step : steps) {
        if (points.size() <= step * most_point_ticks) {
            ticks.step = step;
            break;
        }
    }
    for (std::size_t point = 0; are_months && point < points.size(); ++point) {
        if (points[point].ends_with("-01")) {
            ticks.first = point % ticks.step;
            break;
        }
    }
    return ticks;
}

std::string path_of(const Frame& frame, const std::vector<double>& values) {
    std::string path;
    bool pen_down = false;
    for (std::size_t point = 0; point < std::min(values.size(), frame.points); ++point) {
        if (!std::isfinite(values[point])) {
            pen_down = false;
            continue;
        }
        path += fmt::format("{}{:.1f} {:.1f} ", pen_down ? "L" : "M", frame.x(point), frame.y(values[point]));
        pen_down = true;
    }
    return path;
}

std::string band_shape(const Frame& frame, const SvgBand& band, const char* colour) {
    std::string there;
    std::string back;
    for (std::size_t point = 0; point < std::min({band.low.size(), band.high.size(), frame.points}); ++point) {
        if (std::isfinite(band.low[point]) && std::isfinite(band.high[point])) {
            there += fmt::format("{:.1f},{:.1f} ", frame.x(point), frame.y(band.high[point]));
            back = fmt::format("{:.1f},{:.1f} ", frame.x(point), frame.y(band.low[point])) + back;
        }
    }
    return fmt::format("<polygon class=\"band\" points=\"{}{}\" fill=\"{}\" fill-opacity=\"0.2\" stroke=\"none\"/>\n",
                       there, back, colour);
}

std::string axes(const SvgChart& chart, const Frame& frame, bool with_points) {
    std::string text;
    const double right = svg_page_width - right_margin;
    for (const double value : round_ticks(frame.low, frame.high, most_value_ticks)) {
        if (value < frame.low - 1e-9 * (frame.high - frame.low) ||
            value > frame.high + 1e-9 * (frame.high - frame.low)) {
            continue;
        }
        const double y = frame.y(value);
        text += fmt::format(
            "<line class=\"grid\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#dddddd\"/>\n",
            left_margin, y, right, y);
        text += svg_text(left_margin - 8.0, y + 4.0, "end", fmt::format("{:.6g}", value));
    }
    const PointTicks ticks = point_ticks(chart.points);
    for (std::size_t point = ticks.first; point < chart.points.size(); point += ticks.step) {
        const double x = frame.x(point);
        text += fmt::format(
            "<line class=\"tick\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#333333\"/>\n", x,
            frame.bottom, x, frame.bottom + 5.0);
        if (with_points) {
            text += svg_text(x, frame.bottom + 18.0, "middle", chart.points[point]);
        }
    }
    return text +
           fmt::format(
               "<path d=\"M{0:.1f} {1:.1f} L{0:.1f} {2:.1f} L{3:.1f} {2:.1f}\" fill=\"none\" stroke=\"#333333\"/>\n",
               left_margin, frame.top, frame.bottom, right);
}

std::string draw_panel(const SvgChart& chart, const SvgPanel& panel, double top, bool is_last) {
    double low = 0.0;
    double high = 1.0;
    find_range(panel, low, high);
    const std::vector<double> ticks = round_ticks(low, high, most_value_ticks);
    const Frame frame{top + legend_height, top + panel_height, std::min(low, ticks.front()),
                      std::max(high, ticks.back()), chart.points.size()};
    std::string text = svg_text(left_margin, top + 14.0, "start", panel.title, "font-weight=\"bold\"");
    text += axes(chart, frame, is_last);
    for (const double mark : panel.marks) {
        text += fmt::format(
            "<line class=\"mark\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#888888\" "
            "stroke-dasharray=\"2 3\"/>\n",
            left_margin, frame.y(mark), svg_page_width - right_margin, frame.y(mark));
    }
    double x = left_margin;
    const double y = top + 32.0;
    for (std::size_t which = 0; which < panel.bands.size(); ++which) {
        const char* colour = colours[which % colours.size()];
        text += band_shape(frame, panel.bands[which], colour);
        text += fmt::format(
            "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"22\" height=\"10\" fill=\"{}\" fill-opacity=\"0.2\"/>\n", x,
            y - 9.0, colour);
        text += svg_text(x + 27.0, y, "start", panel.bands[which].name);
        x += 45.0 + letter_width * static_cast<double>(panel.bands[which].name.size());
    }
    for (std::size_t which = 0; which < panel.lines.size(); ++which) {
        const SvgLine& line = panel.lines[which];
        const char* colour = colours[which % colours.size()];
        const char* dashes = line.is_dashed ? " stroke-dasharray=\"7 4\"" : "";
        text += fmt::format("<path class=\"line\" d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"{}/>\n",
                            path_of(frame, line.values), colour, dashes);
        text += fmt::format(
            "<line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{2:.1f}\" y2=\"{1:.1f}\" stroke=\"{3}\" "
            "stroke-width=\"2\"{4}/>\n",
            x, y - 4.0, x + 22.0, colour, dashes);
        text += svg_text(x + 27.0, y, "start", line.name);
        x += 45.0 + letter_width * static_cast<double>(line.name.size());
    }
    return text;
}

}  // namespace

std::vector<double> round_ticks(double low, double high, int most) {
    const double rough = (high - low) / std::max(1, most - 1);
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    double step = 10.0 * power;
    for (const double multiple : {1.0, 2.0, 5.0}) {
        if (multiple * power >= rough * (1.0 - 1e-9)) {
            step = multiple * power;
            break;
        }
    }
    std::vector<double> ticks;
    const double first = std::floor(low / step + 1e-9);
    const double last = std::ceil(high / step - 1e-9);
    for (double number = first; number <= last; number += 1.0) {
        ticks.push_back(number * step);
    }
    return ticks;
}

std::string svg_lines(const SvgChart& chart) {
    const double height = svg_head_height + (panel_height + panel_gap) * static_cast<double>(chart.panels.size()) -
                          panel_gap + foot_height;
    std::string text = svg_page(svg_page_width, height, chart.title, chart.subtitle, left_margin);
    for (std::size_t which = 0; which < chart.panels.size(); ++which) {
        text += draw_panel(chart, chart.panels[which],
                           svg_head_height + (panel_height + panel_gap) * static_cast<double>(which),
                           which + 1 == chart.panels.size());
    }
    return text + "</svg>\n";
}

}  // namespace ytterby
