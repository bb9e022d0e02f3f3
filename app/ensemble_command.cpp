#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/interruption.hpp"
#include "app/output.hpp"
#include "app/output_folder.hpp"
#include "core/config/diagnostics.hpp"
#include "core/maths.hpp"
#include "experiments/execution/ensemble.hpp"
#include "records/manifest.hpp"
#include "records/whole_file.hpp"
#include "report/ensemble_report.hpp"

namespace ytterby {
namespace {

namespace fs = std::filesystem;

constexpr const char* table_file = "ensemble.csv";

struct EnsembleOptions {
    EnsembleDesign design;
    std::string out, svg, good;
    bool overwrite = false;
    bool quiet = false;
};

/// Thrown through the writer of the table, so that an incomplete table is never taken for the whole.
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

/// The good of the fan, checked before anything runs.
GoodId good_of(const EnsembleOptions& options, const Scenario& scenario, const Economy& economy) {
    if (options.good.empty()) {
        return {};
    }
    const GoodId good = economy.good(options.good);
    if (!good.exists()) {
        throw InputError(Problem{.key = "--good",
                                 .what = "unknown good '" + options.good + "'",
                                 .why = "the fan shows one",
                                 .suggestion = scenario.names.suggest_good(options.good),
                                 .where = {"--good"}});
    }
    return good;
}

/// The ensemble's folder with its manifest, from the start of the ensemble to its end.
class EnsembleFolder {
public:
    using Clock = std::chrono::steady_clock;

    EnsembleFolder(const EnsembleOptions& options, const Scenario& scenario, Clock::time_point began)
        : began_(began), ticks_(scenario.run.ticks), folder_(take_folder(path_of(options), options.overwrite)) {
        std::vector<std::string> inputs(scenario.files.begin() + 1, scenario.files.end());
        inputs.insert(inputs.end(), scenario.data.files.begin(), scenario.data.files.end());
        manifest_ = start_manifest(options.design.config, inputs);
        manifest_.seed = 1;
        manifest_.written = {std::string(manifest_file), table_file};
        manifest_.ticks_planned = ticks_ * static_cast<std::int64_t>(options.design.seeds);
        manifest_.config_json = echo_json(scenario.record);
        write_manifest(manifest_, folder_.path());
    }

    /// Writes into the manifest how the ensemble ended, after so many runs that came to their end.
    void close(const char* status, std::string reason, std::size_t runs) {
        manifest_.status = status;
        manifest_.stop_reason = std::move(reason);
        manifest_.ticks_done = ticks_ * static_cast<std::int64_t>(runs);
        manifest_.wall_seconds = std::chrono::duration<double>(Clock::now() - began_).count();
        manifest_.ended = utc_now();
        write_manifest(manifest_, folder_.path());
    }

    fs::path table() const { return folder_.path() / table_file; }
    double wall_seconds() const { return manifest_.wall_seconds; }

private:
    static fs::path path_of(const EnsembleOptions& options) {
        return options.out.empty() ? fs::path("runs") / (fs::path(options.design.config).stem().string() + "-ensemble")
                                   : fs::path(options.out);
    }

    Clock::time_point began_;
    std::int64_t ticks_;  // of one run
    RunFolder folder_;
    Manifest manifest_;
};

/// Runs the members and writes their rows; throws Interrupted when the user stops it.
void write_table(const fs::path& file, const EnsembleOptions& options, const Economy& economy,
                 EnsembleSummary& summary) {
    write_whole_file(file, [&](std::ostream& out) {
        write_ensemble_header(out);
        const auto take = [&](const EnsembleMember& member) {
            write_ensemble_member(member, economy, out);
            summary.add(member);
            if (!options.quiet) {
                print_note("seed {} of {}{}\n", member.seed, options.design.seeds,
                           member.error.empty() ? "" : ": " + member.error);
            }
        };
        if (!run_whole_ensemble(options.design, take, &stop_requested)) {
            throw Interrupted{};
        }
    });
}

void print_summary(const EnsembleOptions& options, const Scenario& scenario, const EnsembleSummary& summary,
                   const EnsembleFolder& folder) {
    print_text("{}", summary.text(scenario.data));
    for (const std::string& failure : summary.failures()) {
        print_note("ytterby: failed, {}\n", failure);
    }
    if (!options.quiet) {
        print_note("{} runs in {:.1f} s; rows in {}\n", summary.ran(), folder.wall_seconds(), folder.table().string());
    }
}

int run_ensemble_command(const EnsembleOptions& options) {
    const auto began = EnsembleFolder::Clock::now();
    const Scenario scenario = load_scenario(options.design.config, options.design.overrides);
    const Simulation simulation = build_simulation(scenario);
    const GoodId good = good_of(options, scenario, simulation.economy);
    EnsembleSummary summary = empty_summary(simulation);
    listen_for_stop();
    EnsembleFolder folder(options, scenario, began);
    try {
        write_table(folder.table(), options, simulation.economy, summary);
    } catch (const Interrupted&) {
        std::error_code trouble;
        fs::remove(folder.table() += unfinished_ending, trouble);
        folder.close("interrupted", "interrupted by the user; nothing is kept of an ensemble that is not whole",
                     summary.ran());
        return exit_interrupted;
    } catch (const std::exception& error) {
        folder.close("failed", error.what(), summary.ran());
        throw;
    }
    folder.close(summary.ran() > 0 ? "finished" : "failed",
                 fmt::format("seeds 1 to {}, {} failed", options.design.seeds, summary.failures().size()),
                 summary.ran());
    if (summary.ran() == 0) {
        throw std::runtime_error("no run of the ensemble came to its end; " + summary.failures().front());
    }
    if (!options.svg.empty()) {
        const std::string& title = scenario.title.empty() ? options.design.config : scenario.title;
        write_whole_file(options.svg, svg_lines(summary.fan(good.index(), title)));
    }
    print_summary(options, scenario, summary, folder);
    return summary.failures().empty() ? exit_ok : exit_failed;
}

}  // namespace

void add_ensemble_command(Command program) {
    auto options = std::make_shared<EnsembleOptions>();
    Command command = program.subcommand(
        "ensemble", "One scenario under many seeds: spread and volatility of prices, output, use, reliance");
    command.option("config", options->design.config, "Scenario file (TOML)").required();
    command.option("--seeds", options->design.seeds, "Seeds 1 to N").between(1, 100000).required();
    command
        .option("--jobs", options->design.jobs,
                "Runs at a time, each a process with one thread; they never change a result (default 1)")
        .between(1, 1024);
    command.option("--set", options->design.overrides, "Override a key in all runs: path=value").repeatable();
    command.option("--out,--output", options->out, "Output folder (default runs/<config>-ensemble)");
    command.flag("--overwrite", options->overwrite, "Replace what is in an existing folder");
    command.option("--svg", options->svg, "Draw the price of --good as a fan: median and middle 80 %");
    command.option("--good", options->good, "Good of the fan, such as yttrium.refined");
    command.flag("--quiet", options->quiet, "No progress");
    command.action([options] {
        if (options->svg.empty() != options->good.empty()) {
            throw_missing(options->svg.empty() ? "--svg (with --good)" : "--good (with --svg)");
        }
        return run_ensemble_command(*options);
    });
}

}  // namespace ytterby
