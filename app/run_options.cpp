#include "app/run_options.hpp"

#include <fmt/format.h>

namespace ytterby {

std::vector<std::string> overrides_of(const RunOptions& words) {
    std::vector<std::string> overrides = words.sets;
    const auto add = [&](const char* key, const auto& value) {
        if (value) {
            overrides.push_back(fmt::format("run.{}={}", key, *value));
        }
    };
    add("seed", words.seed);
    add("ticks", words.ticks);
    add("threads", words.threads);
    add("replicate", words.replicate);
    if (words.check_laws) {
        overrides.emplace_back("run.check_laws=true");
    }
    if (words.csv) {
        overrides.emplace_back("records.csv=true");
    }
    return overrides;
}

}  // namespace ytterby
