#pragma once

#include <functional>

#include "experiments/execution/sweep.hpp"

namespace ytterby {

/// Whether this program was built with YTTERBY_MPI.
bool has_mpi();

/// Runs a sweep in the processes that mpirun started: rank 0 hands out runs, collects and writes their results; the
/// others run them. Rank 0 calls `report` with the outcome for the exit code. MPI ends all processes when one dies;
/// what was recorded remains, and the same command does the rest.
int sweep_under_mpi(const Sweep& sweep, const SweepOptions& asked,
                    const std::function<void(const SweepProgress&)>& on_progress,
                    const std::function<int(const SweepOutcome&)>& report);

}  // namespace ytterby
