#include "app/run_start.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "app/output_folder.hpp"
#include "core/config/diagnostics.hpp"
#include "records/checkpoint/match.hpp"
#include "records/run_log/run_log.hpp"
#include "records/store/run_store.hpp"
#include "records/store/schema.hpp"
#include "records/store/stored_run.hpp"
#include "simulation/scenario/changeable_keys.hpp"

namespace ytterby {
namespace {

namespace fs = std::filesystem;

void read_scenario(RunStart& start) {
    start.scenario = load_scenario(start.config, start.overrides);
    start.simulation = build_simulation(start.scenario);
}

/// The scenario's file as the user named it, or else its place relative to the run's folder.
std::string config_of(const CheckpointOrigin& origin, const fs::path& folder) {
    std::error_code trouble;
    if (fs::exists(origin.config_file, trouble) || origin.config_from_folder.empty()) {
        return origin.config_file;
    }
    return (folder / origin.config_from_folder).lexically_normal().string();
}

/// The newest checkpoint that is complete and whose rows are present; an older one only when newer ones are damaged.
std::optional<Checkpoint> newest_checkpoint(const fs::path& folder, const Warn& warn) {
    std::vector<std::int64_t> ticks = checkpoints_in(folder);
    const std::int64_t last_row = ticks.empty() ? -1 : last_recorded_tick(folder);
    Problems problems;
    for (auto tick = ticks.rbegin(); tick != ticks.rend(); ++tick) {
        try {
            if (last_row < *tick - 1) {
                throw DamagedCheckpoint(
                    Problem{.key = "checkpoint " + checkpoint_path(folder, *tick).string(),
                            .what = "its rows are missing",
                            .why = fmt::format("the records in {} end with tick {}", folder.string(), last_row),
                            .suggestion = "start the run anew with --overwrite"});
            }
            Checkpoint found(folder, *tick);
            for (const Problem& problem : problems.sorted()) {
                warn(fmt::format("{}: {} ({}); going on from tick {}", problem.key, problem.what, problem.why, *tick));
            }
            return found;
        } catch (const DamagedCheckpoint& error) {
            problems.add_all(error.problems());
        }
    }
    problems.throw_if_any();
    return std::nullopt;
}

void check_program(const CheckpointOrigin& origin, const fs::path& folder) {
    if (const std::string difference = program_difference(origin, this_build()); !difference.empty()) {
        throw InputError(Problem{.key = "checkpoint " + checkpoint_path(folder, origin.tick).string(),
                                 .what = "another program wrote it: " + difference,
                                 .why = "the rows after it might not be those of one run",
                                 .suggestion = "continue with the program that wrote it, start the run anew with "
                                               "--overwrite, or fork it with --branch"});
    }
}

void check_ticks_left(const RunStart& start) {
    if (start.ticks_done >= start.scenario.run.ticks) {
        throw InputError(Problem{
            .key = "run.ticks",
            .what = fmt::format("it is {}, the checkpoint is of tick {}", start.scenario.run.ticks, start.ticks_done),
            .why = "nothing is left to run",
            .suggestion = "ask for more ticks, or start a separate run"});
    }
}

/// The files that a run of this scenario may write, beside those that it has written already.
std::vector<std::string> files_written(const Scenario& scenario, std::vector<std::string> already) {
    std::vector<std::string> list{std::string(manifest_file),
                                  std::string(store_file),
                                  std::string(run_log_file),
                                  "patterns.md",
                                  "patterns.csv",
                                  "deals.txt",
                                  "checkpoints/tick-*.bin"};
    if (scenario.records.csv) {
        for (const std::span<const TableSchema> group : {tables(), side_tables()}) {
            for (const TableSchema& table : group) {
                list.push_back("csv/" + std::string(table.name) + ".csv");
            }
        }
    }
    for (std::string& file : list) {
        if (std::find(already.begin(), already.end(), file) == already.end()) {
            already.push_back(std::move(file));
        }
    }
    return already;
}

/// Starts the manifest, with names and fingerprints of all files that were read.
void begin_manifest(RunStart& start, const RunOptions& options, const Manifest& before) {
    const Scenario& scenario = start.scenario;
    std::vector<std::string> inputs(scenario.files.begin() + 1, scenario.files.end());
    inputs.insert(inputs.end(), scenario.data.files.begin(), scenario.data.files.end());
    Manifest& manifest = start.manifest;
    manifest = start_manifest(start.config, inputs);
    manifest.overrides = start.overrides;
    manifest.seed = scenario.run.seed;
    manifest.replicate = scenario.run.replicate;
    manifest.threads = static_cast<int>(scenario.run.threads);
    manifest.ticks_planned = scenario.run.ticks;
    manifest.config_json = echo_json(scenario.record);
    manifest.branch_of = before.branch_of;
    manifest.written = files_written(scenario, before.written);
    manifest.checkpoint_every = options.checkpoint_every.empty() ? before.checkpoint_every : options.checkpoint_every;
    manifest.keep_checkpoints =
        options.keep_checkpoints ? static_cast<std::int64_t>(*options.keep_checkpoints) : before.keep_checkpoints;
}

RunStart fresh_start(const RunOptions& options) {
    RunStart start;
    start.config = options.config;
    start.overrides = overrides_of(options);
    read_scenario(start);
    start.path =
        options.out.empty() ? default_run_folder(options.config, start.scenario.run.seed) : fs::path(options.out);
    begin_manifest(start, options, {});
    return start;
}

/// The folder of the run to resume: the one named, or the one that the scenario would write to.
fs::path resumed_folder(const RunOptions& options) {
    if (!options.resume_folder.empty() || !options.out.empty()) {
        return options.resume_folder.empty() ? options.out : options.resume_folder;
    }
    return default_run_folder(options.config, load_scenario(options.config, overrides_of(options)).run.seed);
}

/// Refuses a run of which the manifest already shows that it cannot be resumed.
void refuse_what_cannot_go_on(const Manifest& before, const fs::path& path) {
    const auto refuse = [&](const char* what, const char* why, const char* suggestion) {
        throw InputError(
            Problem{.key = "output folder " + path.string(), .what = what, .why = why, .suggestion = suggestion});
    };
    constexpr const char* no_resume = "the run in it cannot be resumed";
    if (before.status == status_of_removal) {
        refuse(no_resume, "it was being overwritten when the program was stopped, and files are gone",
               "start it anew with --overwrite");
    }
    if (before.checkpoint_every.empty() && before.status != "finished" && checkpoints_in(path).empty()) {
        refuse(no_resume, "it was started without --checkpoint-every",
               "start it anew with --overwrite --checkpoint-every 12");
    }
    if (before.status == "finished" && checkpoints_in(path).empty() && !fs::exists(path / store_file)) {
        refuse("run.sqlite is missing", "its manifest says that the run is finished",
               "put the file back, or start the run anew with --overwrite");
    }
}

RunStart resumed_start(const RunOptions& options, const Warn& warn) {
    RunStart start;
    start.path = resumed_folder(options);
    start.folder = RunFolder(start.path, ExistingRun::resume);
    const Manifest before = read_manifest(start.path);
    refuse_what_cannot_go_on(before, start.path);
    start.has_rows = true;
    start.checkpoint = newest_checkpoint(start.path, warn);
    if (!options.config.empty()) {
        start.config = options.config;
    } else {
        start.config = start.checkpoint ? config_of(start.checkpoint->origin(), start.path) : before.config_file.path;
        start.overrides = start.checkpoint ? start.checkpoint->origin().overrides : before.overrides;
    }
    const std::vector<std::string> more = overrides_of(options);
    start.overrides.insert(start.overrides.end(), more.begin(), more.end());
    read_scenario(start);
    begin_manifest(start, options, before);
    start.finished = before.status == "finished" && before.ticks_done >= start.scenario.run.ticks;
    if (!start.checkpoint) {
        if (!start.finished && before.status == "finished") {
            throw InputError(Problem{.key = "output folder " + start.path.string(),
                                     .what = "the run in it cannot be resumed",
                                     .why = "it has no checkpoint",
                                     .suggestion = "start it anew with --overwrite --checkpoint-every 12"});
        }
        if (!start.finished && !before.branch_of.empty()) {
            throw InputError(Problem{.key = "output folder " + start.path.string(),
                                     .what = "the branch in it cannot be resumed",
                                     .why = "it was stopped before it had left " + before.branch_of,
                                     .suggestion = "start it anew with --overwrite --branch " + before.branch_of});
        }
        if (!start.finished) {
            warn("there is no checkpoint in " + start.path.string() + " yet: the run begins anew");
        }
        return start;
    }
    const CheckpointOrigin& origin = start.checkpoint->origin();
    require_same_config(origin, start.manifest.config_json, may_change_on_resume,
                        "resume with the value it had, or fork the run with --branch " + start.path.string() + "@" +
                            std::to_string(origin.tick));
    require_same_data(origin, data_facts(start.manifest, start.scenario.data.files));
    if (!start.finished) {
        check_program(origin, start.path);
        require_same_rows(start.path, origin.tick - 1, origin.row_digests);
        start.ticks_done = origin.tick;
        check_ticks_left(start);
        start.manifest.resumed_from = start.ticks_done;
    }
    return start;
}

/// The folder and tick of RUN@TICK; without @TICK the newest checkpoint.
std::pair<fs::path, std::int64_t> branch_point(const std::string& branch) {
    const std::size_t at = branch.rfind('@');
    const fs::path folder = branch.substr(0, at);
    const std::vector<std::int64_t> ticks = checkpoints_in(folder);
    std::vector<std::string> names;
    names.reserve(ticks.size());
    for (const std::int64_t tick : ticks) {
        names.push_back(std::to_string(tick));
    }
    const std::string offered =
        names.empty() ? "run it with --checkpoint-every first"
                      : "its checkpoints are of ticks " + join_names(names) + "; --keep-checkpoints keeps more";
    std::int64_t tick = ticks.empty() ? -1 : ticks.back();
    if (at != std::string::npos) {
        const char* end = branch.data() + branch.size();
        const auto [stop, error] = std::from_chars(branch.data() + at + 1, end, tick);
        if (error != std::errc{} || stop != end) {
            throw InputError(Problem{.key = "--branch " + branch,
                                     .what = "'" + branch.substr(at + 1) + "' is not a number of ticks",
                                     .why = "a branch leaves a run at a checkpoint, RUN@TICK",
                                     .suggestion = offered});
        }
    }
    if (std::find(ticks.begin(), ticks.end(), tick) == ticks.end()) {
        throw InputError(Problem{.key = "--branch " + branch,
                                 .what = ticks.empty() ? "there is no checkpoint in " + folder.string()
                                                       : fmt::format("there is no checkpoint of tick {}", tick),
                                 .why = "a branch leaves a run at a checkpoint, RUN@TICK",
                                 .suggestion = offered});
    }
    return {folder, tick};
}

RunStart branched_start(const RunOptions& options, const Warn& warn) {
    RunStart start;
    const auto [parent, tick] = branch_point(options.branch);
    start.checkpoint.emplace(parent, tick);
    const CheckpointOrigin& origin = start.checkpoint->origin();
    start.config = options.config.empty() ? config_of(origin, parent) : options.config;
    start.overrides = origin.overrides;
    const std::vector<std::string> more = overrides_of(options);
    start.overrides.insert(start.overrides.end(), more.begin(), more.end());
    read_scenario(start);
    Manifest before;
    before.branch_of = fmt::format("{}@{}", parent.string(), tick);
    begin_manifest(start, options, before);
    require_same_config(origin, start.manifest.config_json, may_change_in_branch,
                        "change policies, shocks or behaviour in a branch, or start a separate run");
    require_same_data(origin, data_facts(start.manifest, start.scenario.data.files));
    if (const std::string difference = program_difference(origin, this_build()); !difference.empty()) {
        warn("the program that wrote the checkpoint was of " + difference + "; the branch continues with this one");
    }
    start.ticks_done = tick;
    check_ticks_left(start);
    start.manifest.resumed_from = tick;
    start.rows_from = parent;
    if (last_recorded_tick(parent) < tick - 1) {
        throw InputError(Problem{.key = "--branch " + options.branch,
                                 .what = fmt::format("the rows of {} end before tick {}", parent.string(), tick),
                                 .suggestion = "branch from an older checkpoint"});
    }
    require_same_rows(parent, tick - 1, origin.row_digests);
    start.path = options.out.empty()
                     ? fs::path(fmt::format("{}-branch-{}", fs::path(parent / "").parent_path().string(), tick))
                     : fs::path(options.out);
    start.has_rows = true;
    return start;
}

}  // namespace

CheckpointOrigin RunStart::origin() const {
    const BuildInfo build = this_build();
    std::error_code trouble;
    return {.tick = 0,
            .version = build.version,
            .commit = build.commit,
            .compiler = build.compiler,
            .flags = build.flags,
            .config_file = config,
            .config_from_folder = fs::absolute(config, trouble)
                                      .lexically_normal()
                                      .lexically_relative(fs::absolute(path, trouble).lexically_normal())
                                      .string(),
            .overrides = overrides,
            .config_json = manifest.config_json,
            .data = data_facts(manifest, scenario.data.files)};
}

RunStart find_start(const RunOptions& options, const Warn& warn) {
    if (!options.branch.empty()) {
        return branched_start(options, warn);
    }
    return options.resume ? resumed_start(options, warn) : fresh_start(options);
}

void prepare_folder(RunStart& start, bool overwrite) {
    if (!start.folder) {
        start.folder = take_folder(start.path, overwrite);
    }
    write_manifest(start.manifest, start.path);
    if (!start.rows_from.empty()) {
        copy_records(start.rows_from, start.path);
    }
    remove_checkpoints_after(start.path, start.ticks_done);
}

void forget_other_policies(const RunStart& start, World& world) {
    std::set<std::string> gone;
    for (const auto& [name, memory] : world.memory) {
        gone.insert(name);
    }
    for (const auto& policy : start.scenario.policies) {
        gone.erase(policy->name());
    }
    for (const ConfigDifference& difference :
         config_differences(start.checkpoint->origin().config_json, start.manifest.config_json)) {
        if (difference.key.starts_with("policy.") && difference.key.ends_with(".kind")) {
            gone.insert(difference.key.substr(7, difference.key.size() - 12));
        }
    }
    for (const std::string& name : gone) {
        world.memory.erase(name);
    }
}

}  // namespace ytterby
