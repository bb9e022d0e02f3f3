#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ytterby {

/// What a worker process made of one job.
struct WorkResult {
    std::string output;
    std::string error;         // empty when it went well
    bool worker_died = false;  // by a signal or for want of memory: the job need not be the cause
};

/// What a pool asks its owner for.
struct WorkerPoolCalls {
    /// Does one job; called in a worker process.
    std::function<std::string(std::uint64_t)> job;
    /// The next job, or nothing when there is no more; asked again after every result.
    std::function<std::optional<std::uint64_t>()> next;
    /// Called for every job that ended, in the order in which they end.
    std::function<void(std::uint64_t, const WorkResult&)> on_result;
    /// Each job has a process of its own, so that none can touch another and memory is given back after each.
    bool one_job_a_process = false;
};

/// The one runner of forked processes. Does jobs in processes that each do many, one at a time, and share what the
/// caller has in memory. A worker that dies costs the job that it was at, and another takes its place. Returns false
/// when `stop` was set: jobs under way are then given up. Call it from a process with one thread. Throws
/// std::runtime_error when no process can be made, and whatever `on_result` throws; no worker outlives the call, nor
/// the caller.
bool run_worker_pool(unsigned workers, const WorkerPoolCalls& calls, const std::atomic<bool>* stop = nullptr);

}  // namespace ytterby
