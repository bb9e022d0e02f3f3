#include "experiments/execution/worker_pool.hpp"

#include <poll.h>

#include <csignal>
#include <cstring>
#include <utility>
#include <vector>

#include "experiments/execution/child_process.hpp"

namespace ytterby {
namespace {

/// The life of a worker: jobs come in, answers go out with their length before them, until the pipe ends.
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

/// All workers; whatever ends this object ends them too.
struct Pool {
    std::vector<Worker> workers;

    void hire(const std::function<std::string(std::uint64_t)>& job) {
        std::vector<const ChildProcess*> others;
        others.reserve(workers.size());
        for (const Worker& worker : workers) {
            others.push_back(&worker.child);
        }
        workers.push_back({fork_child(others, [&](int in, int out) { live(in, out, job); }), {}});
    }

    /// Takes leave of a worker whose pipe has ended and says what ended it.
    std::string dismiss(std::size_t place) {
        Worker worker = std::move(workers[place]);
        workers.erase(workers.begin() + static_cast<std::ptrdiff_t>(place));
        return reap(worker.child).words;
    }

    ~Pool() {
        std::vector<ChildProcess*> children;
        children.reserve(workers.size());
        for (Worker& worker : workers) {
            children.push_back(&worker.child);
        }
        end_children(children);
    }
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

}  // namespace

bool run_worker_pool(unsigned workers, const WorkerPoolCalls& calls, const std::atomic<bool>* stop) {
    // A worker that dies before it has read its job must not end the parent.
    struct Quiet {
        void (*before)(int) = std::signal(SIGPIPE, SIG_IGN);
        ~Quiet() { std::signal(SIGPIPE, before); }
    } quiet;
    Pool pool;
    bool any_left = true;
    while (true) {
        if (stop != nullptr && stop->load()) {
            return false;
        }
        // Work for those who have none, and hands for work that is left.
        std::size_t busy = 0;
        for (std::size_t place = 0; any_left && place < workers; ++place) {
            if (place < pool.workers.size() && pool.workers[place].job) {
                continue;
            }
            const std::optional<std::uint64_t> job = calls.next();
            any_left = job.has_value();
            if (job) {
                if (place == pool.workers.size()) {
                    pool.hire(calls.job);
                }
                pool.workers[place].job = *job;
                // If the worker is dead already, its pipe says so below.
                static_cast<void>(write_all(pool.workers[place].child.to, &*job, sizeof *job));
            }
        }
        std::vector<pollfd> watched;
        for (const Worker& worker : pool.workers) {
            watched.push_back({worker.child.from, POLLIN, 0});
            busy += worker.job ? 1 : 0;
        }
        if (busy == 0) {
            return true;
        }
        if (::poll(watched.data(), watched.size(), patience_ms) <= 0) {
            continue;
        }
        for (std::size_t place = pool.workers.size(); place-- > 0;) {
            if (watched[place].revents == 0) {
                continue;
            }
            Worker& worker = pool.workers[place];
            const bool alive = take_in(worker.child);
            std::optional<WorkResult> result = answer_of(worker.child);
            const std::optional<std::uint64_t> job = worker.job;
            if (result) {
                worker.job.reset();
            }
            if (!alive) {
                const std::string why = pool.dismiss(place);
                if (!result) {
                    result = WorkResult{{}, why, true};
                }
            }
            if (result && job) {
                calls.on_result(*job, *result);
                any_left = true;  // a job may be given out again
            }
        }
    }
}

}  // namespace ytterby
