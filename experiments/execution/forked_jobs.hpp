#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>

namespace ytterby {

/// What one job returned, or why it failed.
struct JobResult {
    std::string output;
    std::string error;  // empty when it went well
};

/// Runs jobs 0 to count - 1, each in a process of its own, at most `at_once` at a time, so that none can touch another
/// and memory is given back after each. `on_result` is called in the order of their numbers, whatever order they end
/// in; the error of a job that throws is its message, of one that dies the signal. Returns false when `stop` was set:
/// jobs under way are then killed and the rest never begins. Call it from a process with one thread. Throws
/// std::runtime_error when no process can be made.
bool run_forked_jobs(std::size_t count, unsigned at_once, const std::function<std::string(std::size_t)>& job,
                     const std::function<void(std::size_t, const JobResult&)>& on_result,
                     const std::atomic<bool>* stop = nullptr);

}  // namespace ytterby
