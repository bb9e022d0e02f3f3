#pragma once

#include <cstddef>
#include <istream>
#include <memory>
#include <optional>
#include <string>

namespace ytterby {

/// Reads a regular file of at most `most_bytes`; on failure returns nothing, with the reason in `why`.
std::optional<std::string> read_text_file(const std::string& path, std::size_t most_bytes, std::string& why);

/// Opens a regular file for reading; on failure returns nothing, with the reason in `why`.
std::unique_ptr<std::istream> open_text_file(const std::string& path, std::string& why);

/// Returns the file in the same folder whose name is nearest to the one asked for, or an empty string; for suggestions.
std::string nearest_file(const std::string& path);

}  // namespace ytterby
