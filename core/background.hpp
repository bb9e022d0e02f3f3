#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace ytterby {

/// One thread that does jobs in the order in which they are given, while the caller goes on. Only one thread at a time
/// may give jobs. What a job throws is thrown to the caller at the next call; the jobs behind it are dropped.
class Background {
public:
    /// Starts the thread. At most `most_unfinished` jobs are open: `give` waits until there is room.
    explicit Background(std::size_t most_unfinished);
    /// Finishes the open jobs, unless one has failed, and ends the thread; throws nothing.
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// Hands over a job; what it uses belongs to the thread until it is done. Returns once at most `most_unfinished`
    /// jobs, this one among them, are open.
    void give(std::function<void()> job);
    /// Returns when no job is open; then the caller may again use what the jobs used.
    void wait();

private:
    struct Queue;
    std::unique_ptr<Queue> queue_;
};

}  // namespace ytterby
