#include "core/printable.hpp"

#include <cstdint>

namespace ytterby {

namespace {

/// A character that does something to a terminal, and the bytes that it takes; 0 bytes for any other.
struct Control {
    std::uint32_t code = 0;
    std::size_t bytes = 0;
};

Control control_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t place) { return static_cast<unsigned char>(text[place]); };
    const unsigned char first = byte(at);
    if (first == '\r' && at + 1 < text.size() && text[at + 1] == '\n') {
        return {};  // a line break too
    }
    if ((first < 0x20 && first != '\n' && first != '\t') || first == 0x7F) {
        return {first, 1};
    }
    // U+0080 to U+009F, which some terminals obey like the escapes that they stand for.
    if (first == 0xC2 && at + 1 < text.size() && byte(at + 1) >= 0x80 && byte(at + 1) <= 0x9F) {
        return {byte(at + 1), 2};
    }
    // U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069 turn the direction of writing.
    if (first == 0xE2 && at + 2 < text.size() && (byte(at + 1) == 0x80 || byte(at + 1) == 0x81)) {
        const std::uint32_t code = 0x2000U + (byte(at + 1) & 1U) * 0x40U + (byte(at + 2) & 0x3FU);
        if (code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
            (code >= 0x2066 && code <= 0x2069)) {
            return {code, 3};
        }
    }
    return {};
}

}  // namespace

std::string printable(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const Control control = control_at(text, at);
        if (control.bytes == 0) {
            out += text[at++];
            continue;
        }
        out += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4) {
            out += digits[control.code >> shift & 15U];
        }
        at += control.bytes;
    }
    return out;
}

bool has_control_characters(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (control_at(text, at).bytes != 0) {
            return true;
        }
    }
    return false;
}

}  // namespace ytterby
