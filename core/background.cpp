#include "core/background.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace ytterby {

/// What the giver and the thread share; everything but the thread itself under the lock.
struct Background::Line {
    explicit Line(std::size_t most) : most_unfinished(most), thread([this] { serve(); }) {}

    ~Line() {
        {
            const std::lock_guard lock(mutex);
            stopping = true;
        }
        job_ready.notify_one();
        thread.join();
    }

    /// Life of the thread: one job after the other, until there is none and none will come.
    void serve() {
        std::unique_lock lock(mutex);
        while (true) {
            job_ready.wait(lock, [this] { return stopping || !jobs.empty(); });
            if (jobs.empty()) {
                return;
            }
            const std::function<void()> job = std::move(jobs.front());
            lock.unlock();
            std::exception_ptr thrown;
            try {
                job();
            } catch (...) {
                thrown = std::current_exception();
            }
            lock.lock();
            jobs.pop_front();
            if (thrown) {
                error = thrown;
                jobs.clear();
            }
            job_done.notify_one();
        }
    }

    /// Waits until at most `most` jobs are open; throws what one of them threw, once.
    void wait_for(std::unique_lock<std::mutex>& lock, std::size_t most) {
        job_done.wait(lock, [&] { return jobs.size() <= most; });
        if (error) {
            std::rethrow_exception(std::exchange(error, nullptr));
        }
    }

    const std::size_t most_unfinished;
    std::mutex mutex;
    std::condition_variable job_ready;
    std::condition_variable job_done;
    std::deque<std::function<void()>> jobs;  ///< the first is being done
    std::exception_ptr error;
    bool stopping = false;
    std::thread thread;  // last: it uses all of the above
};

Background::Background(std::size_t most_unfinished) : line_(std::make_unique<Line>(most_unfinished)) {}

Background::~Background() = default;

void Background::give(std::function<void()> job) {
    std::unique_lock lock(line_->mutex);
    if (line_->error) {
        std::rethrow_exception(std::exchange(line_->error, nullptr));
    }
    line_->jobs.push_back(std::move(job));
    line_->job_ready.notify_one();
    line_->wait_for(lock, line_->most_unfinished);
}

void Background::wait() {
    std::unique_lock lock(line_->mutex);
    line_->wait_for(lock, 0);
}

}  // namespace ytterby
