#pragma once

#include <filesystem>

#include "experiments/execution/sweep_folder.hpp"
#include "experiments/execution/sweep_ledger.hpp"
#include "experiments/execution/sweep_rounds.hpp"

namespace ytterby {

/// Writes results.csv and catalogue.sqlite of a sweep from its plan and its segments, in the order of the plan. So
/// their bytes depend neither on the processes that did the runs nor on interruptions. A planned run without a record
/// is a row with the status "unplayed", or "spared" where the stopping rule does not need it.
void write_sweep_tables(const std::filesystem::path& folder, const SweepState& state, const SweepLedger& ledger,
                        const SegmentReader& reader);

/// Copies the records of other folders of the same sweep (shards) into this one, in the order of the plan. Folders of
/// another sweep are thrown as an InputError.
SweepStanding merge_sweeps(const std::filesystem::path& into, const std::vector<std::filesystem::path>& from);

}  // namespace ytterby
