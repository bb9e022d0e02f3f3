#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ytterby {

/// Renders a double in the shortest form that reads back the same; NaN and infinities become `null`.
std::string json_number(double value);

/// Renders a string with quotes and escapes; bytes that are not UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

/// Writes JSON text piece by piece: `json.open_object(); json.member("seed", 7); json.close_object();`.
/// It adds commas and indentation; nesting in the wrong order throws std::logic_error.
class JsonWriter {
public:
    /// `indent` spaces per level; 0 writes everything on one line.
    explicit JsonWriter(int indent = 2) : indent_(indent) {}

    JsonWriter& open_object();
    JsonWriter& close_object();
    JsonWriter& open_array();
    JsonWriter& close_array();
    JsonWriter& key(std::string_view name);

    JsonWriter& value(std::string_view text);
    JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    JsonWriter& value(double number);
    JsonWriter& value(bool truth);
    JsonWriter& null();

    /// Any whole number.
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    JsonWriter& value(Integer number) {
        return write_raw(std::to_string(number));
    }

    /// An array of values.
    template <class Element>
    JsonWriter& value(const std::vector<Element>& elements) {
        open_array();
        for (const Element& element : elements) {
            value(element);
        }
        return close_array();
    }

    /// A key and its value.
    template <class Value>
    JsonWriter& member(std::string_view name, const Value& held) {
        key(name);
        return value(held);
    }

    /// The finished text, ending in a newline; throws std::logic_error while something is still open.
    std::string text() const;

private:
    enum class Level : std::uint8_t { object, array };

    JsonWriter& write_raw(std::string_view text);
    void begin_value();
    void new_line();
    void close(Level level, char bracket);

    std::string out_;
    std::vector<Level> levels_;
    int indent_ = 2;
    bool first_ = true;
    bool after_key_ = false;
};

}  // namespace ytterby
