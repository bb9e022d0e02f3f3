#include "experiments/forked_jobs.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <map>
#include <stdexcept>
#include <vector>

namespace ytterby {
namespace {

/// What a job's process writes first, before its output or its message.
constexpr char went_well = 'o';
constexpr char went_wrong = 'e';
/// How long to wait for news before looking at `stop`, milliseconds.
constexpr int patience_ms = 200;

/// A process at work on a job, and the pipe it writes into.
struct Running {
    std::size_t number;
    pid_t process;
    int pipe;
    std::string text;
};

void write_all(int pipe, const char* text, std::size_t size) {
    while (size > 0) {
        const ssize_t written = ::write(pipe, text, size);
        if (written < 0 && errno != EINTR) {
            ::_exit(1);  // nobody listens any more
        }
        if (written > 0) {
            text += written;
            size -= static_cast<std::size_t>(written);
        }
    }
}

/// The life of a job's process; it ends without the parent's destructors and buffers.
[[noreturn]] void live(int pipe, pid_t parent, std::size_t number, const std::function<std::string(std::size_t)>& job) {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) {
        ::_exit(1);
    }
    std::string text;
    try {
        text = went_well + job(number);
    } catch (const std::exception& error) {
        text = went_wrong + std::string(error.what());
    } catch (...) {
        text = went_wrong + std::string("an unknown failure");
    }
    write_all(pipe, text.data(), text.size());
    ::_exit(0);
}

Running begin(std::size_t number, const std::function<std::string(std::size_t)>& job) {
    int ends[2];
    if (::pipe(ends) != 0) {
        throw std::runtime_error(std::string("no pipe for a worker process: ") + std::strerror(errno));
    }
    const pid_t parent = ::getpid();
    const pid_t process = ::fork();
    if (process < 0) {
        const int trouble = errno;
        ::close(ends[0]);
        ::close(ends[1]);
        throw std::runtime_error(std::string("no worker process: ") + std::strerror(trouble));
    }
    if (process == 0) {
        ::close(ends[0]);
        live(ends[1], parent, number, job);
    }
    ::close(ends[1]);
    return {number, process, ends[0], {}};
}

JobResult end_of(const Running& running) {
    int status = 0;
    while (::waitpid(running.process, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
        return {{}, std::string("the process was ended by signal ") + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) + ")"};
    }
    if (running.text.empty() || (running.text.front() != went_well && running.text.front() != went_wrong)) {
        return {{}, "the process ended without an answer"};
    }
    return running.text.front() == went_well ? JobResult{running.text.substr(1), {}} : JobResult{{}, running.text.substr(1)};
}

/// Takes in what has been written; false when the pipe is at its end.
bool take_in(Running& running) {
    char buffer[65536];
    const ssize_t size = ::read(running.pipe, buffer, sizeof buffer);
    if (size > 0) {
        running.text.append(buffer, static_cast<std::size_t>(size));
    }
    return size > 0 || (size < 0 && errno == EINTR);
}

/// The processes at work; whatever ends this object ends them too.
struct Pool {
    std::vector<Running> running;
    ~Pool() {
        for (const Running& one : running) {
            ::kill(one.process, SIGTERM);
        }
        for (const Running& one : running) {
            ::close(one.pipe);
            while (::waitpid(one.process, nullptr, 0) < 0 && errno == EINTR) {
            }
        }
    }
};

}  // namespace

bool run_forked_jobs(std::size_t count, unsigned at_once, const std::function<std::string(std::size_t)>& job,
                     const std::function<void(std::size_t, const JobResult&)>& on_result, const std::atomic<bool>* stop) {
    Pool pool;
    std::map<std::size_t, JobResult> waiting;  // ended before an earlier job
    std::size_t next_to_begin = 0;
    std::size_t next_to_tell = 0;
    const std::size_t most = std::max(1U, at_once);
    // Jobs begin at most a few ahead of the one that is told next, so that what waits stays small.
    const std::size_t most_ahead = 4 * most;
    while (next_to_tell < count) {
        while (next_to_begin < count && pool.running.size() < most && next_to_begin < next_to_tell + most_ahead) {
            pool.running.push_back(begin(next_to_begin, job));
            ++next_to_begin;
        }
        std::vector<pollfd> watched;
        for (const Running& one : pool.running) {
            watched.push_back({one.pipe, POLLIN, 0});
        }
        ::poll(watched.data(), watched.size(), patience_ms);
        if (stop != nullptr && stop->load()) {
            return false;
        }
        for (std::size_t place = pool.running.size(); place-- > 0;) {
            if (watched[place].revents != 0 && !take_in(pool.running[place])) {
                const Running ended = std::move(pool.running[place]);
                pool.running.erase(pool.running.begin() + static_cast<std::ptrdiff_t>(place));
                ::close(ended.pipe);
                waiting.emplace(ended.number, end_of(ended));
            }
        }
        for (auto found = waiting.find(next_to_tell); found != waiting.end(); found = waiting.find(next_to_tell)) {
            on_result(found->first, found->second);
            waiting.erase(found);
            ++next_to_tell;
        }
    }
    return true;
}

}  // namespace ytterby
