#include "experiments/worker_pool.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <vector>

namespace ytterby {
namespace {

/// What an answer begins with, after its length.
constexpr char went_well = 'o';
constexpr char went_wrong = 'e';
/// How long to wait for news before looking at `stop`, milliseconds.
constexpr int patience_ms = 200;

bool write_all(int pipe, const void* bytes, std::size_t size) {
    const char* at = static_cast<const char*>(bytes);
    while (size > 0) {
        const ssize_t written = ::write(pipe, at, size);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        if (written > 0) {
            at += written;
            size -= static_cast<std::size_t>(written);
        }
    }
    return true;
}

bool read_all(int pipe, void* bytes, std::size_t size) {
    char* at = static_cast<char*>(bytes);
    while (size > 0) {
        const ssize_t got = ::read(pipe, at, size);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        if (got > 0) {
            at += got;
            size -= static_cast<std::size_t>(got);
        }
    }
    return true;
}

/// The life of a worker: jobs come in, answers go out, until the pipe ends.
[[noreturn]] void live(int jobs, int answers, pid_t parent, const std::function<std::string(std::uint64_t)>& job) {
    // Ctrl-C reaches all processes of a terminal; only the parent decides what it means.
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_DFL);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
        ::_exit(1);
    }
    std::uint64_t number = 0;
    while (read_all(jobs, &number, sizeof number)) {
        std::string text;
        try {
            text = went_well + job(number);
        } catch (const std::exception& error) {
            text = went_wrong + std::string(error.what());
        } catch (...) {
            text = went_wrong + std::string("an unknown failure");
        }
        const std::uint64_t size = text.size();
        if (!write_all(answers, &size, sizeof size) || !write_all(answers, text.data(), text.size())) {
            break;
        }
    }
    ::_exit(0);
}

/// A worker process as its parent sees it.
struct Worker {
    pid_t process = -1;
    int jobs = -1;
    int answers = -1;
    std::optional<std::uint64_t> job;
    std::string text;
};

void let_go(Worker& worker) {
    ::close(worker.jobs);
    ::close(worker.answers);
}

/// All workers; whatever ends this object ends them too.
struct Pool {
    std::vector<Worker> workers;

    void hire(const std::function<std::string(std::uint64_t)>& job) {
        int down[2], up[2];
        if (::pipe(down) != 0) {
            throw std::runtime_error(std::string("no pipe for a worker process: ") + std::strerror(errno));
        }
        if (::pipe(up) != 0) {
            const int trouble = errno;
            ::close(down[0]);
            ::close(down[1]);
            throw std::runtime_error(std::string("no pipe for a worker process: ") + std::strerror(trouble));
        }
        const pid_t parent = ::getpid();
        const pid_t process = ::fork();
        if (process == 0) {
            ::close(down[1]);
            ::close(up[0]);
            for (Worker& other : workers) {
                let_go(other);  // else a worker would keep its siblings' pipes open
            }
            live(down[0], up[1], parent, job);
        }
        ::close(down[0]);
        ::close(up[1]);
        if (process < 0) {
            const int trouble = errno;
            ::close(down[1]);
            ::close(up[0]);
            throw std::runtime_error(std::string("no worker process: ") + std::strerror(trouble));
        }
        workers.push_back({.process = process, .jobs = down[1], .answers = up[0], .job = {}, .text = {}});
    }

    /// Takes leave of a worker whose pipe has ended and says what ended it.
    std::string bury(std::size_t place) {
        Worker worker = std::move(workers[place]);
        workers.erase(workers.begin() + static_cast<std::ptrdiff_t>(place));
        let_go(worker);
        int status = 0;
        while (::waitpid(worker.process, &status, 0) < 0 && errno == EINTR) {
        }
        if (WIFSIGNALED(status)) {
            return std::string("the worker process was ended by signal ") + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) + ")";
        }
        return "the worker process ended without an answer";
    }

    ~Pool() {
        for (const Worker& worker : workers) {
            ::kill(worker.process, SIGKILL);
        }
        for (Worker& worker : workers) {
            let_go(worker);
            while (::waitpid(worker.process, nullptr, 0) < 0 && errno == EINTR) {
            }
        }
    }
};

/// Takes in what has been written; false when the pipe is at its end.
bool take_in(Worker& worker) {
    char buffer[65536];
    const ssize_t size = ::read(worker.answers, buffer, sizeof buffer);
    if (size > 0) {
        worker.text.append(buffer, static_cast<std::size_t>(size));
    }
    return size > 0 || (size < 0 && errno == EINTR);
}

/// The answer that has come in whole, if it has.
std::optional<WorkResult> answer_of(Worker& worker) {
    std::uint64_t size = 0;
    if (worker.text.size() < sizeof size) {
        return std::nullopt;
    }
    std::memcpy(&size, worker.text.data(), sizeof size);
    if (worker.text.size() < sizeof size + size) {
        return std::nullopt;
    }
    const bool well = worker.text[sizeof size] == went_well;
    std::string text = worker.text.substr(sizeof size + 1, size - 1);
    worker.text.clear();
    return well ? WorkResult{std::move(text), {}, false} : WorkResult{{}, std::move(text), false};
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
                static_cast<void>(write_all(pool.workers[place].jobs, &*job, sizeof *job));
            }
        }
        std::vector<pollfd> watched;
        for (const Worker& worker : pool.workers) {
            watched.push_back({worker.answers, POLLIN, 0});
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
            const bool alive = take_in(worker);
            std::optional<WorkResult> result = answer_of(worker);
            const std::optional<std::uint64_t> job = worker.job;
            if (result) {
                worker.job.reset();
            }
            if (!alive) {
                const std::string why = pool.bury(place);
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
