#include "core/config/json.hpp"

#include "core/number_text.hpp"

namespace ytterby {

namespace {

constexpr int most_json_nesting = 200;

std::string leaf_text(const Json& value) {
    if (value.is_string()) {
        return value.get<std::string>();
    }
    // A whole number reads the same whether it was written as 60 or as 60.0.
    return value.is_number_float() ? number_text(value.get<double>()) : value.dump();
}

void collect_leaves(const Json& value, const std::string& path, std::vector<JsonLeaf>& leaves) {
    if (value.is_object()) {
        for (const auto& [key, member] : value.items()) {
            collect_leaves(member, path.empty() ? key : path + "." + key, leaves);
        }
    } else if (value.is_array()) {
        for (std::size_t index = 0; index < value.size(); ++index) {
            collect_leaves(value[index], path + "[" + std::to_string(index) + "]", leaves);
        }
    } else {
        leaves.push_back({path, leaf_text(value)});
    }
}

}  // namespace

std::string json_text(const Json& value) { return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::optional<Json> parse_json(std::string_view text) {
    // Too deep a value is cut off while it is read, so that no text can exhaust the stack.
    bool too_deep = false;
    const auto watch = [&too_deep](int depth, Json::parse_event_t, Json&) {
        too_deep = too_deep || depth > most_json_nesting;
        return !too_deep;
    };
    Json value = Json::parse(text, watch, false);
    return value.is_discarded() || too_deep ? std::nullopt : std::optional(std::move(value));
}

std::vector<JsonLeaf> json_leaves(const Json& value) {
    std::vector<JsonLeaf> leaves;
    collect_leaves(value, "", leaves);
    return leaves;
}

}  // namespace ytterby
