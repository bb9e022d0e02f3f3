#pragma once

#include <string>

#include "core/config/config.hpp"

namespace ytterby {

/// Merges a later table into a base: tables key by key, arrays of named tables by `name` (an entry with `remove = true`
/// drops the earlier one), anything else is replaced. `path` names the table in messages.
void merge_tables(ConfigValue& base, const ConfigValue& later, const std::string& path, Problems& problems);

/// Reports entries of one array of tables that share a name, and drops the later ones, in all sub-tables too.
void drop_repeated_names(ConfigValue& table, const std::string& path, Problems& problems);

/// The names of the entries of an array of tables.
std::vector<std::string> entry_names(const ConfigValue& array);

/// Joins a path and a key, quoting the key where it needs it.
std::string join_path(const std::string& path, std::string_view key);

/// Returns the index of the entry of that name, or the number of entries.
std::size_t find_entry(const ConfigValue& array, std::string_view name);

}  // namespace ytterby
