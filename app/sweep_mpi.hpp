#pragma once

#include <functional>

#include "experiments/execution/sweep.hpp"

namespace ytterby {

/// Whether this program was built with YTTERBY_MPI.
bool has_mpi();

/// Plays a sweep in the processes that mpirun began: rank 0 hands out runs, hears of them and writes; the others play.
/// `tell` is asked on rank 0 for the exit code. MPI ends all processes when one dies; what was recorded stands, and the
/// same command plays the rest.
int sweep_under_mpi(const Sweep& sweep, const SweepOptions& asked,
                    const std::function<void(const SweepProgress&)>& on_progress,
                    const std::function<int(const SweepOutcome&)>& tell);

}  // namespace ytterby
