#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "app/interruption.hpp"
#include "app/output_folder.hpp"
#include "core/config/diagnostics.hpp"
#include "core/maths.hpp"
#include "experiments/execution/ensemble.hpp"
#include "records/manifest.hpp"
#include "records/whole_file.hpp"
#include "report/ensemble_report.hpp"

namespace ytterby {
namespace {

struct EnsembleOptions {
    EnsembleDesign design;
    std::string out, svg, good;
    bool overwrite = false;
    bool quiet = false;
};

/// Thrown through the writer of the table so that a part of it is never taken for the whole.
struct Interrupted {};

EnsembleSummary empty_summary(const Simulation& simulation) {
    std::vector<std::string> goods;
    std::vector<double> prices;
    for (std::size_t good = 0; good < simulation.economy.goods.size(); ++good) {
        const GoodBase& base = simulation.base->goods[good];
        CompensatedSum value, weight;
        for (std::size_t country = 0; country < base.use.size(); ++country) {
            value.add(base.use[country] * base.price[country]);
            weight.add(base.use[country]);
        }
        goods.push_back(simulation.economy.goods[good].name);
        prices.push_back(ratio_or(value.total(), weight.total(), 0.0));
    }
    return EnsembleSummary(std::move(goods), std::move(prices));
}

/// The good of the fan, checked before anything is played.
GoodId good_of(const EnsembleOptions& words, const Scenario& scenario, const Economy& economy) {
    if (words.good.empty()) {
        return {};
    }
    const GoodId good = economy.good(words.good);
    if (!good.exists()) {
        throw InputError(Problem{.key = "--good",
                                 .what = "unknown good '" + words.good + "'",
                                 .why = "the fan shows one",
                                 .suggestion = scenario.names.suggest_good(words.good),
                                 .where = {"--good"}});
    }
    return good;
}

int run_ensemble_command(const EnsembleOptions& words) {
    const auto began = std::chrono::steady_clock::now();
    const Scenario scenario = load_scenario(words.design.config, words.design.overrides);
    const Simulation simulation = build_simulation(scenario);
    const GoodId good = good_of(words, scenario, simulation.economy);
    EnsembleSummary summary = empty_summary(simulation);
    const std::filesystem::path path =
        words.out.empty()
            ? std::filesystem::path("runs") / (std::filesystem::path(words.design.config).stem().string() + "-ensemble")
            : std::filesystem::path(words.out);
    listen_for_stop();
    const RunFolder folder = take_folder(path, words.overwrite);
    std::vector<std::string> inputs(scenario.files.begin() + 1, scenario.files.end());
    inputs.insert(inputs.end(), scenario.data.files.begin(), scenario.data.files.end());
    Manifest manifest = start_manifest(words.design.config, inputs);
    manifest.seed = 1;
    manifest.ticks_planned = scenario.run.ticks * static_cast<std::int64_t>(words.design.seeds);
    manifest.config_json = echo_json(scenario.record);
    write_manifest(manifest, folder.path());
    const auto close = [&](const char* status, std::string reason) {
        manifest.status = status;
        manifest.stop_reason = std::move(reason);
        manifest.ticks_done = scenario.run.ticks * static_cast<std::int64_t>(summary.ran());
        manifest.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        manifest.ended = utc_now();
        write_manifest(manifest, folder.path());
    };
    try {
        write_whole_file(folder.path() / "ensemble.csv", [&](std::ostream& out) {
            write_ensemble_header(out);
            const auto tell = [&](const EnsembleMember& member) {
                write_ensemble_member(member, simulation.economy, out);
                summary.add(member);
                if (!words.quiet) {
                    fmt::print(stderr, "seed {} of {}{}\n", member.seed, words.design.seeds,
                               member.error.empty() ? "" : ": " + member.error);
                }
            };
            if (!run_whole_ensemble(words.design, tell, &stop_requested)) {
                throw Interrupted{};
            }
        });
    } catch (const Interrupted&) {
        std::error_code trouble;
        std::filesystem::remove(folder.path() / (std::string("ensemble.csv") + std::string(unfinished_ending)),
                                trouble);
        close("interrupted", "interrupted by the user; nothing is kept of an ensemble that is not whole");
        return exit_interrupted;
    } catch (const std::exception& error) {
        close("failed", error.what());
        throw;
    }
    close(summary.ran() > 0 ? "finished" : "failed",
          fmt::format("seeds 1 to {}, {} failed", words.design.seeds, summary.failures().size()));
    if (summary.ran() == 0) {
        throw std::runtime_error("no run of the ensemble came to its end; " + summary.failures().front());
    }
    if (!words.svg.empty()) {
        write_whole_file(words.svg, svg_lines(summary.fan(
                                        good.index(), scenario.title.empty() ? words.design.config : scenario.title)));
    }
    fmt::print("{}", summary.text(scenario.data));
    for (const std::string& failure : summary.failures()) {
        fmt::print(stderr, "ytterby: failed, {}\n", failure);
    }
    if (!words.quiet) {
        fmt::print(stderr, "{} runs in {:.1f} s; rows in {}\n", summary.ran(), manifest.wall_seconds,
                   (folder.path() / "ensemble.csv").string());
    }
    return summary.failures().empty() ? exit_ok : exit_failed;
}

}  // namespace

void add_ensemble_command(CLI::App& app, int& exit_code) {
    auto words = std::make_shared<EnsembleOptions>();
    CLI::App* command = app.add_subcommand(
        "ensemble", "One scenario under many seeds: spread and volatility of prices, output, use, reliance");
    command->add_option("config", words->design.config, "Scenario file (TOML)")->required();
    command->add_option("--seeds", words->design.seeds, "Seeds 1 to N")->check(CLI::Range(1, 100000))->required();
    command
        ->add_option("--jobs", words->design.jobs,
                     "Runs at a time, each a process with one thread; they never change a result (default 1)")
        ->check(CLI::Range(1, 1024));
    command->add_option("--set", words->design.overrides, "Override a key in all runs: path=value")
        ->take_all()
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--out,--output", words->out, "Output folder (default runs/<config>-ensemble)");
    command->add_flag("--overwrite", words->overwrite, "Replace what is in an existing folder");
    command->add_option("--svg", words->svg, "Draw the price of --good as a fan: median and middle 80 %");
    command->add_option("--good", words->good, "Good of the fan, such as yttrium.refined");
    command->add_flag("--quiet", words->quiet, "No progress");
    command->callback([words, &exit_code] {
        if (words->svg.empty() != words->good.empty()) {
            throw CLI::RequiredError(words->svg.empty() ? "--svg (with --good)" : "--good (with --svg)");
        }
        exit_code = run_ensemble_command(*words);
    });
}

}  // namespace ytterby
