#pragma once

#include <filesystem>

#include "records/folder.hpp"

namespace ytterby {

/// Locks the output folder. A folder in use is bad input; one that cannot be created or written is a failure of the run
/// (std::runtime_error).
RunFolder take_folder(const std::filesystem::path& path, bool overwrite);

}  // namespace ytterby
