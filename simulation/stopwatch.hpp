#pragma once

#include <chrono>

#include "simulation/observer.hpp"

namespace ytterby {

/// Adds the wall time since the last lap to a phase.
class Stopwatch {
public:
    explicit Stopwatch(PhaseTimes& times) : times_(times), last_(Clock::now()) {}
    void lap(PhaseTimes::Phase phase) {
        const auto now = Clock::now();
        times_.seconds[phase] += std::chrono::duration<double>(now - last_).count();
        last_ = now;
    }

private:
    using Clock = std::chrono::steady_clock;
    PhaseTimes& times_;
    Clock::time_point last_;
};

}  // namespace ytterby
