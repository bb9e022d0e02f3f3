#include "experiments/execution/sweep.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <deque>
#include <map>
#include <stdexcept>
#include <utility>

#include "core/check.hpp"
#include "experiments/execution/forked_jobs.hpp"
#include "experiments/execution/sweep_folder.hpp"
#include "experiments/execution/sweep_tables.hpp"
#include "records/manifest.hpp"
#include "records/recorder/recorder.hpp"
#include "records/store/run_store.hpp"
#include "simulation/run.hpp"

namespace ytterby {
namespace {

using Clock = std::chrono::steady_clock;

/// Ticks that a probe plays; the time of a tick varies little within a run.
constexpr std::int64_t probe_ticks = 12;
/// A run whose worker dies is played once more before it counts as failed: the first death may have been an accident.
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

/// Tells each tick to two observers.
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

/// Plays a scenario into a folder with all records, as `ytterby run` does, while the metrics watch.
void run_kept(const Scenario& scenario, Simulation& simulation, MetricWatch& watch,
              const std::filesystem::path& folder) {
    std::filesystem::path unfinished = folder;
    unfinished += ".part";
    std::filesystem::remove_all(unfinished);
    std::filesystem::create_directories(unfinished);
    std::vector<std::string> inputs(scenario.files.begin() + 1, scenario.files.end());
    inputs.insert(inputs.end(), scenario.data.files.begin(), scenario.data.files.end());
    Manifest manifest = start_manifest(scenario.files.front(), inputs);
    manifest.seed = scenario.run.seed;
    manifest.replicate = scenario.run.replicate;
    manifest.ticks_planned = scenario.run.ticks;
    manifest.config_json = echo_json(scenario.record);
    {
        RunStore store(unfinished, {.ticks_per_commit = 12, .outlasts_power_cut = false});
        Recorder recorder(store, {.tables = scenario.records.tables,
                                  .every_ticks = scenario.records.every_ticks,
                                  .last_tick = scenario.run.ticks - 1});
        Both both(recorder, watch);
        const RunOutcome outcome = run(scenario, simulation, both);
        store.finish();
        manifest.ticks_done = outcome.ticks_done;
        manifest.final_digest = outcome.digest;
        manifest.rows = store.row_counts();
    }
    manifest.status = "finished";
    manifest.stop_reason = "all ticks done";
    manifest.ended = utc_now();
    write_manifest(manifest, unfinished);
    std::filesystem::remove_all(folder);
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

}  // namespace

Sweep::Sweep(const std::string& design_path) {
    SweepDesign design = read_design(design_path);
    family_ = std::make_unique<ScenarioFamily>(design.scenario, std::vector<std::string>{});
    plan_ = std::make_unique<SweepPlan>(std::move(design), *family_);
    const Scenario scenario = family_->member(plan_->overrides(0));
    const std::vector<Metric> metrics = resolve_all(plan_->design(), scenario);
    Problems problems;
    for (std::size_t which = 0; which < metrics.size(); ++which) {
        const MetricKeys& metric = plan_->design().metrics[which];
        if (!is_defined(metrics[which], *scenario.balanced)) {
            problems.add({.key = "metrics." + metric.name,
                          .what = metric.of + " is not defined",
                          .why = "nobody there uses any of the goods at the base date",
                          .suggestion = "choose another country or good",
                          .where = metric.where});
        }
    }
    problems.throw_if_any();
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
                                         " is not a number: no tick of its time gave one");
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
            const std::filesystem::path folder =
                std::filesystem::temp_directory_path() / ("ytterby-probe-" + std::to_string(::getpid()));
            run_kept(scenario, simulation, watch, folder);
            probe.kept_bytes =
                bytes_below(folder) * static_cast<double>(whole.run.ticks) / static_cast<double>(scenario.run.ticks);
            std::filesystem::remove_all(folder);
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
                                 .what = "a sweep with a stopping rule cannot be played in shards",
                                 .why = "the rule looks at the runs of every cell, and no shard has them all",
                                 .suggestion = "play it with --jobs or --mpi, or take the rule out and ask `ytterby "
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
    const std::size_t metrics = plan_->design().metrics.size();
    std::vector<Fingerprint> runs;
    for (std::size_t row = 0; row < plan_->rows(); ++row) {
        runs.push_back(plan_->run_of(row));
    }
    SweepLedger ledger(std::move(runs));
    const SegmentReader before(folder.path(), plan_->identity(), metrics);
    ledger.take_all(before);
    SweepRounds rounds(state, ledger, before, options.retry_failed);

    // What this shard is to play: leaders of runs, dealt out in turn, those of the rounds since `first_replicate`.
    std::uint32_t first_replicate = 0;
    const auto is_due = [&](std::size_t row) {
        const SweepLedger::State found = ledger.state(row);
        return plan_->replicate_of(row) >= first_replicate && rounds.is_wanted(row) && ledger.is_leader(row) &&
               row % options.shard.count == options.shard.number - 1 &&
               (found == SweepLedger::State::unplayed || (options.retry_failed && found == SweepLedger::State::failed));
    };
    const auto count_due = [&] {
        std::uint64_t due = 0;
        for (std::size_t row = 0; row < ledger.rows(); ++row) {
            due += is_due(row) ? 1 : 0;
        }
        return due;
    };
    SweepProgress progress;
    progress.planned = count_due();
    SweepOutcome outcome;
    if (progress.planned > 0) {
        SegmentWriter writer(folder.path(), plan_->identity());
        Clock::time_point flushed = Clock::now();
        std::size_t next_row = 0;
        std::uint32_t dealt_out = rounds.replicates();
        std::deque<std::size_t> again;
        std::map<std::size_t, int> attempts;
        const auto next = [&]() -> std::optional<std::uint64_t> {
            if (seconds_since(began) > options.most_seconds) {
                return std::nullopt;
            }
            if (!again.empty()) {
                const std::size_t row = again.front();
                again.pop_front();
                return row;
            }
            if (rounds.replicates() > dealt_out) {
                // The last run of a round has ended and the rule asked for another.
                first_replicate = std::exchange(dealt_out, rounds.replicates());
                next_row = 0;
                progress.planned += count_due();
            }
            while (next_row < ledger.rows() && !is_due(next_row)) {
                ++next_row;
            }
            return next_row < ledger.rows() ? std::optional<std::uint64_t>(next_row++) : std::nullopt;
        };
        const auto on_result = [&](std::uint64_t row, const WorkResult& result) {
            if (result.worker_died && ++attempts[row] < most_attempts) {
                again.push_back(row);
                return;
            }
            RunRecord record{.run = plan_->run_of(row), .error = result.error, .values = {}};
            if (record.error.empty()) {
                ensure(!result.output.empty(), "a worker's answer says what it is");
                const std::string_view rest = std::string_view(result.output).substr(1);
                if (result.output.front() == is_unwritten) {
                    throw RecordError(std::string(rest));
                }
                if (result.output.front() == is_failure) {
                    record.error = rest.empty() ? "an unknown failure" : std::string(rest);
                } else {
                    record.values = unpack(rest);
                    ensure(record.values.size() == metrics, "a run gives a number for each metric");
                }
            }
            writer.append(record);
            rounds.settle(row, record);
            if (seconds_since(flushed) > flush_seconds) {
                writer.flush();
                flushed = Clock::now();
            }
            ++outcome.played;
            ++progress.done;
            progress.failed += record.error.empty() ? 0 : 1;
            on_progress(progress);
        };
        const WorkerPoolCalls calls{[&](std::uint64_t row) { return run_one(row, options); }, next, on_result};
        outcome.interrupted = !(options.pool ? options.pool(calls, stop) : run_worker_pool(options.jobs, calls, stop));
        writer.flush();
    }
    // The tables come from what stands on the disk, whoever wrote it.
    const SegmentReader reader(folder.path(), plan_->identity(), metrics);
    SweepLedger written(read_planned_runs(folder.path(), state));
    written.take_all(reader);
    const SweepStanding standing = standing_of(state, std::move(written), reader);
    for (std::size_t row = 0; row < standing.ledger.rows(); ++row) {
        const bool is_ours = standing.ledger.is_leader(row) && row % options.shard.count == options.shard.number - 1;
        outcome.shard_planned += is_ours ? 1 : 0;
        outcome.shard_ok += is_ours && standing.ledger.state(row) == SweepLedger::State::ok ? 1 : 0;
        outcome.shard_failed += is_ours && standing.ledger.state(row) == SweepLedger::State::failed ? 1 : 0;
        outcome.left += is_ours && plan_->replicate_of(row) < standing.replicates &&
                                standing.ledger.state(row) == SweepLedger::State::unplayed
                            ? 1
                            : 0;
    }
    outcome.count = standing.ledger.count();
    outcome.rule = standing.rule;
    if (options.shard.count == 1) {
        write_sweep_tables(folder.path(), state, standing.ledger, reader);
    }
    return outcome;
}

}  // namespace ytterby
