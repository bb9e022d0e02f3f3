#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/config/config.hpp"

namespace ytterby {

/// Parses one TOML text into a tree of values with their locations in `file`. A syntax error (the parser stops at the
/// first) becomes a Problem with the offending line, and nothing is returned.
std::optional<ConfigValue> parse_toml(std::string_view text, const std::string& file, Problems& problems);

/// Parses the right-hand side of `key = value`; nothing when the text is not exactly one TOML value.
std::optional<ConfigValue> parse_toml_value(std::string_view text, const SourceLocation& where);

}  // namespace ytterby
