#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ytterby {

/// A JSON value; members of an object keep the order in which they were added. NaN and infinities are written as
/// `null`, numbers in the shortest form that reads back the same.
using Json = nlohmann::ordered_json;

/// The value as text, indented by two spaces and ending in a newline; bytes that are not UTF-8 become U+FFFD.
std::string json_text(const Json& value);

/// The value of a JSON text; nothing when the text is not one well-formed value, or is nested more than 200 deep.
std::optional<Json> parse_json(std::string_view text);

/// One text, number, boolean or null of a JSON value: its path ("policy.ga_licence.start.value", "files[2]") and its
/// value, texts without quotes.
struct JsonLeaf {
    std::string path = {};
    std::string value = {};
};

/// The leaves of a JSON value in its order.
std::vector<JsonLeaf> json_leaves(const Json& value);

}  // namespace ytterby
