#pragma once

#include <filesystem>
#include <functional>
#include <ostream>
#include <string_view>

namespace ytterby {

/// Writes a file so that a reader sees the old one or the complete new one, never a part: into `<file>.tmp`, which is
/// flushed to the disk and renamed. Throws RecordError when it cannot be written; the old file is then untouched.
void write_whole_file(const std::filesystem::path& file, const std::function<void(std::ostream&)>& write);
void write_whole_file(const std::filesystem::path& file, std::string_view text);

/// Suffix of the file while it is being written.
inline constexpr std::string_view unfinished_ending = ".tmp";

/// Makes a folder inside a run's or a sweep's folder, if it is not there. Throws RecordError, also where a link stands
/// in its place.
void make_own_folder(const std::filesystem::path& folder);

}  // namespace ytterby
