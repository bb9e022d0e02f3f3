#pragma once

#include <chrono>
#include <cstddef>

namespace ytterby {

/// Shows on stderr how many cells of a large plan are checked.
class PlanDisplay {
public:
    explicit PlanDisplay(bool quiet);
    void show(std::size_t checked, std::size_t cells);
    /// Ends the line, so that other text can follow.
    void finish();

private:
    using Clock = std::chrono::steady_clock;

    bool quiet_;
    bool terminal_;
    bool open_line_ = false;
    Clock::time_point began_ = Clock::now();
    Clock::time_point drawn_ = began_;
};

}  // namespace ytterby
