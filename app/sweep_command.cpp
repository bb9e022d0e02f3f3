#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/interruption.hpp"
#include "app/output.hpp"
#include "app/plan_display.hpp"
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

fs::path folder_of(const SweepCommandOptions& options) {
    return options.out.empty() ? fs::path("runs") / (fs::path(options.design).stem().string() + "-sweep")
                               : fs::path(options.out);
}

SweepOptions session_of(const SweepCommandOptions& options) {
    SweepOptions session{.folder = folder_of(options),
                         .overwrite = options.overwrite,
                         .jobs = options.jobs > 0 ? options.jobs : cores(),
                         .shard = {},
                         .retry_failed = options.retry_failed,
                         .keep_runs = options.keep_runs};
    if (!options.shard.empty()) {
        session.shard = parse_shard(options.shard);
        session.folder /= fmt::format("shard-{}-of-{}", session.shard.number, session.shard.count);
    }
    if (!options.most_time.empty()) {
        session.most_seconds = parse_seconds(options.most_time);
    }
    return session;
}

/// The state of a sweep in one line, which begins with how much of the plan is done.
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

/// The answer of the stopping rule, on a separate line.
std::string line_of(const std::string& rule) { return rule.empty() ? rule : rule + "\n"; }

/// How many runs the busiest worker makes, one after another.
double rounds_of(double runs, unsigned jobs) { return std::ceil(std::ceil(runs) / jobs); }

double seconds_of_run(const SweepProbe& probe) {
    return probe.build_seconds + probe.seconds_per_tick * static_cast<double>(probe.ticks);
}

int dry_run(const Sweep& sweep, const SweepCommandOptions& options) {
    const SweepPlan& plan = sweep.plan();
    const SweepOptions session = session_of(options);
    std::vector<Fingerprint> runs;
    for (std::size_t row = 0; row < plan.rows(); ++row) {
        runs.push_back(plan.run_of(row));
    }
    const SweepCount count = SweepLedger(std::move(runs)).count();
    const SweepProbe probe = sweep.probe(options.keep_runs);
    // Cells may have horizons of their own.
    double ticks = 0.0;
    for (std::size_t cell = 0; cell < plan.cells().points; ++cell) {
        ticks += static_cast<double>(plan.facts(cell).ticks) / static_cast<double>(plan.cells().points);
    }
    const double run_seconds = probe.build_seconds + probe.seconds_per_tick * ticks;
    const auto runs_here = static_cast<double>(count.runs) / session.shard.count;
    const double line_bytes = 60.0 + 20.0 * static_cast<double>(plan.design().metrics.size());
    const double row_bytes = 3.0 * line_bytes + 2.0 * static_cast<double>(plan.line(0).size());
    print_text("design   {}: {}\n", options.design, plan.design().main.kind);
    print_text("cells    {}, of {} factors\n", plan.cells().points, plan.design().factors.size());
    // With a stopping rule, from the least number of replicates to the most.
    const SweepDesign& design = plan.design();
    const bool has_rule = !design.until.empty();
    const double least = has_rule ? static_cast<double>(design.least_replicates) / design.replicates : 1.0;
    const double seconds = run_seconds * rounds_of(runs_here, session.jobs);
    print_text("runs     {}{}: {} cells x {}{} replicates{}{}\n", has_rule ? "at most " : "", count.runs,
               plan.cells().points, has_rule ? fmt::format("{} to ", design.least_replicates) : "", design.replicates,
               count.runs < count.planned
                   ? fmt::format(", {} of {} rows share a run with another", count.planned - count.runs, count.planned)
                   : "",
               session.shard.count > 1 ? fmt::format("; about {:.0f} in this shard", runs_here) : "");
    if (has_rule) {
        print_text("until    {}\n", design.until);
    }
    print_text("time     about {}{}: {:.3f} s a run ({:.3f} to build, {:.0f} ticks of {:.2f} ms), {} at a time\n",
               has_rule ? duration_text(least * seconds) + " to " : "", duration_text(seconds), run_seconds,
               probe.build_seconds, ticks, 1000.0 * probe.seconds_per_tick, session.jobs);
    print_text("memory   about {}: {} a worker\n", bytes_text(probe.memory_bytes * (session.jobs + 1)),
               bytes_text(probe.memory_bytes));
    print_text("disk     about {}\n",
               bytes_text(row_bytes * static_cast<double>(count.planned) + runs_here * probe.kept_bytes));
    print_text("folder   {}\n", session.folder.string());
    return exit_ok;
}

/// Prints how a session ended; returns the exit code.
int report_outcome(const SweepOutcome& outcome, const SweepOptions& session) {
    const bool whole_shard = outcome.left == 0;
    if (session.shard.count > 1) {
        print_text("shard {}/{}: {}/{} ok, {} failed, {} left; records in {}\n", session.shard.number,
                   session.shard.count, outcome.shard_ok, outcome.shard_planned, outcome.shard_failed, outcome.left,
                   session.folder.string());
        return !whole_shard ? exit_interrupted : outcome.shard_failed > 0 ? exit_failed : exit_ok;
    }
    print_text("{}; tables in {}\n{}", count_text(outcome.count), session.folder.string(), line_of(outcome.rule));
    if (!whole_shard) {
        print_note("ytterby: stopped before the end; the same command continues the sweep\n");
        return exit_interrupted;
    }
    return outcome.count.failed > 0 ? exit_failed : exit_ok;
}

int emit_slurm_script(const Sweep& sweep, const SweepCommandOptions& options) {
    const unsigned jobs = session_of(options).jobs;
    const SweepProbe probe = sweep.probe(options.keep_runs);
    const double runs = static_cast<double>(sweep.plan().rows()) / options.shards;
    const SlurmScript script{.design = options.design,
                             .folder = folder_of(options),
                             .shards = options.shards,
                             .jobs = jobs,
                             .keep_runs = options.keep_runs,
                             .seconds = seconds_of_run(probe) * rounds_of(runs, jobs),
                             .bytes = probe.memory_bytes * (jobs + 1)};
    write_whole_file(options.slurm, slurm_text(script));
    fs::permissions(options.slurm, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                    fs::perm_options::add);
    print_text("{}: {} array tasks; afterwards: ytterby sweep merge {}\n", options.slurm, options.shards,
               folder_of(options).string());
    return exit_ok;
}

void print_warnings(const Sweep& sweep) {
    for (const std::string& warning : sweep.warnings()) {
        print_note("warning: {}\n", warning);
    }
}

int run_sweep_command(const SweepCommandOptions& options) {
    PlanDisplay planning(options.quiet);
    const Sweep sweep(options.design, [&](std::size_t checked, std::size_t cells) { planning.show(checked, cells); });
    planning.finish();
    if (!options.shard.empty() || !options.slurm.empty()) {
        sweep.check_shards();
    }
    if (!options.mpi) {
        print_warnings(sweep);
    }
    if (options.dry_run) {
        return dry_run(sweep, options);
    }
    if (!options.slurm.empty()) {
        return emit_slurm_script(sweep, options);
    }
    const SweepOptions session = session_of(options);
    listen_for_stop();
    SweepDisplay display(options.quiet);
    const auto show = [&](const SweepProgress& progress) { display.show(progress); };
    if (options.mpi) {
        return sweep_under_mpi(sweep, session, show, [&](const SweepOutcome& outcome) {
            display.finish();
            return report_outcome(outcome, session);
        });
    }
    const SweepOutcome outcome = sweep.run(session, show, &stop_requested);
    display.finish();
    return report_outcome(outcome, session);
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
    print_text("{}\n{}design {}\n", count_text(ledger.count()), line_of(rule), state.design);
    if (damaged > 0) {
        print_text("{} incomplete or damaged lines in the segments; their runs count as unplayed\n", damaged);
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
    print_text("{}; tables in {}\n{}", count_text(count), folder, line_of(standing.rule));
    return count.unplayed() > 0 || count.failed > 0 ? exit_failed : exit_ok;
}

void add_run_options(Command command, SweepCommandOptions& options) {
    command
        .option("--jobs", options.jobs,
                "Worker processes of one thread each; they never change a result (default: all cores)")
        .between(1, 4096);
    command
        .option("--max-wall", options.most_time,
                "Begin no run after so long, as 90s, 45m or 2h; the same command goes on")
        .check([](const std::string& text) { return parse_seconds(text) > 0.0 ? "" : "write it like 90s, 45m or 2h"; });
    command.flag("--retry-failed", options.retry_failed, "Play runs that failed again");
    command.flag("--keep-runs", options.keep_runs, "Keep all records of each run in runs/<run_id>");
    command.flag("--quiet", options.quiet, "No progress");
    if (has_mpi()) {
        command.flag(
            "--mpi", options.mpi,
            "Run in the processes that mpirun has started: one hands out runs and writes, the others run them");
    }
}

/// Restricts the session to one shard where the folder is that of a shard, <out>/shard-i-of-n.
void resume_shard(const fs::path& folder, SweepCommandOptions& options) {
    const fs::path place = (folder / "").parent_path();  // without a slash at the end
    unsigned number = 0, count = 0;
    int length = 0;
    const std::string name = place.filename().string();
    if (std::sscanf(name.c_str(), "shard-%u-of-%u%n", &number, &count, &length) == 2 &&
        static_cast<std::size_t>(length) == name.size()) {
        options.shard = fmt::format("{}/{}", number, count);
        options.out = place.has_parent_path() ? place.parent_path().string() : std::string(".");
    }
}

/// The subcommands for a sweep that has begun: status, resume, merge.
void add_folder_commands(Command command, const std::shared_ptr<SweepCommandOptions>& options) {
    auto folder = std::make_shared<std::string>();
    auto parts = std::make_shared<std::vector<std::string>>();
    Command status_command = command.subcommand("status", "How much of a sweep is done");
    status_command.option("folder", *folder, "Folder of the sweep").required();
    status_command.action([folder] { return status(*folder); });
    Command resume_command = command.subcommand("resume", "Go on with a sweep, as the same command would");
    resume_command.option("folder", *folder, "Folder of the sweep").required();
    add_run_options(resume_command, *options);
    resume_command.action([options, folder] {
        options->design = read_sweep_state(*folder).design;
        options->out = *folder;
        resume_shard(*folder, *options);
        return run_sweep_command(*options);
    });
    Command merge_command = command.subcommand("merge", "Put the records of shards together and write the tables");
    merge_command.option("folder", *folder, "Folder of the whole sweep").required();
    merge_command.option("parts", *parts, "Folders of its parts (default: shard-*-of-* in it)");
    merge_command.action([folder, parts] { return merge(*folder, *parts); });
}

}  // namespace

void add_sweep_command(Command program) {
    auto options = std::make_shared<SweepCommandOptions>();
    Command command =
        program.subcommand("sweep", "Many runs laid out by a design file: levers, uncertainties, metrics");
    command.option("design", options->design, "Design file (TOML), see docs/experiments.md");
    command.option("--out,--output", options->out, "Folder of plan, records and tables (default runs/<design>-sweep)");
    command.flag("--overwrite", options->overwrite, "Begin anew in a folder that holds a sweep");
    command.flag("--dry-run", options->dry_run, "Say how many runs, how long, how much memory and disk; run nothing");
    command.option("--shard", options->shard, "Play part i of n, as 2/8, into <out>/shard-i-of-n")
        .check([](const std::string& text) { return parse_shard(text).count > 0 ? "" : "write it like 2/8"; });
    command.option("--emit-slurm", options->slurm, "Write a Slurm array script that runs --shards parts");
    command.option("--shards", options->shards, "Parts of the script (default 8)").between(1, 100000);
    add_run_options(command, *options);
    add_folder_commands(command, options);
    command.action([options] {
        if (options->design.empty()) {
            throw_missing("design");
        }
        return run_sweep_command(*options);
    });
}

}  // namespace ytterby
