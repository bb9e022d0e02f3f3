#pragma once

#include <cstddef>
#include <string_view>

#include "core/config/config.hpp"

namespace ytterby {

/// Applies one `path=value` override to a tree (see ConfigDocument::apply_overrides); `where` becomes the origin of
/// what it sets.
void apply_override(ConfigValue& root, std::string_view argument, const SourceLocation& where, Problems& problems);

/// Index of the entry that a part of a path means: by name, or else by its number counting from 0. The number of
/// entries when there is none.
std::size_t entry_index(const ConfigValue& array, std::string_view part);

}  // namespace ytterby
