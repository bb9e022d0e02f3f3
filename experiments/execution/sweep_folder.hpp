#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/execution/sweep_plan.hpp"

namespace ytterby {

/// What a sweep's folder says about itself, so that it can be resumed, merged and read without its design file.
struct SweepState {
    struct FactorRow {
        std::string name, role, sets, values;
    };
    struct MetricRow {
        std::string name, of, unit, subject, over, take;
    };
    std::string design;    // path of the design file
    std::string identity;  // of the plan (SweepPlan::identity)
    std::uint64_t rows = 0;
    std::uint32_t replicates = 1;        // planned of each cell; row = cell x replicates + replicate
    std::string until;                   // a stopping rule; empty: all of them are played
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

/// The runs of `<folder>/plan.csv`, a row each. Throws RecordError when it is not whole.
std::vector<Fingerprint> read_planned_runs(const std::filesystem::path& folder, const SweepState& state);

/// A sweep's folder, held by this process alone as long as the object lives; a process that dies lets go at once, even
/// where workers outlive it for a moment. A folder in use, or with files of others in it, is refused with an
/// InputError.
class SweepFolder {
public:
    SweepFolder(std::filesystem::path path, bool overwrite);
    ~SweepFolder();
    SweepFolder(const SweepFolder&) = delete;
    SweepFolder& operator=(const SweepFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    /// Whether a plan stands there, whole.
    bool is_begun() const;
    /// Puts the plan first, then all else that stands before the first run; a folder of another plan is refused.
    void begin(const SweepPlan& plan) const;

private:
    std::filesystem::path path_;
    int lock_ = -1;
};

}  // namespace ytterby
