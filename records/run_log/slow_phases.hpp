#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "simulation/observer.hpp"

namespace ytterby {

/// Finds the ticks in which a phase takes far longer than it did on the mean before.
class SlowPhases {
public:
    /// Says which phases were slow in the tick that has just ended; empty where none was. `so_far`: of all ticks.
    std::string of_tick(const PhaseTimes& so_far);

private:
    std::int64_t ticks_ = 0;
    PhaseTimes before_;
};

/// "clear 1.20 s (55 %), ..." for a whole run, the longest phase first.
std::string phases_line(const PhaseTimes& times);

}  // namespace ytterby
