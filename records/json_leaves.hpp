#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ytterby {

/// One text, number, boolean or null of a JSON document: its path ("policy.ga_licence.start.value", "files[2]") and its
/// value, texts without quotes.
struct JsonLeaf {
    std::string path = {};
    std::string value = {};
};

/// Whether the text is one well-formed JSON value.
bool is_json(std::string_view text);

/// The leaves of a JSON document in its order (parsed by SQLite). Throws RecordError when the text is not JSON.
std::vector<JsonLeaf> json_leaves(std::string_view text);

}  // namespace ytterby
