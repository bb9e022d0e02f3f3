#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "simulation/calibration/build.hpp"
#include "simulation/observer.hpp"
#include "simulation/scenario/scenario.hpp"

namespace ytterby {

/// Progress of a run, reported after every tick.
struct Progress {
    std::int64_t ticks_done = 0;
    std::int64_t ticks_planned = 0;
    std::string date;
    PhaseTimes times;  // of the ticks since this run began or was resumed
};

/// Control of a run from outside.
struct RunControl {
    const std::atomic<bool>* stop = nullptr;  // set on Ctrl-C: the run stops at the end of the tick
    std::function<void(const Progress&)> on_progress;
    std::int64_t already_done = 0;  // ticks of the scenario that the resumed run has done
    /// Called after every tick but the last, with the World between two ticks; `stopping`: no further tick follows.
    std::function<void(std::int64_t ticks_done, bool stopping)> on_pause;
};

/// The result of a run.
struct RunOutcome {
    std::int64_t ticks_done = 0;  // those of a resumed run included
    bool interrupted = false;
    PhaseTimes times;
    std::string digest;  // fingerprint of the final World
};

/// Runs a built simulation for the scenario's ticks; the observer sees each tick.
RunOutcome run(const Scenario& scenario, Simulation& simulation, Observer& observer, const RunControl& control = {});

/// Runs the two ticks after `ticks_done` on a World read from a checkpoint, with the laws checked, and restores it.
/// Throws InputError when a law or another check fails: then the World's numbers are inconsistent.
void try_out(const Scenario& scenario, Simulation& simulation, std::int64_t ticks_done);

}  // namespace ytterby
