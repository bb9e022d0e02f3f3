#include "app/output_folder.hpp"

#include <unistd.h>

#include <stdexcept>

#include "core/config/diagnostics.hpp"

namespace ytterby {

RunFolder take_folder(const std::filesystem::path& path, bool overwrite) {
    try {
        return RunFolder(path, overwrite ? ExistingRun::overwrite : ExistingRun::refuse);
    } catch (const InputError& error) {
        if (::access(path.c_str(), W_OK) == 0) {
            throw;
        }
        const Problem problem = error.problems().sorted().front();
        throw std::runtime_error(problem.key + ": " + problem.what + " (" + problem.why + ")");
    }
}

}  // namespace ytterby
