#include "report/plots/svg_page.hpp"

#include <fmt/format.h>

namespace ytterby {

std::string svg_escaped(const std::string& text) {
    std::string safe;
    for (const char letter : text) {
        switch (letter) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            default:
                safe += static_cast<unsigned char>(letter) < 0x20 ? ' ' : letter;
        }
    }
    return safe;
}

std::string svg_text(double x, double y, const std::string& anchor, const std::string& text, const std::string& style) {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor,
                       style.empty() ? "" : " " + style, svg_escaped(text));
}

std::string svg_page(double width, double height, const std::string& title, const std::string& subtitle, double left) {
    return fmt::format(
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
               "width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
               "font-family=\"sans-serif\" font-size=\"12\" fill=\"#222222\">\n<title>{2}</title>\n<rect "
               "width=\"{0:.0f}\" height=\"{1:.0f}\" fill=\"#ffffff\"/>\n",
               width, height, svg_escaped(title)) +
           svg_text(left, 24.0, "start", title, "font-size=\"16\" font-weight=\"bold\"") +
           svg_text(left, 42.0, "start", subtitle, "fill=\"#555555\"");
}

}  // namespace ytterby
