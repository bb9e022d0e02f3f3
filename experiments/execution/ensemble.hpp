#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "experiments/metrics/annual_watch.hpp"

namespace ytterby {

/// The runs of an ensemble: one scenario under seeds 1 to `seeds`.
struct EnsembleDesign {
    std::string config;
    std::vector<std::string> overrides;
    std::uint32_t seeds = 10;
    unsigned jobs = 1;
};

/// One run of an ensemble: its rows, or why it failed.
struct EnsembleMember {
    std::uint32_t seed = 0;
    std::vector<AnnualRow> rows;
    std::string error;
};

/// Does the runs, each with one thread in a process of its own, and hands them on in the order of seeds, whatever
/// `jobs` is. Returns false when `stop` was set before all had ended.
bool run_whole_ensemble(const EnsembleDesign& design, const std::function<void(const EnsembleMember&)>& on_member,
                        const std::atomic<bool>* stop = nullptr);

}  // namespace ytterby
