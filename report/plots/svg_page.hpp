#pragma once

#include <string>

namespace ytterby {

/// A text with the special characters of XML escaped.
std::string svg_escaped(const std::string& text);

/// A text at a point; `anchor` is start, middle or end, `style` further attributes.
std::string svg_text(double x, double y, const std::string& anchor, const std::string& text,
                     const std::string& style = {});

/// Opens a white page with title and subtitle; close it with "</svg>\n".
std::string svg_page(double width, double height, const std::string& title, const std::string& subtitle,
                     double left = 20.0);

}  // namespace ytterby
