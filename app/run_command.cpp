#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "app/interruption.hpp"
#include "app/output_folder.hpp"
#include "app/progress.hpp"
#include "records/csv.hpp"
#include "records/deal_story.hpp"
#include "records/manifest.hpp"
#include "records/recorder.hpp"
#include "records/store.hpp"
#include "report/hindcast.hpp"
#include "report/pattern_watch.hpp"
#include "report/patterns_report.hpp"
#include "simulation/run.hpp"

namespace ytterby {
namespace {

struct RunWords {
    std::string config;
    std::vector<std::string> sets;
    std::optional<std::uint32_t> seed;
    std::optional<std::int64_t> ticks;
    std::optional<unsigned> threads;
    std::optional<std::uint32_t> replicate;
    std::string out;
    bool overwrite = false;
    bool quiet = false;
    bool csv = false;
    bool check_laws = false;
    bool no_table = false;
};

/// The short options are overrides like any other, so they show up with their origin in the manifest.
std::vector<std::string> overrides_of(const RunWords& words) {
    std::vector<std::string> overrides = words.sets;
    const auto add = [&](const char* key, const auto& value) {
        if (value) {
            overrides.push_back(fmt::format("run.{}={}", key, *value));
        }
    };
    add("seed", words.seed);
    add("ticks", words.ticks);
    add("threads", words.threads);
    add("replicate", words.replicate);
    if (words.check_laws) {
        overrides.emplace_back("run.check_laws=true");
    }
    if (words.csv) {
        overrides.emplace_back("records.csv=true");
    }
    return overrides;
}

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

int run_scenario(const RunWords& words) {
    const auto logger = spdlog::stderr_color_st("ytterby");
    logger->set_pattern("%^%l%$: %v");
    logger->set_level(words.quiet ? spdlog::level::warn : spdlog::level::info);
    const auto began = std::chrono::steady_clock::now();
    const Scenario scenario = load_scenario(words.config, overrides_of(words));
    Simulation simulation = build_simulation(scenario);
    const std::filesystem::path path = words.out.empty() ? default_run_folder(words.config, scenario.run.seed) : std::filesystem::path(words.out);
    listen_for_stop();
    const RunFolder folder = take_folder(path, words.overwrite);

    std::vector<std::string> inputs(scenario.files.begin() + 1, scenario.files.end());
    inputs.insert(inputs.end(), scenario.data.files.begin(), scenario.data.files.end());
    Manifest manifest = start_manifest(words.config, inputs);
    manifest.seed = scenario.run.seed;
    manifest.replicate = scenario.run.replicate;
    manifest.threads = static_cast<int>(scenario.run.threads);
    manifest.ticks_planned = scenario.run.ticks;
    manifest.config_json = echo_json(scenario.record);
    write_manifest(manifest, folder.path());

    logger->info("{}: {} countries, {} goods, {} firms, {} lanes; {} ticks from {}", scenario.title.empty() ? words.config : scenario.title,
                 simulation.economy.countries.size(), simulation.economy.goods.size(), simulation.economy.traits.size(),
                 simulation.economy.network.lane_count, scenario.run.ticks, format_month(scenario.run.start));
    RunStore store(folder.path(), {.ticks_per_commit = 12, .in_background = true});
    Recorder recorder(store, {.tables = scenario.records.tables, .every_ticks = scenario.records.every_ticks, .last_tick = scenario.run.ticks - 1});
    PatternWatch watch(simulation.economy, simulation.economy.country("USA"));
    AnnualWatch years(simulation.economy);
    DealStory story;
    ObserverList observers({&recorder, &watch, &years, &story});
    ProgressDisplay display(words.quiet);
    RunOutcome outcome;
    try {
        outcome = run(scenario, simulation, observers, {.stop = &stop_requested, .on_progress = [&](const Progress& progress) { display.show(progress); }});
        store.finish();
    } catch (const std::exception& error) {
        display.finish();
        manifest.status = "failed";
        manifest.stop_reason = error.what();
        manifest.ended = utc_now();
        write_manifest(manifest, folder.path());
        throw;
    }
    display.finish();
    if (scenario.records.csv) {
        export_csv(folder.path());
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    fill_outcome(manifest, outcome, store, seconds);
    write_manifest(manifest, folder.path());
    story.write(folder.path());
    if (outcome.ticks_done > 0) {
        const Patterns patterns = find_patterns(scenario, simulation, watch);
        write_patterns(scenario, simulation, patterns, folder.path());
        if (!words.no_table) {
            fmt::print("{}{}", patterns_digest(scenario, simulation, patterns), hindcast_table(look_back(scenario, simulation, years.rows()), scenario.base_year));
            if (scenario.deals.rules.enabled) {
                fmt::print("\n{}; the story of each is in deals.txt\n", story.summary());
            }
        }
    }
    logger->info("{} {} ticks in {:.2f} s; records in {}", outcome.interrupted ? "stopped after" : "done:", outcome.ticks_done, seconds, folder.path().string());
    return outcome.interrupted ? exit_interrupted : exit_ok;
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_code) {
    auto words = std::make_shared<RunWords>();
    CLI::App* command = app.add_subcommand("run", "Run a scenario and record what happens");
    command->add_option("config", words->config, "Scenario file (TOML)")->required();
    command->add_option("--set", words->sets, "Override a key: --set policy.NAME.start='\"2023-10\"' (again and again)")->take_all()->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
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
    command->callback([words, &exit_code] { exit_code = run_scenario(*words); });
}

}  // namespace ytterby
