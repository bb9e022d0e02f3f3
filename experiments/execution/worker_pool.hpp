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
    bool worker_died = false;  // the job may be innocent: a signal, no memory
};

/// What a pool asks of its owner.
struct WorkerPoolCalls {
    /// Plays one job; runs in a worker process.
    std::function<std::string(std::uint64_t)> job;
    /// The next job, or nothing when there is no more; asked again after every result.
    std::function<std::optional<std::uint64_t>()> next;
    /// Hears of every job that ended, in the order in which they end.
    std::function<void(std::uint64_t, const WorkResult&)> on_result;
};

/// Plays jobs in processes that each play many, one at a time: what the caller has in memory is shared with all of
/// them. A worker that dies costs the job that it was at, and another takes its place. Returns false when `stop` was
/// set: jobs under way are then given up. Call it from a process with one thread. Throws std::runtime_error when no
/// process can be made, and whatever `on_result` throws; no worker outlives the call, nor the caller.
bool run_worker_pool(unsigned workers, const WorkerPoolCalls& calls, const std::atomic<bool>* stop = nullptr);

}  // namespace ytterby
