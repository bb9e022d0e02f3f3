#pragma once

#include <string>
#include <vector>

namespace ytterby {

/// A square of signed numbers between pairs of names; the half above the diagonal is drawn.
struct SvgHeatMap {
    std::string title;  // of the panel, with the unit
    std::vector<std::string> names;
    std::vector<double> values;  // pairs (0,1), (0,2), ..., (1,2), ...; NaN is left white
    std::vector<bool> is_sure;   // of each pair; sure ones are framed
};

/// Heat maps one above the other, blue below zero and orange above, white at zero, as a complete SVG document.
std::string svg_heat_maps(const std::string& title, const std::string& subtitle, const std::vector<SvgHeatMap>& maps);

}  // namespace ytterby
