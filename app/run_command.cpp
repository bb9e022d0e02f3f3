#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/interruption.hpp"
#include "app/output.hpp"
#include "app/progress.hpp"
#include "app/run_messages.hpp"
#include "app/run_options.hpp"
#include "app/run_start.hpp"
#include "core/config/diagnostics.hpp"
#include "core/printable.hpp"
#include "records/csv.hpp"
#include "records/manifest.hpp"
#include "records/recorder/deal_story.hpp"
#include "records/recorder/recorder.hpp"
#include "records/run_log/event_log.hpp"
#include "records/run_log/slow_phases.hpp"
#include "records/store/run_store.hpp"
#include "records/store/sqlite.hpp"
#include "report/patterns/hindcast.hpp"
#include "report/patterns/pattern_watch.hpp"
#include "report/patterns/report.hpp"
#include "simulation/run.hpp"
#include "simulation/world_check.hpp"
#include "simulation/world_state.hpp"

namespace ytterby {
namespace {

/// From so many recorded ticks on, a run's file is laid out for many rows (technical).
constexpr std::int64_t many_ticks = 100;

void fill_outcome(Manifest& manifest, const RunOutcome& outcome, const RunStore& store, double seconds) {
    manifest.status = outcome.interrupted ? "interrupted" : "finished";
    manifest.stop_reason = outcome.interrupted ? "interrupted by the user" : "all ticks done";
    manifest.ticks_done = outcome.ticks_done;
    manifest.wall_seconds = seconds;
    manifest.final_digest = outcome.digest;
    manifest.rows = store.row_counts();
    manifest.row_digests = store.row_digests();
    for (int phase = 0; phase < PhaseTimes::count; ++phase) {
        const auto which = static_cast<PhaseTimes::Phase>(phase);
        manifest.phases.push_back({std::string(PhaseTimes::name(which)), outcome.times.seconds[which]});
    }
    manifest.ended = utc_now();
}

/// A run from its start to the closing table: what it keeps beside the World, and the steps in their order.
class RecordedRun {
public:
    using Clock = std::chrono::steady_clock;

    RecordedRun(const RunOptions& options, RunStart& start, RunMessages& messages, Clock::time_point began)
        : options_(options),
          start_(start),
          messages_(messages),
          began_(began),
          watch_(start.simulation.economy, start.simulation.economy.country("USA")),
          years_(start.simulation.economy),
          rhythm_(CheckpointRhythm::parse(start.manifest.checkpoint_every)) {}

    /// Returns the exit code.
    int execute() {
        if (start_.checkpoint) {
            load_checkpoint();
        }
        listen_for_stop();
        prepare_folder(start_, options_.overwrite);
        messages_.log().open(start_.path);
        log_start();
        try {
            run_and_record();
        } catch (const std::exception& error) {
            record_failure(error);
            messages_.end();
            throw;
        }
        write_manifest(start_.manifest, start_.path);
        if (outcome_.ticks_done > 0 && !options_.no_table) {
            print_tables();
        }
        return log_end();
    }

private:
    /// Walks over all state of the run; the recorder's memory belongs to the recorder while there is one.
    StateWalk walk_with(RecorderMemory& recorded) {
        return [this, &recorded](StateVisitor& visit) {
            visit_world(visit, start_.simulation.world);
            recorded.visit_state(visit);
            watch_.visit_state(visit);
            years_.visit_state(visit);
            story_.visit_state(visit);
        };
    }

    void load_checkpoint() {
        Simulation& simulation = start_.simulation;
        start_.checkpoint->load(walk_with(recorded_));
        check_shape(simulation.economy, simulation.world);
        if (!start_.rows_from.empty()) {
            forget_other_policies(start_, simulation.world);
        }
        try_out(start_.scenario, simulation, start_.ticks_done);
    }

    /// Checks the World as it is checked when a run is resumed: a checkpoint that nobody can read helps nobody.
    void check_resumable(std::int64_t ticks_done) const {
        try {
            check_shape(start_.simulation.economy, start_.simulation.world);
        } catch (const InputError& error) {
            const Problem problem = error.problems().sorted().front();
            throw RecordError(fmt::format(
                "no checkpoint of tick {} can be written: {} ({}), and the run could not be resumed from it. The rows "
                "so far are kept; without --checkpoint-every the run goes on",
                ticks_done, problem.what, problem.why));
        }
    }

    /// What must be known to repeat the run, for the log alone.
    void log_facts() {
        const Manifest& manifest = start_.manifest;
        RunLog& log = messages_.log();
        const auto fact = [&](const std::string& text) { log.write(LogLevel::info, text); };
        fact(fmt::format("ytterby {} (commit {}, {})", manifest.build.version, manifest.build.commit,
                         manifest.build.compiler));
        fact(fmt::format("scenario {}, fingerprint {}", start_.config, manifest.config_file.hash));
        for (const std::string& setting : start_.overrides) {
            fact("set " + setting);
        }
        fact(fmt::format("seed {}, replicate {}, threads {}", manifest.seed, manifest.replicate, manifest.threads));
        if (!manifest.branch_of.empty()) {
            fact("branch of " + manifest.branch_of);
        }
    }

    void log_start() {
        log_facts();
        const Scenario& scenario = start_.scenario;
        const Economy& economy = start_.simulation.economy;
        messages_.say(LogLevel::info,
                      fmt::format("{}: {} countries, {} goods, {} firms, {} lanes; {} ticks from {}",
                                  scenario.title.empty() ? start_.config : scenario.title, economy.countries.size(),
                                  economy.goods.size(), economy.traits.size(), economy.network.lane_count,
                                  scenario.run.ticks, format_month(scenario.run.start)));
        if (start_.ticks_done > 0) {
            messages_.say(LogLevel::info, fmt::format("continuing after tick {}, {}", start_.ticks_done,
                                                      format_month(scenario.calendar.date_of(start_.ticks_done))));
        }
    }

    StoreOptions store_options() const {
        const Scenario& scenario = start_.scenario;
        return {
            .ticks_per_commit = 12,
            .in_background = true,
            .outlasts_power_cut = rhythm_.has_value() || start_.has_rows,
            .many_rows = scenario.run.ticks / scenario.records.every_ticks >= many_ticks,
            .resume = start_.has_rows,
            .resume_after_tick = start_.ticks_done - 1,
            .resume_digests = start_.checkpoint ? start_.checkpoint->origin().row_digests : std::vector<std::string>{}};
    }

    void run_and_record() {
        const Scenario& scenario = start_.scenario;
        ProgressDisplay display(options_.quiet);
        RunStore store(start_.path, store_options());
        Recorder recorder(store,
                          {.tables = scenario.records.tables,
                           .every_ticks = scenario.records.every_ticks,
                           .last_tick = scenario.run.ticks - 1},
                          std::move(recorded_));
        // The log reads what the recorder knew before the first tick.
        EventLog events(messages_.log(), recorder.memory().plants);
        ObserverList observers({&events, &recorder, &watch_, &years_, &story_});
        CheckpointOrigin origin = start_.origin();
        const auto checkpoint = [&](std::int64_t ticks_done) {
            store.commit();
            check_resumable(ticks_done);
            origin.tick = ticks_done;
            origin.row_digests = store.row_digests();
            save_checkpoint(start_.path, origin, walk_with(recorder.memory()),
                            static_cast<std::size_t>(start_.manifest.keep_checkpoints));
        };
        if (rhythm_ && !start_.rows_from.empty()) {
            checkpoint(start_.ticks_done);
        }
        outcome_ = run(scenario, start_.simulation, observers,
                       {.stop = &stop_requested,
                        .on_progress =
                            [&](const Progress& progress) {
                                display.show(progress);
                                log_slow_phases(progress);
                            },
                        .already_done = start_.ticks_done,
                        .on_pause =
                            [&](std::int64_t ticks_done, bool stopping) {
                                if (rhythm_ && (stopping || rhythm_->due(ticks_done, scenario.calendar))) {
                                    checkpoint(ticks_done);
                                    messages_.log().write(LogLevel::debug,
                                                          fmt::format("checkpoint after tick {}", ticks_done));
                                }
                            }});
        store.finish();
        display.finish();
        write_results();
        fill_outcome(start_.manifest, outcome_, store, std::chrono::duration<double>(Clock::now() - began_).count());
    }

    void log_slow_phases(const Progress& progress) {
        if (const std::string slow = slow_phases_.of_tick(progress.times); !slow.empty()) {
            messages_.log().write(LogLevel::info, progress.date + "  " + slow);
        }
    }

    /// Writes what is made of the records when they are complete.
    void write_results() {
        if (start_.scenario.records.csv) {
            export_csv(start_.path);
        }
        if (outcome_.ticks_done > 0) {
            patterns_ = find_patterns(start_.scenario, start_.simulation, watch_);
            write_patterns(start_.scenario, start_.simulation, patterns_, start_.path);
            story_.write(start_.path);
        }
    }

    void record_failure(const std::exception& error) {
        Manifest& manifest = start_.manifest;
        manifest.status = "failed";
        manifest.stop_reason = error.what();
        manifest.ended = utc_now();
        messages_.log().write(LogLevel::error, manifest.stop_reason);
        try {
            write_manifest(manifest, start_.path);
        } catch (const RecordError&) {
            // On a full disk the manifest keeps saying that the run is under way; the first error is the one to report.
        }
    }

    void print_tables() const {
        const Scenario& scenario = start_.scenario;
        print_text("{}{}", patterns_digest(scenario, start_.simulation, patterns_),
                   hindcast_table(look_back(scenario, start_.simulation, years_.rows()), scenario.base_year));
        if (scenario.deals.rules.enabled) {
            print_text("\n{}; the story of each is in deals.txt\n", story_.summary());
        }
    }

    int log_end() {
        RunLog& log = messages_.log();
        log.write(LogLevel::info, "phases: " + phases_line(outcome_.times));
        log.write(LogLevel::info, "fingerprint of the world at the end: " + outcome_.digest);
        messages_.say(LogLevel::info, fmt::format("{} {} ticks in {:.2f} s; records in {}",
                                                  outcome_.interrupted ? "stopped after" : "done:", outcome_.ticks_done,
                                                  start_.manifest.wall_seconds, start_.path.string()));
        if (outcome_.interrupted && rhythm_) {
            messages_.say(LogLevel::info, "continue with: ytterby run --resume " + start_.path.string());
        }
        messages_.end();
        if (outcome_.interrupted) {
            return rhythm_ ? exit_resumable : exit_interrupted;
        }
        return exit_ok;
    }

    const RunOptions& options_;
    RunStart& start_;
    RunMessages& messages_;
    SlowPhases slow_phases_;
    Clock::time_point began_;
    PatternWatch watch_;
    AnnualWatch years_;
    DealStory story_;
    RecorderMemory recorded_;  // until a recorder takes it
    std::optional<CheckpointRhythm> rhythm_;
    RunOutcome outcome_;
    Patterns patterns_;
};

int run_scenario(const RunOptions& options) {
    RunMessages messages(*parse_log_level(options.log_level), options.quiet);
    const auto began = RecordedRun::Clock::now();
    RunStart start = find_start(options, [&](const std::string& text) { messages.say(LogLevel::warning, text); });
    if (start.finished) {
        messages.say(LogLevel::info, fmt::format("the run in {} is finished: all {} ticks are done",
                                                 start.path.string(), start.scenario.run.ticks));
        return exit_ok;
    }
    return RecordedRun(options, start, messages, began).execute();
}

/// Adds the options for what a run begins from.
void add_start_options(Command command, RunOptions& options) {
    CommandOption resume =
        command.option("--resume", options.resume_folder,
                       "Go on with the run in FOLDER (or in the output folder) from its last checkpoint");
    resume.optional_value("[FOLDER]");
    command.option("--branch", options.branch, "Fork a run at one of its checkpoints, with other --set values")
        .placeholder("RUN@TICK")
        .excludes(resume);
    command
        .option("--checkpoint-every", options.checkpoint_every,
                "Write a checkpoint every so many ticks, or month, quarter or year")
        .placeholder("TICKS")
        .check([](const std::string& text) {
            return CheckpointRhythm::parse(text)
                       ? ""
                       : "'" + text + "' is neither a number of ticks nor month, quarter or year";
        });
    command.option("--keep-checkpoints", options.keep_checkpoints, "How many checkpoints to keep (2; 0 keeps all)");
}

/// Checks the options together; a combination that makes no sense is wrong usage.
void check_together(const Command& command, RunOptions& options) {
    options.resume = command.has("--resume");
    if (options.resume && options.config.empty() && options.resume_folder.ends_with(".toml")) {
        options.config.swap(options.resume_folder);  // the option took the scenario that followed it
    }
    if (options.resume && options.overwrite) {
        throw_wrong_option("--resume", "goes on with the run that --overwrite would replace");
    }
    if (options.config.empty() && options.branch.empty() &&
        (!options.resume || (options.resume_folder.empty() && options.out.empty()))) {
        throw_missing("config");
    }
    if (!options.resume_folder.empty() && !options.out.empty()) {
        throw_wrong_option("--resume", "names the output folder already");
    }
}

}  // namespace

void add_run_command(Command program) {
    auto options = std::make_shared<RunOptions>();
    Command command = program.subcommand("run", "Run a scenario and record what happens");
    command.option("config", options->config, "Scenario file (TOML); not needed with --resume FOLDER or --branch");
    command.option("--set", options->sets, "Override a key: --set policy.NAME.start='\"2023-10\"' (again and again)")
        .repeatable();
    command.option("--seed", options->seed, "Seed of all random numbers");
    command.option("--replicate", options->replicate, "Replicate of an ensemble");
    command.option("--ticks", options->ticks, "How many ticks");
    command.option("--threads", options->threads, "Threads; they never change a result");
    command.option("--out,--output", options->out, "Output folder (default runs/<config>-<seed>)");
    command.flag("--overwrite", options->overwrite, "Replace the run in an existing folder");
    command.flag("--quiet", options->quiet, "No progress and nothing below warnings on the terminal");
    command.option("--log-level", options->log_level, "How much goes into run.log, and at most to the terminal (info)")
        .one_of(log_level_names());
    command.flag("--csv", options->csv, "Also write tidy CSV files");
    command.flag("--check-laws", options->check_laws, "Check conservation and the market's certificate every tick");
    command.flag("--no-table", options->no_table, "Do not print the closing table");
    add_start_options(command, *options);
    command.action([options, command] {
        check_together(command, *options);
        return run_scenario(*options);
    });
}

}  // namespace ytterby
