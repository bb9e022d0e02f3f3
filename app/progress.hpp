#pragma once

#include <chrono>
#include <cstdint>

#include "simulation/run.hpp"

namespace ytterby {

/// Shows the progress of a run on stderr: a live bar with date, rate and time left on a terminal, otherwise a plain
/// line now and then.
class ProgressDisplay {
public:
    explicit ProgressDisplay(bool quiet);
    ~ProgressDisplay();
    void show(const Progress& progress);
    /// Ends the bar's line, so that other text can follow.
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
