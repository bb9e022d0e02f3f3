#include "app/run_options.hpp"

#include <fmt/format.h>

namespace ytterby {

std::vector<std::string> overrides_of(const RunOptions& options) {
    std::vector<std::string> overrides = options.sets;
    const auto add = [&](const char* key, const auto& value) {
        if (value) {
            overrides.push_back(fmt::format("run.{}={}", key, *value));
        }
    };
    add("seed", options.seed);
    add("ticks", options.ticks);
    add("threads", options.threads);
    add("replicate", options.replicate);
    if (options.check_laws) {
        overrides.emplace_back("run.check_laws=true");
    }
    if (options.csv) {
        overrides.emplace_back("records.csv=true");
    }
    return overrides;
}

}  // namespace ytterby
