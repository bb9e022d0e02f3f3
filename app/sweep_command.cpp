#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "app/interruption.hpp"
#include "app/sweep_mpi.hpp"
#include "app/sweep_options.hpp"
#include "core/config/diagnostics.hpp"
#include "experiments/execution/sweep.hpp"
#include "experiments/execution/sweep_folder.hpp"
#include "experiments/execution/sweep_tables.hpp"
#include "records/whole_file.hpp"

namespace ytterby {
namespace {

namespace fs = std::filesystem;

struct SweepCommandOptions {
    std::string design, out, shard, most_time, slurm;
    unsigned jobs = 0;
    unsigned shards = 8;
    bool overwrite = false, dry_run = false, retry_failed = false, keep_runs = false, quiet = false, mpi = false;
};

unsigned cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    return ::sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<unsigned>(std::max(1, CPU_COUNT(&set))) : 1U;
}

fs::path folder_of(const SweepCommandOptions& words) {
    return words.out.empty() ? fs::path("runs") / (fs::path(words.design).stem().string() + "-sweep")
                             : fs::path(words.out);
}

SweepOptions options_of(const SweepCommandOptions& words) {
    SweepOptions options{.folder = folder_of(words),
                         .overwrite = words.overwrite,
                         .jobs = words.jobs > 0 ? words.jobs : cores(),
                         .shard = {},
                         .retry_failed = words.retry_failed,
                         .keep_runs = words.keep_runs};
    if (!words.shard.empty()) {
        options.shard = parse_shard(words.shard);
        options.folder /= fmt::format("shard-{}-of-{}", options.shard.number, options.shard.count);
    }
    if (!words.most_time.empty()) {
        options.most_seconds = parse_seconds(words.most_time);
    }
    return options;
}

/// What is known of a sweep in one line; every summary begins with how much of the plan is there.
std::string count_text(const SweepCount& count) {
    std::string text = fmt::format("{}/{} ok", count.ok, count.planned);
    if (count.failed > 0) {
        text += fmt::format(", {} failed", count.failed);
    }
    if (count.unplayed() > 0) {
        text += fmt::format(", {} unplayed", count.unplayed());
    }
    if (count.spared > 0) {
        text += fmt::format(", {} spared", count.spared);
    }
    if (count.runs + count.spared < count.planned) {
        text += fmt::format(" ({} runs, some shared by several rows)", count.runs);
    }
    return text;
}

/// What the stopping rule said, on a line of its own.
std::string line_of(const std::string& rule) { return rule.empty() ? rule : rule + "\n"; }

/// How many runs the busiest of the workers plays, one after another.
double rounds_of(double runs, unsigned jobs) { return std::ceil(std::ceil(runs) / jobs); }

int dry_run(const Sweep& sweep, const SweepCommandOptions& words) {
    const SweepPlan& plan = sweep.plan();
    const SweepOptions options = options_of(words);
    std::vector<Fingerprint> runs;
    for (std::size_t row = 0; row < plan.rows(); ++row) {
        runs.push_back(plan.run_of(row));
    }
    const SweepCount count = SweepLedger(std::move(runs)).count();
    const SweepProbe probe = sweep.probe(words.keep_runs);
    const double run_seconds = probe.build_seconds + probe.seconds_per_tick * static_cast<double>(probe.ticks);
    const auto played = static_cast<double>(count.runs) / options.shard.count;
    const double line_bytes = 60.0 + 20.0 * static_cast<double>(plan.design().metrics.size());
    const double row_bytes = 3.0 * line_bytes + 2.0 * static_cast<double>(plan.line(0).size());
    fmt::print("design   {}: {}\n", words.design, plan.design().main.kind);
    fmt::print("cells    {}, of {} factors\n", plan.cells().points, plan.design().factors.size());
    // With a stopping rule, from the least number of replicates to the most.
    const SweepDesign& design = plan.design();
    const bool has_rule = !design.until.empty();
    const double least = has_rule ? static_cast<double>(design.least_replicates) / design.replicates : 1.0;
    const double seconds = run_seconds * rounds_of(played, options.jobs);
    fmt::print("runs     {}{}: {} cells x {}{} replicates{}{}\n", has_rule ? "at most " : "", count.runs,
               plan.cells().points, has_rule ? fmt::format("{} to ", design.least_replicates) : "", design.replicates,
               count.runs < count.planned
                   ? fmt::format(", {} of {} rows share a run with another", count.planned - count.runs, count.planned)
                   : "",
               options.shard.count > 1 ? fmt::format("; about {:.0f} in this shard", played) : "");
    if (has_rule) {
        fmt::print("until    {}\n", design.until);
    }
    fmt::print("time     about {}{}: {:.3f} s a run ({:.3f} to build, {} ticks of {:.2f} ms), {} at a time\n",
               has_rule ? duration_text(least * seconds) + " to " : "", duration_text(seconds), run_seconds,
               probe.build_seconds, probe.ticks, 1000.0 * probe.seconds_per_tick, options.jobs);
    fmt::print("memory   about {}: {} a worker\n", bytes_text(probe.memory_bytes * (options.jobs + 1)),
               bytes_text(probe.memory_bytes));
    fmt::print("disk     about {}\n",
               bytes_text(row_bytes * static_cast<double>(count.planned) + played * probe.kept_bytes));
    fmt::print("folder   {}\n", options.folder.string());
    return exit_ok;
}

/// Says what became of a session; the exit code.
int tell(const SweepOutcome& outcome, const SweepOptions& options) {
    const bool whole_shard = outcome.left == 0;
    if (options.shard.count > 1) {
        fmt::print("shard {}/{}: {}/{} ok, {} failed, {} left; records in {}\n", options.shard.number,
                   options.shard.count, outcome.shard_ok, outcome.shard_planned, outcome.shard_failed, outcome.left,
                   options.folder.string());
        return !whole_shard ? exit_interrupted : outcome.shard_failed > 0 ? exit_failed : exit_ok;
    }
    fmt::print("{}; tables in {}\n{}", count_text(outcome.count), options.folder.string(), line_of(outcome.rule));
    if (!whole_shard) {
        fmt::print(stderr, "ytterby: stopped before the end; the same command goes on\n");
        return exit_interrupted;
    }
    return outcome.count.failed > 0 ? exit_failed : exit_ok;
}

int run_sweep_command(const SweepCommandOptions& words) {
    // A full quota is an error to report, not a signal to die of.
    std::signal(SIGXFSZ, SIG_IGN);
    const Sweep sweep(words.design);
    if (!words.shard.empty() || !words.slurm.empty()) {
        sweep.check_shards();
    }
    if (words.dry_run) {
        return dry_run(sweep, words);
    }
    const SweepOptions options = options_of(words);
    if (!words.slurm.empty()) {
        const SweepProbe probe = sweep.probe(words.keep_runs);
        const double run_seconds = probe.build_seconds + probe.seconds_per_tick * static_cast<double>(probe.ticks);
        const SlurmScript script{
            .design = words.design,
            .folder = folder_of(words),
            .shards = words.shards,
            .jobs = options.jobs,
            .keep_runs = words.keep_runs,
            .seconds = run_seconds * rounds_of(static_cast<double>(sweep.plan().rows()) / words.shards, options.jobs),
            .bytes = probe.memory_bytes * (options.jobs + 1)};
        write_whole_file(words.slurm, slurm_text(script));
        fs::permissions(words.slurm, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                        fs::perm_options::add);
        fmt::print("{}: {} array tasks; afterwards: ytterby sweep merge {}\n", words.slurm, words.shards,
                   folder_of(words).string());
        return exit_ok;
    }
    listen_for_stop();
    SweepDisplay display(words.quiet);
    const auto show = [&](const SweepProgress& progress) { display.show(progress); };
    if (words.mpi) {
        return sweep_under_mpi(sweep, options, show, [&](const SweepOutcome& outcome) {
            display.finish();
            return tell(outcome, options);
        });
    }
    const SweepOutcome outcome = sweep.run(options, show, &stop_requested);
    display.finish();
    return tell(outcome, options);
}

int status(const std::string& folder) {
    std::vector<fs::path> places = shards_in(folder);
    if (places.empty() || fs::exists(fs::path(folder) / sweep_state_file)) {
        places.insert(places.begin(), folder);
    }
    const SweepState state = read_sweep_state(places.front());
    SweepLedger ledger(read_planned_runs(places.front(), state));
    std::size_t damaged = 0;
    for (const fs::path& place : places) {
        const SegmentReader reader(place, state.identity, state.metrics.size());
        reader.each([&](const RunRecord& record, const RecordPlace& where) { ledger.take(record, where, nullptr); });
        damaged += reader.damaged();
    }
    std::string rule;
    if (!state.until.empty()) {
        // Such a sweep has no shards.
        const SegmentReader reader(places.front(), state.identity, state.metrics.size());
        SweepLedger own(read_planned_runs(places.front(), state));
        own.take_all(reader);
        SweepStanding standing = standing_of(state, std::move(own), reader);
        ledger = std::move(standing.ledger);
        rule = std::move(standing.rule);
    }
    fmt::print("{}\n{}design {}\n", count_text(ledger.count()), line_of(rule), state.design);
    if (damaged > 0) {
        fmt::print("{} torn or damaged lines in the segments; their runs count as unplayed\n", damaged);
    }
    return exit_ok;
}

int merge(const std::string& folder, const std::vector<std::string>& parts) {
    std::vector<fs::path> from(parts.begin(), parts.end());
    if (from.empty()) {
        from = shards_in(folder);
    }
    if (from.empty()) {
        throw InputError(Problem{.key = folder,
                                 .what = "there is nothing to merge",
                                 .why = "it holds no shard-*-of-* folders",
                                 .suggestion = "name the folders to merge after it"});
    }
    const SweepStanding standing = merge_sweeps(folder, from);
    const SweepCount count = standing.ledger.count();
    fmt::print("{}; tables in {}\n{}", count_text(count), folder, line_of(standing.rule));
    return count.unplayed() > 0 || count.failed > 0 ? exit_failed : exit_ok;
}

void add_run_options(CLI::App& command, SweepCommandOptions& words) {
    command
        .add_option("--jobs", words.jobs,
                    "Worker processes of one thread each; they never change a result (default: all cores)")
        ->check(CLI::Range(1, 4096));
    command
        .add_option("--max-wall", words.most_time,
                    "Begin no run after so long, as 90s, 45m or 2h; the same command goes on")
        ->check([](const std::string& text) {
            return parse_seconds(text) > 0.0 ? std::string() : "write it like 90s, 45m or 2h";
        });
    command.add_flag("--retry-failed", words.retry_failed, "Play runs that failed again");
    command.add_flag("--keep-runs", words.keep_runs, "Keep all records of each run in runs/<run_id>");
    command.add_flag("--quiet", words.quiet, "No progress");
    if (has_mpi()) {
        command.add_flag("--mpi", words.mpi,
                         "Play in the processes that mpirun has begun: one hands out runs and writes, the others play");
    }
}

/// The folder of a part, <out>/shard-i-of-n, goes on with that part alone.
void resume_part(const fs::path& folder, SweepCommandOptions& words) {
    const fs::path place = (folder / "").parent_path();  // without a slash at the end
    unsigned number = 0, count = 0;
    int length = 0;
    const std::string name = place.filename().string();
    if (std::sscanf(name.c_str(), "shard-%u-of-%u%n", &number, &count, &length) == 2 &&
        static_cast<std::size_t>(length) == name.size()) {
        words.shard = fmt::format("{}/{}", number, count);
        words.out = place.has_parent_path() ? place.parent_path().string() : std::string(".");
    }
}

}  // namespace

void add_sweep_command(CLI::App& app, int& exit_code) {
    auto words = std::make_shared<SweepCommandOptions>();
    CLI::App* command =
        app.add_subcommand("sweep", "Many runs laid out by a design file: levers, uncertainties, metrics");
    command->add_option("design", words->design, "Design file (TOML), see docs/experiments.md");
    command->add_option("--out,--output", words->out,
                        "Folder of plan, records and tables (default runs/<design>-sweep)");
    command->add_flag("--overwrite", words->overwrite, "Begin anew in a folder that holds a sweep");
    command->add_flag("--dry-run", words->dry_run,
                      "Say how many runs, how long, how much memory and disk; play nothing");
    command->add_option("--shard", words->shard, "Play part i of n, as 2/8, into <out>/shard-i-of-n")
        ->check(
            [](const std::string& text) { return parse_shard(text).count > 0 ? std::string() : "write it like 2/8"; });
    command->add_option("--emit-slurm", words->slurm, "Write a Slurm array script that plays --shards parts");
    command->add_option("--shards", words->shards, "Parts of the script (default 8)")->check(CLI::Range(1, 100000));
    add_run_options(*command, *words);
    command->require_subcommand(0, 1);

    auto folder = std::make_shared<std::string>();
    auto parts = std::make_shared<std::vector<std::string>>();
    CLI::App* status_command = command->add_subcommand("status", "How much of a sweep has been played");
    status_command->add_option("folder", *folder, "Folder of the sweep")->required();
    status_command->callback([folder, &exit_code] { exit_code = status(*folder); });
    CLI::App* resume_command = command->add_subcommand("resume", "Go on with a sweep, as the same command would");
    resume_command->add_option("folder", *folder, "Folder of the sweep")->required();
    add_run_options(*resume_command, *words);
    resume_command->callback([words, folder, &exit_code] {
        words->design = read_sweep_state(*folder).design;
        words->out = *folder;
        resume_part(*folder, *words);
        exit_code = run_sweep_command(*words);
    });
    CLI::App* merge_command =
        command->add_subcommand("merge", "Put the records of shards together and write the tables");
    merge_command->add_option("folder", *folder, "Folder of the whole sweep")->required();
    merge_command->add_option("parts", *parts, "Folders of its parts (default: shard-*-of-* in it)");
    merge_command->callback([folder, parts, &exit_code] { exit_code = merge(*folder, *parts); });

    command->callback([command, words, &exit_code] {
        if (!command->get_subcommands().empty()) {
            return;
        }
        if (words->design.empty()) {
            throw CLI::RequiredError("design");
        }
        exit_code = run_sweep_command(*words);
    });
}

}  // namespace ytterby
