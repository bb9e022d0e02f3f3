#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "experiments/execution/sweep_ledger.hpp"
#include "experiments/execution/sweep_plan.hpp"
#include "experiments/execution/worker_pool.hpp"

namespace ytterby {

/// Which part of a plan a machine runs: shard `number` of `count`, from 1.
struct Shard {
    std::uint32_t number = 1;
    std::uint32_t count = 1;
};

/// How a sweep is run.
struct SweepOptions {
    std::filesystem::path folder;
    bool overwrite = false;
    unsigned jobs = 1;
    Shard shard;
    bool retry_failed = false;
    bool keep_runs = false;  // a folder with all records for each run
    double most_seconds = std::numeric_limits<double>::infinity();
    /// Runs the jobs; empty for `jobs` processes on this machine.
    std::function<bool(const WorkerPoolCalls&, const std::atomic<bool>* stop)> pool = {};
};

/// How far a sweep is; reported after every run.
struct SweepProgress {
    std::uint64_t done = 0;     // runs of this session
    std::uint64_t planned = 0;  // with a stopping rule, in the rounds so far
    std::uint64_t failed = 0;
};

/// What became of a session.
struct SweepOutcome {
    SweepCount count;                 // of the whole plan, in rows
    std::uint64_t done = 0;           // runs of this session
    std::uint64_t left = 0;           // runs of this shard that are still to be run
    std::uint64_t shard_planned = 0;  // runs of this shard, and what became of them
    std::uint64_t shard_ok = 0;
    std::uint64_t shard_failed = 0;
    std::string rule;  // the stopping rule's last answer; empty without one
    bool interrupted = false;
};

/// What one run costs, from a short one.
struct SweepProbe {
    double build_seconds = 0.0;
    double seconds_per_tick = 0.0;
    std::int64_t ticks = 0;
    double memory_bytes = 0.0;  // of a worker
    double kept_bytes = 0.0;    // of a run's folder, with --keep-runs
};

/// A design with its scenario, checked in full and ready to run.
class Sweep {
public:
    /// Reads the design, lays it out and checks every cell and metric; throws InputError.
    explicit Sweep(
        const std::string& design_path, const SweepPlan::OnCell& on_cell = [](std::size_t, std::size_t) {});

    const SweepPlan& plan() const { return *plan_; }
    /// Builds the first cell and runs a few ticks of it in a process of its own.
    SweepProbe probe(bool keep_runs) const;
    /// How many cells have replicates that are equal to the bit, since no noise reaches their metrics; 0 for one
    /// replicate. Cells without noise and deals are judged by two replicates of the first and of the last of them.
    std::size_t cells_without_noise() const;
    /// What is wrong with the plan but does not bar it, a sentence each: cells without noise or without a metric.
    /// Throws InputError when a stopping rule waits for replicates that are all equal.
    std::vector<std::string> warnings() const;
    /// Throws InputError when the plan cannot be divided among machines that do not know of each other.
    void check_shards() const;
    /// Does the runs that are left, in processes, with a stopping rule round by round. Results and tables depend
    /// neither on the number of processes, nor on the order of the runs, nor on interruptions. `stop` gives up runs
    /// under way.
    SweepOutcome run(const SweepOptions& options, const std::function<void(const SweepProgress&)>& on_progress,
                     const std::atomic<bool>* stop = nullptr) const;

    /// Does one row's run, in a worker; what it returns is for `run` to read.
    std::string run_one(std::size_t row, const SweepOptions& options) const;

private:
    void check_metrics();
    bool replicates_differ(std::size_t cell) const;

    std::unique_ptr<ScenarioFamily> family_;
    std::unique_ptr<SweepPlan> plan_;
    std::vector<std::string> undefined_;  // sentences about metrics that some cells do not define
};

}  // namespace ytterby
