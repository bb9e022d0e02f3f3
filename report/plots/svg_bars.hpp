#pragma once

#include <string>
#include <vector>

namespace ytterby {

/// A bar from zero to a value, with its interval (NaN: none).
struct SvgBar {
    std::string name;
    double value = 0.0, low = 0.0, high = 0.0;
    bool is_total = false;  // the sum of the others, drawn grey
};

/// Bars one below the other on one axis.
struct SvgBarPanel {
    std::string title;  // with the unit
    std::vector<SvgBar> bars;
};

/// Bars with intervals, panels one above the other, as a complete SVG document.
std::string svg_bars(const std::string& title, const std::string& subtitle, const std::vector<SvgBarPanel>& panels);

}  // namespace ytterby
