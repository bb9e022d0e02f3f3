#include "core/parallel.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>

namespace ytterby {

namespace {

/// A waiting thread checks this often with a pause, then this often while yielding its core, then sleeps: some tens of
/// microseconds in all, about as long as waking up takes. Yielding keeps a loop short on a busy machine.
constexpr int pauses_before_sleep = 100;
constexpr int yields_before_sleep = 100;

/// Set while this thread runs a block, so that loops inside it run inline.
thread_local bool inside_block = false;

/// Tells the processor that this thread only waits.
void pause_briefly() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

/// Waits for a short while until ready() holds; returns in any case.
template <class Ready>
void wait_briefly(bool spin, Ready ready) {
    if (!spin) {
        return;
    }
    for (int pause = 0; pause < pauses_before_sleep && !ready(); ++pause) {
        pause_briefly();
    }
    for (int yield = 0; yield < yields_before_sleep && !ready(); ++yield) {
        std::this_thread::yield();
    }
}

/// Runs blocks with `inside_block` set, and resets it however they end.
template <class Task>
void run_inside(Task task, void* callable, std::size_t begin, std::size_t end) {
    struct Mark {
        bool before = inside_block;
        Mark() { inside_block = true; }
        ~Mark() { inside_block = before; }
    } mark;
    task(callable, begin, end);
}

}  // namespace

/// What the threads of a pool share. A job is published by raising `job`; each thread that is done lowers `pending`.
struct Workers::Pool {
    explicit Pool(unsigned count) : thread_count(count), spin(count <= std::thread::hardware_concurrency()) {
        errors.resize(count);
        threads.reserve(count - 1);
        try {
            for (unsigned number = 1; number < count; ++number) {
                threads.emplace_back([this, number] { serve(number); });
            }
        } catch (...) {
            stop();
            throw;
        }
    }

    ~Pool() { stop(); }

    /// Ends all threads.
    void stop() {
        stopping = true;
        publish();
        for (std::thread& thread : threads) {
            thread.join();
        }
    }

    /// Lets the other threads see a new job, whose data were written before.
    void publish() {
        {
            const std::lock_guard lock(mutex);
            job.fetch_add(1, std::memory_order_release);
        }
        job_ready.notify_all();
    }

    /// Runs this thread's share of the job and keeps its exception.
    void run_share(unsigned number) {
        const std::size_t begin = blocks * number / thread_count;
        const std::size_t end = blocks * (number + 1) / thread_count;
        if (begin == end) {
            return;
        }
        try {
            run_inside(task, callable, begin, end);
        } catch (...) {
            errors[number] = std::current_exception();
        }
    }

    /// What a thread does: wait for a job, run its share, report, until the pool stops.
    void serve(unsigned number) {
        std::uint64_t done = 0;
        while (true) {
            wait_briefly(spin, [&] { return job.load(std::memory_order_acquire) != done; });
            if (job.load(std::memory_order_acquire) == done) {
                std::unique_lock lock(mutex);
                job_ready.wait(lock, [&] { return job.load(std::memory_order_relaxed) != done; });
            }
            ++done;
            if (stopping) {
                return;
            }
            run_share(number);
            if (pending.fetch_sub(1, std::memory_order_acq_rel) == 1) {
                // The lock makes sure that the caller either sees 0 or is already waiting.
                { const std::lock_guard lock(mutex); }
                job_done.notify_one();
            }
        }
    }

    /// Runs one job on all threads; the caller is number 0.
    void run(std::size_t block_count, Task job_task, void* job_callable) {
        blocks = block_count;
        task = job_task;
        callable = job_callable;
        pending.store(thread_count - 1, std::memory_order_relaxed);
        publish();
        run_share(0);
        wait_briefly(spin, [&] { return pending.load(std::memory_order_acquire) == 0; });
        if (pending.load(std::memory_order_acquire) != 0) {
            std::unique_lock lock(mutex);
            job_done.wait(lock, [&] { return pending.load(std::memory_order_acquire) == 0; });
        }
        std::exception_ptr first;
        for (std::exception_ptr& error : errors) {
            if (error && !first) {
                first = error;
            }
            error = nullptr;
        }
        if (first) {
            std::rethrow_exception(first);
        }
    }

    const unsigned thread_count;
    const bool spin;
    std::vector<std::thread> threads;
    std::vector<std::exception_ptr> errors;

    std::size_t blocks = 0;
    Task task = nullptr;
    void* callable = nullptr;
    bool stopping = false;

    alignas(64) std::atomic<std::uint64_t> job{0};
    alignas(64) std::atomic<unsigned> pending{0};
    std::mutex mutex;
    std::condition_variable job_ready;
    std::condition_variable job_done;
};

Workers::Workers(unsigned threads)
    : threads_(threads > 0 ? threads : std::max(1U, std::thread::hardware_concurrency())) {
    if (threads_ > 1) {
        pool_ = std::make_unique<Pool>(threads_);
    }
}

Workers::~Workers() = default;

void Workers::run(std::size_t blocks, Task task, void* callable) {
    if (blocks == 0) {
        return;
    }
    if (!pool_ || inside_block) {
        task(callable, 0, blocks);
        return;
    }
    pool_->run(blocks, task, callable);
}

}  // namespace ytterby
