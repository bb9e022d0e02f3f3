#pragma once

#include "agents/phases/plan/plan.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "market/mechanism.hpp"
#include "policies/policy.hpp"
#include "simulation/calibration/build.hpp"
#include "simulation/observer.hpp"

namespace ytterby {

/// Memory of the last tick's largest values, for the next ones; their content is never read.
struct Buffers {
    Plan plan;
    Trades trades;
};

/// What a tick needs beside the World: the constant economy, the policies, the market, threads and random numbers.
struct Engine {
    const Economy& economy;
    const Policies& policies;
    Calendar calendar;
    Random random;
    Workers& workers;
    Mechanism& mechanism;
    bool check_laws = false;
    Buffers buffers = {};
    PhaseTimes times = {};
};

/// One month (or week, or quarter) of the world: the page that a reader of the paper can follow.
void tick(Engine& engine, World& world, Observer& observer);

}  // namespace ytterby
