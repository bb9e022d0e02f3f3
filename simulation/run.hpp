#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "core/state/state_visitor.hpp"
#include "simulation/calibration/build.hpp"
#include "simulation/observer.hpp"
#include "simulation/scenario/scenario.hpp"

namespace ytterby {

/// How far a run has come; told after every tick.
struct Progress {
    std::int64_t ticks_done = 0;
    std::int64_t ticks_planned = 0;
    std::string date;
};

/// What a run may be told from outside while it goes.
struct RunControl {
    const std::atomic<bool>* stop = nullptr;  // set by Ctrl-C: stop at the end of the tick
    std::function<void(const Progress&)> on_progress;
    std::int64_t already_done = 0;  // of the scenario's ticks, by the run that this one goes on with
    /// Told after every tick but the last, when the World stands between ticks; `stopping`: no further tick follows.
    std::function<void(std::int64_t ticks_done, bool stopping)> on_pause;
};

/// What became of a run.
struct RunOutcome {
    std::int64_t ticks_done = 0;  // those done before included
    bool interrupted = false;
    PhaseTimes times;
    std::string digest;  // fingerprint of the final World
};

/// Runs a built simulation for the scenario's ticks; the observer sees each tick.
RunOutcome run(const Scenario& scenario, Simulation& simulation, Observer& observer, const RunControl& control = {});

/// Walks over everything that changes in a run (agents/world/world_state.hpp).
void visit_world(StateVisitor& visit, World& world);

/// Checks (world_shape.cpp) that a World that was read has the shape that the economy needs, beyond the lengths of its
/// columns, and numbers to which a run may come; throws InputError.
void check_shape(const Economy& economy, const World& world);

/// The second half of it (world_values.cpp): the numbers.
void check_values(const World& world);

/// Plays the two ticks after `ticks_done` on a World that was read, all laws checked, and puts it back as it was.
/// Throws InputError when a law or another check of the program is broken: then its numbers do not fit together.
void try_out(const Scenario& scenario, Simulation& simulation, std::int64_t ticks_done);

/// Fingerprint of everything that changes in a run: two equal digests are two equal worlds.
std::string digest_of(const World& world);

}  // namespace ytterby
