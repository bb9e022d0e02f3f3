#include "core/program_file.hpp"

namespace ytterby {

std::filesystem::path program_file() {
    std::error_code trouble;
    const std::filesystem::path file = std::filesystem::read_symlink("/proc/self/exe", trouble);
    return trouble ? std::filesystem::path() : file;
}

}  // namespace ytterby
