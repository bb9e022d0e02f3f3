#include "report/plots/svg_heat_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/plots/svg_page.hpp"

namespace ytterby {
namespace {

// The page, in pixels.
constexpr double row_names_width = 170.0;
constexpr double names_height = 110.0;  // slanted names below
constexpr double largest_square = 64.0;

double square_of(const SvgHeatMap& map) {
    return std::min(largest_square, (svg_page_width - row_names_width - 100.0) /
                                        std::max(1.0, static_cast<double>(map.names.size()) - 1.0));
}

double height_of(const SvgHeatMap& map) {
    return svg_panel_head + square_of(map) * (static_cast<double>(map.names.size()) - 1.0) + names_height;
}

/// White at 0, the full colour at -1 (blue, #0072B2) and 1 (orange, #E69F00), which the colour-blind can distinguish
/// (Okabe and Ito 2008).
std::string colour(double share) {
    const std::array<double, 3> full = share < 0.0 ? std::array{0.0, 114.0, 178.0} : std::array{230.0, 159.0, 0.0};
    const auto mixed = [&](double part) {
        return std::lround(255.0 + (part - 255.0) * std::min(1.0, std::abs(share)));
    };
    return fmt::format("#{:02X}{:02X}{:02X}", mixed(full[0]), mixed(full[1]), mixed(full[2]));
}

std::string draw(const SvgHeatMap& map, double top) {
    const std::size_t count = map.names.size();
    const double side = square_of(map);
    double largest = 0.0;
    for (const double value : map.values) {
        largest = std::isfinite(value) ? std::max(largest, std::abs(value)) : largest;
    }
    std::string text = svg_text(20.0, top + 14.0, "start", map.title, "font-weight=\"bold\"");
    const double first = top + svg_panel_head;
    std::size_t pair = 0;
    for (std::size_t row = 0; row + 1 < count; ++row) {
        const double y = first + side * static_cast<double>(row);
        text += svg_text(row_names_width + side * static_cast<double>(row) - 8.0, y + side / 2.0 + 4.0, "end",
                         map.names[row]);
        for (std::size_t column = row + 1; column < count; ++column, ++pair) {
            const double x = row_names_width + side * static_cast<double>(column - 1);
            const double value = map.values[pair];
            if (!std::isfinite(value)) {
                continue;
            }
            const bool is_sure = map.is_sure[pair];
            text += fmt::format(
                "<rect class=\"pair\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\" "
                "stroke=\"{}\" stroke-width=\"{}\"/>\n",
                x + 1.5, y + 1.5, side - 3.0, side - 3.0, colour(largest > 0.0 ? value / largest : 0.0),
                is_sure ? "#222222" : "#dddddd", is_sure ? 2 : 1);
            if (side >= 34.0) {
                const bool is_dark = value < -0.6 * largest;  // full blue is dark, full orange is not
                text += svg_text(x + side / 2.0, y + side / 2.0 + 4.0, "middle", fmt::format("{:+.2g}", value),
                                 is_dark ? "font-size=\"11\" fill=\"#ffffff\"" : "font-size=\"11\"");
            }
        }
    }
    const double bottom = first + side * static_cast<double>(count - 1);
    for (std::size_t column = 1; column < count; ++column) {
        const double x = row_names_width + side * (static_cast<double>(column) - 0.5);
        text += svg_text(x, bottom + 14.0, "end", map.names[column],
                         fmt::format("transform=\"rotate(-40 {:.1f} {:.1f})\"", x, bottom + 14.0));
    }
    return text;
}

}  // namespace

std::string svg_heat_maps(const std::string& title, const std::string& subtitle, const std::vector<SvgHeatMap>& maps) {
    double height = svg_head_height;
    for (const SvgHeatMap& map : maps) {
        height += height_of(map);
    }
    std::string text = svg_page(svg_page_width, height, title, subtitle);
    double top = svg_head_height;
    for (const SvgHeatMap& map : maps) {
        text += draw(map, top);
        top += height_of(map);
    }
    return text + "</svg>\n";
}

}  // namespace ytterby
