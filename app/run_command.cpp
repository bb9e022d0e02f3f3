#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "app/interruption.hpp"
#include "app/progress.hpp"
#include "app/run_options.hpp"
#include "app/run_start.hpp"
#include "records/csv.hpp"
#include "records/manifest.hpp"
#include "records/recorder/deal_story.hpp"
#include "records/recorder/recorder.hpp"
#include "records/store/run_store.hpp"
#include "report/patterns/hindcast.hpp"
#include "report/patterns/pattern_watch.hpp"
#include "report/patterns/report.hpp"
#include "simulation/run.hpp"
#include "simulation/world_check.hpp"
#include "simulation/world_state.hpp"

namespace ytterby {
namespace {

/// Recorded ticks from which on a run's file is laid out for many rows (technical).
constexpr std::int64_t many_ticks = 100;

void fill_outcome(Manifest& manifest, const RunOutcome& outcome, const RunStore& store, double seconds) {
    manifest.status = outcome.interrupted ? "interrupted" : "finished";
    manifest.stop_reason = outcome.interrupted ? "interrupted by the user" : "all ticks done";
    manifest.ticks_done = outcome.ticks_done;
    manifest.wall_seconds = seconds;
    manifest.final_digest = outcome.digest;
    manifest.rows = store.row_counts();
    for (int phase = 0; phase < PhaseTimes::count; ++phase) {
        const auto which = static_cast<PhaseTimes::Phase>(phase);
        manifest.phases.push_back({std::string(PhaseTimes::name(which)), outcome.times.seconds[which]});
    }
    manifest.ended = utc_now();
}

int run_scenario(const RunOptions& words) {
    const auto logger = spdlog::stderr_color_st("ytterby");
    logger->set_pattern("%^%l%$: %v");
    logger->set_level(words.quiet ? spdlog::level::warn : spdlog::level::info);
    const auto began = std::chrono::steady_clock::now();
    RunStart start = find_start(words, [&](const std::string& text) { logger->warn(text); });
    if (start.finished) {
        logger->info("the run in {} is finished: all {} ticks are done", start.path.string(), start.scenario.run.ticks);
        return exit_ok;
    }
    const Scenario& scenario = start.scenario;
    Simulation& simulation = start.simulation;
    Manifest& manifest = start.manifest;
    PatternWatch watch(simulation.economy, simulation.economy.country("USA"));
    AnnualWatch years(simulation.economy);
    DealStory story;
    RecorderMemory recorded;
    const auto walk = [&](RecorderMemory& recorder) {
        return [&](StateVisitor& visit) {
            visit_world(visit, simulation.world);
            visit("records", recorder);
            watch.visit_state(visit);
            years.visit_state(visit);
            story.visit_state(visit);
        };
    };
    if (start.checkpoint) {
        start.checkpoint->load(walk(recorded));
        check_shape(simulation.economy, simulation.world);
        if (!start.rows_from.empty()) {
            forget_other_policies(start, simulation.world);
        }
        try_out(scenario, simulation, start.ticks_done);
    }
    listen_for_stop();
    prepare_folder(start, words.overwrite);

    logger->info("{}: {} countries, {} goods, {} firms, {} lanes; {} ticks from {}",
                 scenario.title.empty() ? start.config : scenario.title, simulation.economy.countries.size(),
                 simulation.economy.goods.size(), simulation.economy.traits.size(),
                 simulation.economy.network.lane_count, scenario.run.ticks, format_month(scenario.run.start));
    if (start.ticks_done > 0) {
        logger->info("going on after tick {}, {}", start.ticks_done,
                     format_month(scenario.calendar.date_of(start.ticks_done)));
    }
    ProgressDisplay display(words.quiet);
    RunOutcome outcome;
    Patterns patterns;
    const std::optional<CheckpointRhythm> rhythm = CheckpointRhythm::parse(manifest.checkpoint_every);
    try {
        RunStore store(start.path, {.ticks_per_commit = 12,
                                    .in_background = true,
                                    .outlasts_power_cut = rhythm.has_value() || start.has_rows,
                                    .many_rows = scenario.run.ticks / scenario.records.every_ticks >= many_ticks,
                                    .resume = start.has_rows,
                                    .resume_after_tick = start.ticks_done - 1});
        Recorder recorder(store,
                          {.tables = scenario.records.tables,
                           .every_ticks = scenario.records.every_ticks,
                           .last_tick = scenario.run.ticks - 1},
                          std::move(recorded));
        ObserverList observers({&recorder, &watch, &years, &story});
        CheckpointOrigin origin = start.origin();
        const auto checkpoint = [&](std::int64_t ticks_done) {
            store.commit();
            origin.tick = ticks_done;
            save_checkpoint(start.path, origin, walk(recorder.memory()),
                            static_cast<std::size_t>(manifest.keep_checkpoints));
        };
        if (rhythm && !start.rows_from.empty()) {
            checkpoint(start.ticks_done);
        }
        outcome = run(scenario, simulation, observers,
                      {.stop = &stop_requested,
                       .on_progress = [&](const Progress& progress) { display.show(progress); },
                       .already_done = start.ticks_done,
                       .on_pause =
                           [&](std::int64_t ticks_done, bool stopping) {
                               if (rhythm && (stopping || rhythm->due(ticks_done, scenario.calendar))) {
                                   checkpoint(ticks_done);
                               }
                           }});
        store.finish();
        display.finish();
        if (scenario.records.csv) {
            export_csv(start.path);
        }
        if (outcome.ticks_done > 0) {
            patterns = find_patterns(scenario, simulation, watch);
            write_patterns(scenario, simulation, patterns, start.path);
            story.write(start.path);
        }
        fill_outcome(manifest, outcome, store,
                     std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    } catch (const std::exception& error) {
        display.finish();
        manifest.status = "failed";
        manifest.stop_reason = error.what();
        manifest.ended = utc_now();
        try {
            write_manifest(manifest, start.path);
        } catch (const RecordError&) {
            // The manifest of a full disk goes on saying that the run is under way; what stopped it is the news.
        }
        throw;
    }
    write_manifest(manifest, start.path);
    if (outcome.ticks_done > 0 && !words.no_table) {
        fmt::print("{}{}", patterns_digest(scenario, simulation, patterns),
                   hindcast_table(look_back(scenario, simulation, years.rows()), scenario.base_year));
        if (scenario.deals.rules.enabled) {
            fmt::print("\n{}; the story of each is in deals.txt\n", story.summary());
        }
    }
    logger->info("{} {} ticks in {:.2f} s; records in {}",
                 outcome.interrupted ? "stopped after" : "done:", outcome.ticks_done, manifest.wall_seconds,
                 start.path.string());
    if (outcome.interrupted && rhythm) {
        logger->info("go on with: ytterby run --resume {}", start.path.string());
        return exit_resumable;
    }
    return outcome.interrupted ? exit_interrupted : exit_ok;
}

/// The options that say what a run begins from.
void add_start_options(CLI::App& command, RunOptions& words) {
    CLI::Option* resume =
        command
            .add_option("--resume", words.resume_folder,
                        "Go on with the run in FOLDER (or in the output folder) from its last checkpoint")
            ->type_name("[FOLDER]")
            ->expected(0, 1);
    command.add_option("--branch", words.branch, "Fork a run at one of its checkpoints, with other --set values")
        ->type_name("RUN@TICK")
        ->excludes(resume);
    command
        .add_option("--checkpoint-every", words.checkpoint_every,
                    "Write a checkpoint every so many ticks, or month, quarter or year")
        ->type_name("TICKS")
        ->check([](const std::string& text) {
            return CheckpointRhythm::parse(text)
                       ? ""
                       : "'" + text + "' is neither a number of ticks nor month, quarter or year";
        });
    command.add_option("--keep-checkpoints", words.keep_checkpoints, "How many checkpoints to keep (2; 0 keeps all)");
}

/// What the options say together; what they cannot is thrown as an error of usage.
void settle_text(const CLI::App& command, RunOptions& words) {
    words.resume = command.count("--resume") > 0;
    if (words.resume && words.config.empty() && words.resume_folder.ends_with(".toml")) {
        words.config.swap(words.resume_folder);  // the option took the scenario that followed it
    }
    if (words.resume && words.overwrite) {
        throw CLI::ValidationError("--resume", "goes on with the run that --overwrite would replace");
    }
    if (words.config.empty() && words.branch.empty() &&
        (!words.resume || (words.resume_folder.empty() && words.out.empty()))) {
        throw CLI::RequiredError("config");
    }
    if (!words.resume_folder.empty() && !words.out.empty()) {
        throw CLI::ValidationError("--resume", "names the output folder already");
    }
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_code) {
    auto words = std::make_shared<RunOptions>();
    CLI::App* command = app.add_subcommand("run", "Run a scenario and record what happens");
    command->add_option("config", words->config, "Scenario file (TOML); not needed with --resume FOLDER or --branch");
    command->add_option("--set", words->sets, "Override a key: --set policy.NAME.start='\"2023-10\"' (again and again)")
        ->take_all()
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--seed", words->seed, "Seed of all random numbers");
    command->add_option("--replicate", words->replicate, "Replicate of an ensemble");
    command->add_option("--ticks", words->ticks, "How many ticks");
    command->add_option("--threads", words->threads, "Threads; they never change a result");
    command->add_option("--out,--output", words->out, "Output folder (default runs/<config>-<seed>)");
    command->add_flag("--overwrite", words->overwrite, "Replace the run in an existing folder");
    command->add_flag("--quiet", words->quiet, "No progress and no log below warnings");
    command->add_flag("--csv", words->csv, "Also write tidy CSV files");
    command->add_flag("--check-laws", words->check_laws, "Check conservation and the market's certificate every tick");
    command->add_flag("--no-table", words->no_table, "Do not print the closing table");
    add_start_options(*command, *words);
    command->callback([words, command, &exit_code] {
        settle_text(*command, *words);
        exit_code = run_scenario(*words);
    });
}

}  // namespace ytterby
