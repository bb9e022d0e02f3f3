#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/execution/sweep_plan.hpp"

namespace ytterby {

/// A sweep as its folder records it, so that it can be resumed, merged and read without its design file.
struct SweepState {
    struct FactorRow {
        std::string name, role, sets, values;
    };
    struct MetricRow {
        std::string name, of, unit, subject, over, take;
    };
    std::string design;       // path of the design file
    std::string identity;     // of the plan (SweepPlan::identity)
    std::string plan_digest;  // fingerprint of the bytes of plan.csv
    std::uint64_t rows = 0;
    std::uint32_t replicates = 1;        // planned of each cell; row = cell x replicates + replicate
    std::string until;                   // the stopping rule; empty: all of them are run
    std::uint32_t least_replicates = 1;  // before the rule is asked
    std::vector<FactorRow> factors;
    std::vector<MetricRow> metrics;
};

inline constexpr const char* sweep_state_file = "sweep.toml";
inline constexpr const char* sweep_plan_file = "plan.csv";
inline constexpr const char* sweep_results_file = "results.csv";
inline constexpr const char* sweep_catalogue_file = "catalogue.sqlite";

SweepState state_of(const SweepPlan& plan);

/// Reads `<folder>/sweep.toml`; a folder without one is thrown as an InputError.
SweepState read_sweep_state(const std::filesystem::path& folder);

/// Throws InputError when plan.csv is not, byte for byte, what was written.
void require_plan(const std::filesystem::path& folder, const SweepState& state);

/// The runs of `<folder>/plan.csv`, one a row. Throws InputError when it is not what was written.
std::vector<Fingerprint> read_planned_runs(const std::filesystem::path& folder, const SweepState& state);

/// A sweep's folder, locked for this process as long as the object lives; a process that dies releases it at once, even
/// where workers outlive it for a moment. A folder in use, or with other files in it, is refused with an InputError.
class SweepFolder {
public:
    SweepFolder(std::filesystem::path path, bool overwrite);
    ~SweepFolder();
    SweepFolder(const SweepFolder&) = delete;
    SweepFolder& operator=(const SweepFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    /// Whether the folder holds a whole plan.
    bool is_begun() const;
    /// Writes the plan, then everything else that is there before the first run; a folder of another plan is refused.
    void begin(const SweepPlan& plan) const;

private:
    void require_same(const SweepState& state) const;

    std::filesystem::path path_;
    int lock_ = -1;
};

}  // namespace ytterby
