#include "experiments/execution/sweep.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/check.hpp"
#include "experiments/execution/forked_jobs.hpp"
#include "experiments/execution/sweep_folder.hpp"
#include "experiments/execution/sweep_tables.hpp"
#include "experiments/execution/temporary_folder.hpp"
#include "records/folder.hpp"
#include "records/manifest.hpp"
#include "records/recorder/recorder.hpp"
#include "records/run_log/event_log.hpp"
#include "records/run_log/slow_phases.hpp"
#include "records/store/run_store.hpp"
#include "records/whole_file.hpp"
#include "simulation/run.hpp"

namespace ytterby {
namespace {

using Clock = std::chrono::steady_clock;

/// Ticks of a probe; the time of a tick varies little within a run.
constexpr std::int64_t probe_ticks = 12;
/// A run whose worker dies is run once more before it counts as failed: the first death may have been an accident.
constexpr int most_attempts = 2;
/// Seconds between flushes of the segment to the disk.
constexpr double flush_seconds = 2.0;

/// What a worker's answer begins with: the numbers of a run, what went wrong in it, or that its records could not be
/// kept.
constexpr char is_values = 'v';
constexpr char is_failure = 'f';
constexpr char is_unwritten = 'u';

double seconds_since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

std::vector<Metric> resolve_all(const SweepDesign& design, const Scenario& scenario) {
    Problems problems;
    std::vector<Metric> metrics;
    metrics.reserve(design.metrics.size());
    for (const MetricKeys& keys : design.metrics) {
        metrics.push_back(resolve(keys, scenario, problems));
    }
    problems.throw_if_any();
    return metrics;
}

/// Shows each tick to two observers.
class Both final : public Observer {
public:
    Both(Observer& first, Observer& second) : first_(first), second_(second) {}
    void on_tick(const TickReport& report) override {
        first_.on_tick(report);
        second_.on_tick(report);
    }

private:
    Observer& first_;
    Observer& second_;
};

/// Runs a scenario into a folder with all records, as `ytterby run` does, while the metrics watch.
void run_kept(const Scenario& scenario, Simulation& simulation, MetricWatch& watch,
              const std::filesystem::path& folder) {
    std::filesystem::path unfinished = folder;
    unfinished += ".part";
    make_own_folder(folder.parent_path());
    remove_run(unfinished);
    std::filesystem::create_directory(unfinished);
    std::vector<std::string> inputs(scenario.files.begin() + 1, scenario.files.end());
    inputs.insert(inputs.end(), scenario.data.files.begin(), scenario.data.files.end());
    Manifest manifest = start_manifest(scenario.files.front(), inputs);
    manifest.seed = scenario.run.seed;
    manifest.replicate = scenario.run.replicate;
    manifest.ticks_planned = scenario.run.ticks;
    manifest.config_json = echo_json(scenario.record);
    manifest.written = {std::string(manifest_file), std::string(store_file), std::string(run_log_file)};
    write_manifest(manifest, unfinished);  // first: it shows whose the files are
    {
        RunStore store(unfinished, {.ticks_per_commit = 12, .outlasts_power_cut = false});
        Recorder recorder(store, {.tables = scenario.records.tables,
                                  .every_ticks = scenario.records.every_ticks,
                                  .last_tick = scenario.run.ticks - 1});
        RunLog log(LogLevel::info);
        log.open(unfinished);
        log.write(LogLevel::info,
                  fmt::format("{}: seed {}, replicate {}; {} ticks from {}", scenario.files.front(), scenario.run.seed,
                              scenario.run.replicate, scenario.run.ticks, format_month(scenario.run.start)));
        EventLog events(log, recorder.memory().plants);
        Both recorded(events, recorder);
        Both both(recorded, watch);
        const RunOutcome outcome = run(scenario, simulation, both);
        store.finish();
        log.write(LogLevel::info, fmt::format("done: {} ticks; {}", outcome.ticks_done, phases_line(outcome.times)));
        manifest.ticks_done = outcome.ticks_done;
        manifest.final_digest = outcome.digest;
        manifest.rows = store.row_counts();
        manifest.row_digests = store.row_digests();
    }
    manifest.status = "finished";
    manifest.stop_reason = "all ticks done";
    manifest.ended = utc_now();
    write_manifest(manifest, unfinished);
    remove_run(folder);
    std::filesystem::rename(unfinished, folder);
}

std::string pack(const std::vector<double>& values) {
    std::string bytes(values.size() * sizeof(double), '\0');
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

std::vector<double> unpack(std::string_view bytes) {
    std::vector<double> values(bytes.size() / sizeof(double));
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(double));
    return values;
}

double bytes_below(const std::filesystem::path& folder) {
    double bytes = 0.0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        bytes += entry.is_regular_file() ? static_cast<double>(entry.file_size()) : 0.0;
    }
    return bytes;
}

/// Whether a row belongs to a shard: rows are dealt out in turn.
bool is_in_shard(std::size_t row, const Shard& shard) { return row % shard.count == shard.number - 1; }

/// Which runs of a plan are done according to the records of a folder.
SweepLedger ledger_of(const SweepPlan& plan, const SegmentReader& reader) {
    std::vector<Fingerprint> runs;
    runs.reserve(plan.rows());
    for (std::size_t row = 0; row < plan.rows(); ++row) {
        runs.push_back(plan.run_of(row));
    }
    SweepLedger ledger(std::move(runs));
    ledger.take_all(reader);
    return ledger;
}

/// What a session was asked for.
struct SessionRequest {
    const Sweep& sweep;
    const SweepOptions& options;
    const std::function<void(const SweepProgress&)>& on_progress;
    Clock::time_point began;
};

/// Hands the runs that are due to workers, round by round where there is a stopping rule, and records what they return.
class SweepSession {
public:
    SweepSession(const SessionRequest& request, const SweepState& state)
        : request_(request),
          plan_(request.sweep.plan()),
          earlier_(request.options.folder, plan_.identity(), plan_.design().metrics.size()),
          ledger_(ledger_of(plan_, earlier_)),
          rounds_(state, ledger_, earlier_, request.options.retry_failed),
          dealt_replicates_(rounds_.replicates()) {
        progress_.planned = count_due();
    }

    /// Returns false when `stop` was set before all had ended.
    bool run(const std::atomic<bool>* stop) {
        if (progress_.planned == 0) {
            return true;
        }
        writer_.emplace(request_.options.folder, plan_.identity());
        const WorkerPoolCalls calls{
            .job = [&](std::uint64_t row) { return request_.sweep.run_one(row, request_.options); },
            .next = [&] { return next(); },
            .on_result = [&](std::uint64_t row, const WorkResult& result) { settle(row, result); }};
        const bool all_ended = request_.options.pool ? request_.options.pool(calls, stop)
                                                     : run_worker_pool(request_.options.jobs, calls, stop);
        writer_->flush();
        return all_ended;
    }

    const SweepProgress& progress() const { return progress_; }

private:
    /// Whether a row leads a run of this shard that the rounds since `first_replicate_` want and that is not done.
    bool is_due(std::size_t row) const {
        const SweepLedger::State found = ledger_.state(row);
        return plan_.replicate_of(row) >= first_replicate_ && rounds_.is_wanted(row) && ledger_.is_leader(row) &&
               is_in_shard(row, request_.options.shard) &&
               (found == SweepLedger::State::unplayed ||
                (request_.options.retry_failed && found == SweepLedger::State::failed));
    }

    std::uint64_t count_due() const {
        std::uint64_t due = 0;
        for (std::size_t row = 0; row < ledger_.rows(); ++row) {
            due += is_due(row) ? 1 : 0;
        }
        return due;
    }

    /// The row of the next run, or nothing when there is none or the time is up.
    std::optional<std::uint64_t> next() {
        if (seconds_since(request_.began) > request_.options.most_seconds) {
            return std::nullopt;
        }
        if (!again_.empty()) {
            const std::size_t row = again_.front();
            again_.pop_front();
            return row;
        }
        if (rounds_.replicates() > dealt_replicates_) {
            // The last run of a round has ended and the rule asked for another.
            first_replicate_ = std::exchange(dealt_replicates_, rounds_.replicates());
            next_row_ = 0;
            progress_.planned += count_due();
        }
        while (next_row_ < ledger_.rows() && !is_due(next_row_)) {
            ++next_row_;
        }
        return next_row_ < ledger_.rows() ? std::optional<std::uint64_t>(next_row_++) : std::nullopt;
    }

    /// Records what became of a run. One whose worker died is given out again.
    void settle(std::uint64_t row, const WorkResult& result) {
        if (result.worker_died && ++attempts_[row] < most_attempts) {
            again_.push_back(row);
            return;
        }
        const RunRecord record = record_of(row, result);
        writer_->append(record);
        rounds_.settle(row, record);
        if (seconds_since(flushed_) > flush_seconds) {
            writer_->flush();
            flushed_ = Clock::now();
        }
        ++progress_.done;
        progress_.failed += record.error.empty() ? 0 : 1;
        request_.on_progress(progress_);
    }

    RunRecord record_of(std::uint64_t row, const WorkResult& result) const {
        RunRecord record{.run = plan_.run_of(row), .error = result.error, .values = {}};
        if (!record.error.empty()) {
            return record;
        }
        ensure(!result.output.empty(), "a worker's answer begins with its kind");
        const std::string_view rest = std::string_view(result.output).substr(1);
        if (result.output.front() == is_unwritten) {
            throw RecordError(std::string(rest));
        }
        if (result.output.front() == is_failure) {
            record.error = rest.empty() ? "an unknown failure" : std::string(rest);
        } else {
            record.values = unpack(rest);
            ensure(record.values.size() == plan_.design().metrics.size(), "a run gives a number for each metric");
        }
        return record;
    }

    SessionRequest request_;
    const SweepPlan& plan_;
    SegmentReader earlier_;  // what earlier sessions recorded
    SweepLedger ledger_;
    SweepRounds rounds_;
    std::uint32_t dealt_replicates_;  // of each cell, in the rounds given out so far
    std::uint32_t first_replicate_ = 0;
    std::size_t next_row_ = 0;
    std::deque<std::size_t> again_;
    std::map<std::size_t, int> attempts_;
    std::optional<SegmentWriter> writer_;
    Clock::time_point flushed_ = Clock::now();
    SweepProgress progress_;
};

/// How far the sweep and the shard are.
SweepOutcome outcome_of(const SweepPlan& plan, const SweepStanding& standing, const Shard& shard) {
    SweepOutcome outcome;
    outcome.count = standing.ledger.count();
    outcome.rule = standing.rule;
    for (std::size_t row = 0; row < standing.ledger.rows(); ++row) {
        if (!standing.ledger.is_leader(row) || !is_in_shard(row, shard)) {
            continue;
        }
        const SweepLedger::State state = standing.ledger.state(row);
        ++outcome.shard_planned;
        outcome.shard_ok += state == SweepLedger::State::ok ? 1 : 0;
        outcome.shard_failed += state == SweepLedger::State::failed ? 1 : 0;
        const bool is_left = plan.replicate_of(row) < standing.replicates && state == SweepLedger::State::unplayed;
        outcome.left += is_left ? 1 : 0;
    }
    return outcome;
}

}  // namespace

Sweep::Sweep(const std::string& design_path, const SweepPlan::OnCell& on_cell) {
    SweepDesign design = read_design(design_path);
    family_ = std::make_unique<ScenarioFamily>(design.scenario, std::vector<std::string>{});
    plan_ = std::make_unique<SweepPlan>(std::move(design), *family_, on_cell);
    check_metrics();
}

/// A metric must be defined at the base date of some cell; where it is not in others, a warning tells so.
void Sweep::check_metrics() {
    const std::vector<MetricKeys>& keys = plan_->design().metrics;
    std::vector<std::size_t> undefined(keys.size(), 0), first(keys.size(), 0);
    std::map<std::size_t, std::vector<bool>> defined;  // by the first cell of its tables
    for (std::size_t cell = 0; cell < plan_->cells().points; ++cell) {
        const std::size_t place = plan_->facts(cell).first_of_tables;
        std::vector<bool>& known = defined[place];
        if (known.empty()) {
            const Scenario scenario = family_->member(plan_->overrides(place * plan_->design().replicates));
            for (const Metric& metric : resolve_all(plan_->design(), scenario)) {
                known.push_back(is_defined(metric, *scenario.balanced));
            }
        }
        for (std::size_t which = 0; which < keys.size(); ++which) {
            if (!known[which] && undefined[which]++ == 0) {
                first[which] = cell;
            }
        }
    }
    constexpr const char* why = "none of the goods is consumed there at the base date";
    Problems problems;
    for (std::size_t which = 0; which < keys.size(); ++which) {
        if (undefined[which] == plan_->cells().points) {
            problems.add({.key = "metrics." + keys[which].name,
                          .what = keys[which].of + " is not defined",
                          .why = why,
                          .suggestion = "choose another country or good",
                          .where = keys[which].where});
        } else if (undefined[which] > 0) {
            undefined_.push_back("metric " + keys[which].name + " is not defined in " +
                                 std::to_string(undefined[which]) + " of " + std::to_string(plan_->cells().points) +
                                 " cells, the first of them cell " + std::to_string(first[which]) + ": " + why +
                                 "; their runs will fail");
        }
    }
    problems.throw_if_any();
}

std::size_t Sweep::cells_without_noise() const {
    if (plan_->design().replicates < 2) {
        return 0;
    }
    std::size_t quiet = 0, first = 0, last = 0;
    for (std::size_t cell = 0; cell < plan_->cells().points; ++cell) {
        if (!plan_->facts(cell).draws_in_time) {
            first = quiet++ == 0 ? cell : first;
            last = cell;
        }
    }
    // Draws at the start, such as of firms, contracts and the order of quotes, need not reach a metric.
    for (const std::size_t cell : {first, last}) {
        quiet = quiet > 0 && replicates_differ(cell) ? 0 : quiet;
    }
    return quiet;
}

/// Whether the metrics of a cell's first two replicates differ.
bool Sweep::replicates_differ(std::size_t cell) const {
    std::vector<std::string> found;
    const auto measure = [&](std::size_t replicate) {
        return run_one(cell * plan_->design().replicates + replicate, SweepOptions{});
    };
    run_forked_jobs(2, 2, measure, [&](std::size_t, const JobResult& result) { found.push_back(result.output); });
    // A run that fails says nothing about noise; its failure is told when it is run.
    const auto has_values = [](const std::string& output) { return !output.empty() && output.front() == is_values; };
    return !has_values(found[0]) || !has_values(found[1]) || found[0] != found[1];
}

std::vector<std::string> Sweep::warnings() const {
    std::vector<std::string> list = undefined_;
    const SweepDesign& design = plan_->design();
    const std::size_t quiet = cells_without_noise();
    if (quiet == 0) {
        return list;
    }
    const std::string replicates = std::to_string(design.replicates) + " replicates";
    const bool all = quiet == plan_->cells().points;
    if (all && !design.until.empty()) {
        throw InputError(Problem{.key = "until",
                                 .what = "the rule can never be answered",
                                 .why = "no noise reaches the metrics in this scenario, so replicates are equal to the "
                                        "bit and give no interval",
                                 .suggestion =
                                     "give the scenario noise, such as set = [\"noise.demand_noise=0.02\"], or "
                                     "remove the rule and write replicates = 1",
                                 .where = design.until_where});
    }
    list.push_back((all ? "the " + replicates + " of each cell are equal to the bit"
                        : "in " + std::to_string(quiet) + " of " + std::to_string(plan_->cells().points) +
                              " cells the " + replicates + " are equal to the bit") +
                   ": no noise reaches their metrics, so they give no intervals; set noise (noise.demand_noise, "
                   "noise.world_demand_noise, noise.supply_noise), or write replicates = 1");
    return list;
}

std::string Sweep::run_one(std::size_t row, const SweepOptions& options) const {
    try {
        const Scenario scenario = family_->member(plan_->overrides(row));
        Simulation simulation = build_simulation(scenario);
        MetricWatch watch(resolve_all(plan_->design(), scenario), simulation.economy, *simulation.base);
        if (options.keep_runs) {
            run_kept(scenario, simulation, watch, options.folder / "runs" / plan_->run_id(row));
        } else {
            ytterby::run(scenario, simulation, watch);
        }
        const std::vector<double> values = watch.values();
        for (std::size_t which = 0; which < values.size(); ++which) {
            if (!std::isfinite(values[which])) {
                throw std::runtime_error("metric " + plan_->design().metrics[which].name +
                                         " is not a number: it is not defined in this cell, no tick of its time gave "
                                         "one");
            }
        }
        return is_values + pack(values);
    } catch (const RecordError& error) {
        return is_unwritten + std::string(error.what());
    } catch (const std::filesystem::filesystem_error& error) {
        return is_unwritten + std::string(error.what());
    } catch (const std::exception& error) {
        return is_failure + std::string(error.what());
    }
}

SweepProbe Sweep::probe(bool keep_runs) const {
    const auto measure = [&](std::size_t) {
        std::vector<std::string> overrides = plan_->overrides(0);
        const Scenario whole = family_->member(overrides);
        const Clock::time_point began = Clock::now();
        overrides.push_back("run.ticks=" + std::to_string(std::min(probe_ticks, whole.run.ticks)));
        const Scenario scenario = family_->member(overrides);
        Simulation simulation = build_simulation(scenario);
        MetricWatch watch(resolve_all(plan_->design(), whole), simulation.economy, *simulation.base);
        SweepProbe probe;
        probe.ticks = whole.run.ticks;
        probe.build_seconds = seconds_since(began);
        const Clock::time_point start = Clock::now();
        if (keep_runs) {
            const TemporaryFolder scratch;
            run_kept(scenario, simulation, watch, scratch.path() / "run");
            probe.kept_bytes = bytes_below(scratch.path()) * static_cast<double>(whole.run.ticks) /
                               static_cast<double>(scenario.run.ticks);
        } else {
            ytterby::run(scenario, simulation, watch);
        }
        probe.seconds_per_tick = seconds_since(start) / static_cast<double>(scenario.run.ticks);
        rusage used = {};
        ::getrusage(RUSAGE_SELF, &used);
        probe.memory_bytes = static_cast<double>(used.ru_maxrss) * 1024.0;
        return pack({probe.build_seconds, probe.seconds_per_tick, static_cast<double>(probe.ticks), probe.memory_bytes,
                     probe.kept_bytes});
    };
    SweepProbe probe;
    run_forked_jobs(1, 1, measure, [&](std::size_t, const JobResult& result) {
        if (!result.error.empty()) {
            throw std::runtime_error("the first run of the plan fails: " + result.error);
        }
        const std::vector<double> numbers = unpack(result.output);
        probe = {numbers[0], numbers[1], static_cast<std::int64_t>(numbers[2]), numbers[3], numbers[4]};
    });
    return probe;
}

void Sweep::check_shards() const {
    if (!plan_->design().until.empty()) {
        throw InputError(Problem{.key = "until",
                                 .what = "a sweep with a stopping rule cannot be run in shards",
                                 .why = "the rule looks at the runs of every cell, and no shard has them all",
                                 .suggestion = "run it with --jobs or --mpi, or remove the rule and use `ytterby "
                                               "analyze FOLDER convergence --until` afterwards",
                                 .where = plan_->design().until_where});
    }
}

SweepOutcome Sweep::run(const SweepOptions& options, const std::function<void(const SweepProgress&)>& on_progress,
                        const std::atomic<bool>* stop) const {
    const Clock::time_point began = Clock::now();
    const SweepState state = state_of(*plan_);
    if (options.shard.count > 1) {
        check_shards();
    }
    const SweepFolder folder(options.folder, options.overwrite);
    folder.begin(*plan_);
    SweepSession session({.sweep = *this, .options = options, .on_progress = on_progress, .began = began}, state);
    const bool all_ended = session.run(stop);
    // The tables come from what is on the disk, whichever session wrote it.
    const SegmentReader reader(folder.path(), plan_->identity(), state.metrics.size());
    SweepLedger written(read_planned_runs(folder.path(), state));
    written.take_all(reader);
    const SweepStanding standing = standing_of(state, std::move(written), reader);
    SweepOutcome outcome = outcome_of(*plan_, standing, options.shard);
    outcome.done = session.progress().done;
    outcome.interrupted = !all_ended;
    if (options.shard.count == 1) {
        write_sweep_tables(folder.path(), state, standing.ledger, reader);
    }
    return outcome;
}

}  // namespace ytterby
