#include "experiments/execution/forked_jobs.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "experiments/execution/worker_pool.hpp"

namespace ytterby {

bool run_forked_jobs(std::size_t count, unsigned at_once, const std::function<std::string(std::size_t)>& job,
                     const std::function<void(std::size_t, const JobResult&)>& on_result,
                     const std::atomic<bool>* stop) {
    std::map<std::size_t, JobResult> waiting;  // ended before an earlier job
    std::size_t next_to_begin = 0;
    std::size_t next_to_report = 0;
    const std::size_t most = std::max(1U, at_once);
    // Jobs begin at most a few ahead of the one that is reported next, so that few results wait.
    const std::size_t most_ahead = 4 * most;
    const WorkerPoolCalls calls{.job = [&](std::uint64_t number) { return job(number); },
                                .next = [&]() -> std::optional<std::uint64_t> {
                                    if (next_to_begin >= count || next_to_begin >= next_to_report + most_ahead) {
                                        return std::nullopt;
                                    }
                                    return next_to_begin++;
                                },
                                .on_result =
                                    [&](std::uint64_t number, const WorkResult& result) {
                                        waiting.emplace(number, JobResult{result.output, result.error});
                                        for (auto found = waiting.find(next_to_report); found != waiting.end();
                                             found = waiting.find(next_to_report)) {
                                            on_result(found->first, found->second);
                                            waiting.erase(found);
                                            ++next_to_report;
                                        }
                                    },
                                .one_job_a_process = true};
    return run_worker_pool(static_cast<unsigned>(most), calls, stop);
}

}  // namespace ytterby
