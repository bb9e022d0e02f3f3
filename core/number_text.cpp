#include "core/number_text.hpp"

#include <charconv>
#include <cmath>

namespace ytterby {

std::string number_text(double value) {
    std::string text;
    append_number(text, value);
    return text;
}

void append_number(std::string& text, double value) {
    char buffer[40];
    text.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

bool read_number(std::string_view text, double& value) {
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    return !text.empty() && parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && std::isfinite(value);
}

}  // namespace ytterby
