#pragma once

#include <filesystem>

namespace ytterby {

/// The file of the running program; empty where the system does not tell.
std::filesystem::path program_file();

}  // namespace ytterby
