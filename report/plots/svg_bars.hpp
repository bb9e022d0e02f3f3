#pragma once

#include <string>
#include <vector>

namespace ytterby {

/// A bar from zero to a value, with its interval (NaN: none).
struct SvgBar {
    std::string name;
    double value = 0.0, low = 0.0, high = 0.0;
    bool is_total = false;  // drawn grey, as what the others add up to
};

/// Bars below each other on an axis of their own.
struct SvgBarPanel {
    std::string title;  // with the unit
    std::vector<SvgBar> bars;
};

/// Bars with intervals, panels one above the other, as an SVG document of its own.
std::string svg_bars(const std::string& title, const std::string& subtitle, const std::vector<SvgBarPanel>& panels);

}  // namespace ytterby
