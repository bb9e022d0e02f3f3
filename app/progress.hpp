#pragma once

#include <chrono>
#include <cstdint>

#include "simulation/run.hpp"

namespace ytterby {

/// Shows how far a run is, on stderr: a live bar with date, rate and time left on a terminal, a plain
/// line now and then otherwise.
class ProgressDisplay {
public:
    explicit ProgressDisplay(bool quiet);
    ~ProgressDisplay();
    void show(const Progress& progress);
    /// Leaves the bar's line, so that other text can follow.
    void finish();

private:
    using Clock = std::chrono::steady_clock;
    void draw(const Progress& progress, double elapsed) const;

    bool quiet_;
    bool terminal_;
    bool open_line_ = false;
    Clock::time_point began_ = Clock::now();
    Clock::time_point drawn_ = began_;
    std::int64_t tenths_ = 0;
};

}  // namespace ytterby
