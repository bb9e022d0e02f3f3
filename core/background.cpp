#include "core/background.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace ytterby {

/// What the caller and the thread share; everything but the thread itself is guarded by the mutex.
struct Background::Queue {
    explicit Queue(std::size_t most) : most_unfinished(most), thread([this] { serve(); }) {}

    ~Queue() {
        {
            const std::lock_guard lock(mutex);
            stopping = true;
        }
        job_ready.notify_one();
        thread.join();
    }

    /// What the thread does: one job after another, until there is none and none will come.
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
    std::deque<std::function<void()>> jobs;  ///< the first is under way
    std::exception_ptr error;
    bool stopping = false;
    std::thread thread;  // last: it uses all of the above
};

Background::Background(std::size_t most_unfinished) : queue_(std::make_unique<Queue>(most_unfinished)) {}

Background::~Background() = default;

void Background::give(std::function<void()> job) {
    std::unique_lock lock(queue_->mutex);
    if (queue_->error) {
        std::rethrow_exception(std::exchange(queue_->error, nullptr));
    }
    queue_->jobs.push_back(std::move(job));
    queue_->job_ready.notify_one();
    queue_->wait_for(lock, queue_->most_unfinished);
}

void Background::wait() {
    std::unique_lock lock(queue_->mutex);
    queue_->wait_for(lock, 0);
}

}  // namespace ytterby
