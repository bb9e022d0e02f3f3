#include "experiments/execution/forked_jobs.hpp"

#include <poll.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "experiments/execution/child_process.hpp"

namespace ytterby {
namespace {

/// A process at work on a job.
struct Running {
    std::size_t number;
    ChildProcess child;
};

/// The processes at work; the end of this object ends them too.
struct Pool {
    std::vector<Running> running;

    void begin(std::size_t number, const std::function<std::string(std::size_t)>& job) {
        std::vector<const ChildProcess*> others;
        others.reserve(running.size());
        for (const Running& one : running) {
            others.push_back(&one.child);
        }
        running.push_back({number, fork_child(others, [&](int, int out) {
                               const std::string text = packed_answer([&] { return job(number); });
                               write_all(out, text.data(), text.size());
                           })});
        close_input(running.back().child);
    }

    /// What became of a job whose process has closed its pipe.
    JobResult end(std::size_t place) {
        Running ended = std::move(running[place]);
        running.erase(running.begin() + static_cast<std::ptrdiff_t>(place));
        const ChildEnd end = reap(ended.child);
        // The answer of one that was killed while it wrote is not whole.
        if (ended.child.text.empty() || end.by_signal) {
            return {{}, end.description};
        }
        ChildAnswer answer = unpacked_answer(ended.child.text);
        return answer.is_output ? JobResult{std::move(answer.text), {}} : JobResult{{}, std::move(answer.text)};
    }

    ~Pool() {
        std::vector<ChildProcess*> children;
        children.reserve(running.size());
        for (Running& one : running) {
            children.push_back(&one.child);
        }
        end_children(children);
    }
};

}  // namespace

bool run_forked_jobs(std::size_t count, unsigned at_once, const std::function<std::string(std::size_t)>& job,
                     const std::function<void(std::size_t, const JobResult&)>& on_result,
                     const std::atomic<bool>* stop) {
    Pool pool;
    std::map<std::size_t, JobResult> waiting;  // ended before an earlier job
    std::size_t next_to_begin = 0;
    std::size_t next_to_report = 0;
    const std::size_t most = std::max(1U, at_once);
    // Jobs begin at most a few ahead of the one that is reported next, so that few results wait.
    const std::size_t most_ahead = 4 * most;
    while (next_to_report < count) {
        while (next_to_begin < count && pool.running.size() < most && next_to_begin < next_to_report + most_ahead) {
            pool.begin(next_to_begin, job);
            ++next_to_begin;
        }
        std::vector<pollfd> watched;
        watched.reserve(pool.running.size());
        for (const Running& one : pool.running) {
            watched.push_back({one.child.from, POLLIN, 0});
        }
        ::poll(watched.data(), watched.size(), patience_ms);
        if (stop != nullptr && stop->load()) {
            return false;
        }
        for (std::size_t place = pool.running.size(); place-- > 0;) {
            if (watched[place].revents != 0 && !read_output(pool.running[place].child)) {
                const std::size_t number = pool.running[place].number;
                waiting.emplace(number, pool.end(place));
            }
        }
        for (auto found = waiting.find(next_to_report); found != waiting.end(); found = waiting.find(next_to_report)) {
            on_result(found->first, found->second);
            waiting.erase(found);
            ++next_to_report;
        }
    }
    return true;
}

}  // namespace ytterby
