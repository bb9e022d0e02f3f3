#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"

namespace ytterby {

/// What a key holds.
enum class KeyType {
    number,
    integer,
    boolean,
    text,
    choice,
    date,
    text_list,
    number_list,
    number_map,
    table,
    table_list,  ///< `[[policy]]`: tables with unique names
    kind_list,   ///< the same, where `kind` decides which keys there are
    table_map    ///< `[good."gallium.refined"]`: tables by name
};

/// Names a key type for messages and docs: "number", "list of texts".
std::string_view describe_type(KeyType type);

/// One declared key, and once a document was read its effective value with the value's origin. Tables hold their keys
/// as children; lists and maps hold one child table per entry (per kind while describing).
struct KeyRecord {
    std::string name = {};
    KeyType type = KeyType::table;
    std::string unit = {};
    std::string doc = {};
    std::string source = {};
    std::optional<ConfigValue> fallback = {};
    bool required = false;
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    std::vector<std::string> allowed = {};
    std::vector<std::string> forms = {};    ///< where only some forms of a block have the key, their names
    std::string only_with = {};             ///< the setting without which the key is refused
    std::optional<ConfigValue> value = {};  ///< effective value; its `where` is the origin ("default" for defaults)
    std::vector<KeyRecord> children = {};

    /// Returns the child of that name, or null.
    const KeyRecord* find(std::string_view child) const;
};

/// The `file` of the origin of a value that was not given.
inline constexpr std::string_view default_origin = "default";

/// The key's doc, headed by the forms that have it and the setting that it needs: "form ban or quota: ...".
std::string doc_text(const KeyRecord& key);

/// Renders the allowed range as text: "from 0 to 1 share", "at least 0 t", or nothing when it is unbounded.
std::string range_text(const KeyRecord& key);

/// Lists the keys as text for a terminal, one key a paragraph, tables as headings.
std::string describe_text(const KeyRecord& root);
/// Lists the keys as a Markdown page, one table per section.
std::string describe_markdown(const KeyRecord& root);
/// Lists the keys as JSON: name, type, unit, default, bounds, allowed values, doc, source, children.
std::string describe_json(const KeyRecord& root);

/// The effective config as TOML that reads back to the same values; each line has unit and origin in a comment.
std::string echo_toml(const KeyRecord& root);
/// The effective config as JSON: for each key its value, unit and origin.
std::string echo_json(const KeyRecord& root);

/// A value as text with its unit, if it has one.
std::string with_unit(const std::string& text, const std::string& unit);

}  // namespace ytterby
