#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ytterby {

/// The command line of `ytterby run`.
struct RunOptions {
    std::string config;
    std::vector<std::string> sets;
    std::optional<std::uint32_t> seed;
    std::optional<std::int64_t> ticks;
    std::optional<unsigned> threads;
    std::optional<std::uint32_t> replicate;
    std::string out;
    std::string resume_folder;
    std::string branch;  // RUN@TICK
    std::string checkpoint_every;
    std::optional<std::size_t> keep_checkpoints;
    std::string log_level = "info";
    bool resume = false;
    bool overwrite = false;
    bool quiet = false;
    bool csv = false;
    bool check_laws = false;
    bool no_table = false;
};

/// All overrides of the scenario: --set, and options such as --seed that stand for one, so that the manifest shows
/// their origin.
std::vector<std::string> overrides_of(const RunOptions& options);

}  // namespace ytterby
