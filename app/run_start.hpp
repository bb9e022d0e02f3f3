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
    std::optional<RunFolder> folder;  // taken already when a run is resumed
    std::optional<Checkpoint> checkpoint;
    std::int64_t ticks_done = 0;
    bool has_rows = false;            // the folder has rows up to there, or gets them from the branch's origin
    std::filesystem::path rows_from;  // run that a branch leaves
    bool finished = false;            // nothing is left to do

    CheckpointOrigin origin() const;  // of checkpoints that this run writes
};

/// Tells the user what a resumed run does without.
using Warn = std::function<void(const std::string&)>;

/// Finds out what to begin from; nothing is changed on the disk. Throws InputError.
RunStart find_start(const RunOptions& words, const Warn& warn);

/// Takes the output folder if need be, says in it what runs, brings the rows of a branch into it, and removes the
/// checkpoints that lie after the start.
void prepare_folder(RunStart& start, bool overwrite);

/// Takes out of a branch's World what policies remember that the branch does not have, or has of another kind.
void forget_other_policies(const RunStart& start, World& world);

}  // namespace ytterby
