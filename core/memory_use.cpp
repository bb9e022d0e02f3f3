#include "core/memory_use.hpp"

#include <sys/resource.h>

namespace ytterby {

std::string out_of_memory_text() {
    const auto megabytes = [](double bytes) { return std::to_string(static_cast<long long>(bytes / 1e6)) + " MB"; };
    rusage used = {};
    ::getrusage(RUSAGE_SELF, &used);
    std::string text = "out of memory: " + megabytes(static_cast<double>(used.ru_maxrss) * 1024.0) + " were in use";
    rlimit limit = {};
    if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        text += ", and the process may have " + megabytes(static_cast<double>(limit.rlim_cur)) +
                " of addresses (ulimit -v)";
    }
    return text + ". Fewer firms (population.firms), threads or jobs need less; what was recorded so far is kept";
}

}  // namespace ytterby
