#include "core/config/json.hpp"

#include <charconv>
#include <cmath>
#include <stdexcept>

namespace ytterby {

namespace {

/// Length of the well-formed UTF-8 sequence that begins the text, or 0.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
        return i < text.size() && byte(i) >= low && byte(i) <= high;
    };
    const unsigned first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return follows(1) ? 2 : 0;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        const unsigned low = first == 0xE0 ? 0xA0 : 0x80;   // no overlong forms
        const unsigned high = first == 0xED ? 0x9F : 0xBF;  // no surrogates
        return follows(1, low, high) && follows(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const unsigned low = first == 0xF0 ? 0x90 : 0x80;
        const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
        return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

}  // namespace

std::string json_number(double value) {
    if (!std::isfinite(value)) {
        return "null";
    }
    char buffer[40];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
    return std::string(buffer, end.ptr);
}

std::string json_string(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const char letter = text.front();
        if (length == 0) {
            out += "\xEF\xBF\xBD";
        } else if (length > 1) {
            out += text.substr(0, length);
        } else if (letter == '"' || letter == '\\') {
            out += '\\';
            out += letter;
        } else if (letter == '\n') {
            out += "\\n";
        } else if (letter == '\r') {
            out += "\\r";
        } else if (letter == '\t') {
            out += "\\t";
        } else if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) {
            out += "\\u00";
            out += digits[static_cast<unsigned char>(letter) >> 4];
            out += digits[static_cast<unsigned char>(letter) & 15];
        } else {
            out += letter;
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return out + "\"";
}

JsonWriter& JsonWriter::open_object() {
    begin_value();
    out_ += '{';
    levels_.push_back(Level::object);
    first_ = true;
    return *this;
}

JsonWriter& JsonWriter::open_array() {
    begin_value();
    out_ += '[';
    levels_.push_back(Level::array);
    first_ = true;
    return *this;
}

JsonWriter& JsonWriter::close_object() {
    close(Level::object, '}');
    return *this;
}

JsonWriter& JsonWriter::close_array() {
    close(Level::array, ']');
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    if (levels_.empty() || levels_.back() != Level::object || after_key_) {
        throw std::logic_error("JSON key '" + std::string(name) + "' outside an object");
    }
    if (!first_) {
        out_ += ',';
    }
    new_line();
    out_ += json_string(name);
    out_ += indent_ > 0 ? ": " : ":";
    first_ = false;
    after_key_ = true;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) { return write_raw(json_string(text)); }
JsonWriter& JsonWriter::value(double number) { return write_raw(json_number(number)); }
JsonWriter& JsonWriter::value(bool truth) { return write_raw(truth ? "true" : "false"); }
JsonWriter& JsonWriter::null() { return write_raw("null"); }

std::string JsonWriter::text() const {
    if (!levels_.empty() || after_key_) {
        throw std::logic_error("JSON text asked for while something is still open");
    }
    return out_ + "\n";
}

JsonWriter& JsonWriter::write_raw(std::string_view text) {
    begin_value();
    out_ += text;
    return *this;
}

void JsonWriter::begin_value() {
    if (levels_.empty()) {
        if (!out_.empty()) {
            throw std::logic_error("JSON text holds one value only");
        }
        return;
    }
    if (levels_.back() == Level::object) {
        if (!after_key_) {
            throw std::logic_error("JSON value without a key inside an object");
        }
        after_key_ = false;
        return;
    }
    if (!first_) {
        out_ += ',';
    }
    new_line();
    first_ = false;
}

void JsonWriter::new_line() {
    if (indent_ <= 0) {
        return;
    }
    out_ += '\n';
    out_.append(levels_.size() * static_cast<std::size_t>(indent_), ' ');
}

void JsonWriter::close(Level level, char bracket) {
    if (levels_.empty() || levels_.back() != level || after_key_) {
        throw std::logic_error(std::string("JSON bracket '") + bracket + "' closes nothing that is open");
    }
    const bool was_empty = first_;
    levels_.pop_back();
    if (!was_empty) {
        new_line();
    }
    out_ += bracket;
    first_ = false;
}

}  // namespace ytterby
