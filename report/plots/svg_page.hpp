#pragma once

#include <string>

namespace ytterby {

// Sizes that all pictures share, in pixels.
inline constexpr double svg_page_width = 800.0;
inline constexpr double svg_head_height = 56.0;  // title and subtitle of the page
inline constexpr double svg_panel_head = 24.0;   // title of a panel without a legend

/// A text with the special characters of XML escaped.
std::string svg_escaped(const std::string& text);

/// A text at a point; `anchor` is start, middle or end, `style` further attributes.
std::string svg_text(double x, double y, const std::string& anchor, const std::string& text,
                     const std::string& style = {});

/// Opens a white page with title and subtitle; close it with "</svg>\n".
std::string svg_page(double width, double height, const std::string& title, const std::string& subtitle,
                     double left = 20.0);

}  // namespace ytterby
