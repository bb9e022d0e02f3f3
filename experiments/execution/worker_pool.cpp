#include "experiments/execution/worker_pool.hpp"

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <utility>
#include <vector>

#include "experiments/execution/child_process.hpp"

namespace ytterby {
namespace {

/// What a worker does: it reads jobs and writes answers, each after its length, until the pipe ends.
void live(int jobs, int answers, const std::function<std::string(std::uint64_t)>& job) {
    std::uint64_t number = 0;
    while (read_all(jobs, &number, sizeof number)) {
        const std::string text = packed_answer([&] { return job(number); });
        const std::uint64_t size = text.size();
        if (!write_all(answers, &size, sizeof size) || !write_all(answers, text.data(), text.size())) {
            break;
        }
    }
}

/// A worker process and the job that it is at.
struct Worker {
    ChildProcess child;
    std::optional<std::uint64_t> job;
};

/// The answer that has come in whole, if it has.
std::optional<WorkResult> answer_of(ChildProcess& child) {
    std::uint64_t size = 0;
    if (child.text.size() < sizeof size) {
        return std::nullopt;
    }
    std::memcpy(&size, child.text.data(), sizeof size);
    if (child.text.size() < sizeof size + size) {
        return std::nullopt;
    }
    ChildAnswer answer = unpacked_answer(std::string_view(child.text).substr(sizeof size, size));
    child.text.clear();
    return answer.is_output ? WorkResult{std::move(answer.text), {}, false}
                            : WorkResult{{}, std::move(answer.text), false};
}

/// All workers and the jobs that are left; the end of this object ends the workers too.
class Pool {
public:
    Pool(unsigned most_workers, const WorkerPoolCalls& calls) : most_workers_(most_workers), calls_(calls) {}
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    ~Pool() {
        std::vector<ChildProcess*> children;
        children.reserve(workers_.size());
        for (Worker& worker : workers_) {
            children.push_back(&worker.child);
        }
        end_children(children);
    }

    /// Gives jobs to idle workers, and starts workers while there are fewer than jobs.
    void give_jobs() {
        for (std::size_t place = 0; any_left_ && place < most_workers_; ++place) {
            if (place < workers_.size() && workers_[place].job) {
                continue;
            }
            const std::optional<std::uint64_t> job = calls_.next();
            any_left_ = job.has_value();
            if (job) {
                if (place == workers_.size()) {
                    start_worker();
                }
                workers_[place].job = *job;
                // If the worker is dead already, its pipe shows that when it is read.
                static_cast<void>(write_all(workers_[place].child.to, &*job, sizeof *job));
            }
        }
    }

    bool is_idle() const {
        return std::none_of(workers_.begin(), workers_.end(), [](const Worker& worker) { return bool{worker.job}; });
    }

    /// Waits a short while for answers and hands on those that have come.
    void collect_answers() {
        std::vector<pollfd> watched;
        watched.reserve(workers_.size());
        for (const Worker& worker : workers_) {
            watched.push_back({worker.child.from, POLLIN, 0});
        }
        if (::poll(watched.data(), watched.size(), patience_ms) <= 0) {
            return;
        }
        for (std::size_t place = workers_.size(); place-- > 0;) {
            if (watched[place].revents != 0) {
                collect_from(place);
            }
        }
    }

private:
    void start_worker() {
        std::vector<const ChildProcess*> others;
        others.reserve(workers_.size());
        for (const Worker& worker : workers_) {
            others.push_back(&worker.child);
        }
        workers_.push_back({fork_child(others, [&](int in, int out) { live(in, out, calls_.job); }), {}});
    }

    void collect_from(std::size_t place) {
        Worker& worker = workers_[place];
        const bool is_alive = read_output(worker.child);
        std::optional<WorkResult> result = answer_of(worker.child);
        const std::optional<std::uint64_t> job = worker.job;
        if (result) {
            worker.job.reset();
        }
        if (!is_alive || (result && calls_.one_job_a_process)) {
            const std::string why = remove(place);
            if (!result) {
                result = WorkResult{{}, why, true};
            }
        }
        if (result && job) {
            calls_.on_result(*job, *result);
            any_left_ = true;  // a job may be given out again
        }
    }

    /// Lets go of a worker that has no job, or has died, and returns what ended it.
    std::string remove(std::size_t place) {
        Worker worker = std::move(workers_[place]);
        workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(place));
        close_input(worker.child);
        return reap(worker.child);
    }

    unsigned most_workers_;
    const WorkerPoolCalls& calls_;
    std::vector<Worker> workers_;
    bool any_left_ = true;  // jobs, as far as is known
};

}  // namespace

bool run_worker_pool(unsigned workers, const WorkerPoolCalls& calls, const std::atomic<bool>* stop) {
    // A worker that dies before it has read its job must not end the parent.
    struct IgnoredPipeSignal {
        void (*before)(int) = std::signal(SIGPIPE, SIG_IGN);
        ~IgnoredPipeSignal() { std::signal(SIGPIPE, before); }
    } ignored;
    Pool pool(workers, calls);
    while (stop == nullptr || !stop->load()) {
        pool.give_jobs();
        if (pool.is_idle()) {
            return true;
        }
        pool.collect_answers();
    }
    return false;
}

}  // namespace ytterby
