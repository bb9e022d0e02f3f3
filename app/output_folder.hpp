#pragma once

#include <filesystem>

#include "records/folder.hpp"

namespace ytterby {

/// Takes the output folder. A folder in use is bad input; one that the machine will not let us make or write is a
/// failure of the run (std::runtime_error).
RunFolder take_folder(const std::filesystem::path& path, bool overwrite);

}  // namespace ytterby
