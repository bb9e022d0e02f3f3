#pragma once

#include <string>
#include <vector>

namespace ytterby {

/// A line through one value per point of the horizontal axis; it breaks where a value is NaN.
struct SvgLine {
    std::string name;
    std::vector<double> values;
    bool is_dashed = false;
};

/// A filled band between two lines.
struct SvgBand {
    std::string name;
    std::vector<double> low, high;
};

/// One plot of a chart, with its own vertical axis.
struct SvgPanel {
    std::string title;  // with the unit
    std::vector<SvgLine> lines;
    std::vector<SvgBand> bands;
    std::vector<double> marks;  // values marked by a thin horizontal line, such as 100 %
};

/// A line plot: panels one above the other over the same points.
struct SvgChart {
    std::string title;
    std::string subtitle;
    std::vector<std::string> points;  // labels of the horizontal axis: "2023-07" or "2030"
    std::vector<SvgPanel> panels;
};

/// The chart as a complete SVG document (no scripts, no external fonts or files).
std::string svg_lines(const SvgChart& chart);

/// About `most` round values from low to high or a little beyond, equally far apart (1, 2 or 5 times a power of ten).
std::vector<double> round_ticks(double low, double high, int most);

}  // namespace ytterby
