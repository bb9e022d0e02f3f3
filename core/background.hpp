#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace ytterby {

/// One thread that does jobs in the order in which they are given, while whoever gives them goes on. Only one thread at
/// a time may give. What a job throws is thrown to the giver at the next call; the jobs behind it are dropped.
class Background {
public:
    /// Starts the thread. More than `most_unfinished` jobs are never open: who gives one more waits.
    explicit Background(std::size_t most_unfinished);
    /// Does what is still open, unless a job has failed, and ends the thread; throws nothing.
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// Hands over a job; what it touches is the thread's until it is done. Returns once at most `most_unfinished` jobs,
    /// this one among them, are open.
    void give(std::function<void()> job);
    /// Returns when no job is open; then this thread may touch again what the jobs touched.
    void wait();

private:
    struct Line;
    std::unique_ptr<Line> line_;
};

}  // namespace ytterby
