#include "experiments/execution/temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "core/system_message.hpp"

namespace ytterby {

TemporaryFolder::TemporaryFolder() {
    // A name that nobody can guess: one that is there already is never used.
    std::string name = (std::filesystem::temp_directory_path() / "ytterby-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("cannot make a folder for temporary files: " + system_message(errno));
    }
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code trouble;
    std::filesystem::remove_all(path_, trouble);
}

}  // namespace ytterby
