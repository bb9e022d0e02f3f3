#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/run_options.hpp"
#include "records/checkpoint/checkpoint.hpp"
#include "records/folder.hpp"
#include "simulation/calibration/build.hpp"
#include "simulation/scenario/scenario.hpp"

namespace ytterby {

/// What a run begins from: a scenario at its base date, or a checkpoint of an earlier run.
struct RunStart {
    std::string config;  // the scenario's file
    std::vector<std::string> overrides;
    Scenario scenario;
    Simulation simulation;  // at the base date until the checkpoint is loaded
    Manifest manifest;
    std::filesystem::path path;       // of the output folder
    std::optional<RunFolder> folder;  // locked already when a run is resumed
    std::optional<Checkpoint> checkpoint;
    std::int64_t ticks_done = 0;
    bool has_rows = false;            // the folder has rows up to there, or gets them from the run that a branch leaves
    std::filesystem::path rows_from;  // the run that a branch leaves
    bool finished = false;            // all ticks are done already

    /// The origin of checkpoints that this run writes.
    CheckpointOrigin origin() const;
};

/// Warns the user, as of checkpoints that a resumed run could not use.
using Warn = std::function<void(const std::string&)>;

/// Finds out what to begin from; changes nothing on the disk. Throws InputError.
RunStart find_start(const RunOptions& options, const Warn& warn);

/// Locks the output folder unless it is locked already, writes the manifest, copies the rows of a branch's origin, and
/// removes checkpoints after the start.
void prepare_folder(RunStart& start, bool overwrite);

/// Removes from a branch's World the memory of policies that the branch does not have, or has of another kind.
void forget_other_policies(const RunStart& start, World& world);

}  // namespace ytterby
