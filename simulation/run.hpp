#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "simulation/build.hpp"
#include "simulation/observer.hpp"
#include "simulation/scenario.hpp"

namespace ytterby {

/// How far a run has come; told after every tick.
struct Progress {
    std::int64_t ticks_done = 0;
    std::int64_t ticks_planned = 0;
    std::string date;
};

/// What a run may be told from outside while it goes.
struct RunControl {
    const std::atomic<bool>* stop = nullptr;            // set by Ctrl-C: stop at the end of the tick
    std::function<void(const Progress&)> on_progress;
};

/// What became of a run.
struct RunOutcome {
    std::int64_t ticks_done = 0;
    bool interrupted = false;
    PhaseTimes times;
    std::string digest;                                  // fingerprint of the final World
};

/// Runs a built simulation for the scenario's ticks; the observer sees each tick.
RunOutcome run(const Scenario& scenario, Simulation& simulation, Observer& observer, const RunControl& control = {});

/// Fingerprint of everything that changes in a run: two equal digests are two equal worlds.
std::string digest_of(const World& world);

}  // namespace ytterby
