#include "experiments/execution/sweep_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>

#include "core/config/csv_rows.hpp"
#include "core/config/text_file.hpp"
#include "core/digest.hpp"
#include "core/system_message.hpp"
#include "experiments/execution/sweep_segments.hpp"
#include "records/folder.hpp"
#include "records/manifest.hpp"
#include "records/store/sqlite.hpp"
#include "records/whole_file.hpp"

namespace ytterby {
namespace {

namespace fs = std::filesystem;

/// The files that a sweep writes into its folder, as patterns; shards have folders of their own below it. Its manifest
/// lists them, and is written first.
const std::vector<std::string> files_written{
    std::string(manifest_file), sweep_plan_file,          "design.toml", sweep_state_file, sweep_results_file,
    sweep_catalogue_file,       "segments/segment-*.txt", "runs/*"};

/// Names that may stand in the folder of a sweep. Its analysis may be there too.
constexpr std::array<std::string_view, 10> names_in_folder = {
    sweep_plan_file, sweep_state_file, sweep_results_file, sweep_catalogue_file, "design.toml",
    "segments",      "runs",           "analysis",         manifest_file,        lock_file};

/// A name without the ending of a file that is not whole yet.
std::string whole_name(std::string name) {
    if (name.ends_with(unfinished_ending)) {
        name.resize(name.size() - unfinished_ending.size());
    }
    return name;
}

bool is_name_in_folder(const std::string& name) {
    return std::find(names_in_folder.begin(), names_in_folder.end(), whole_name(name)) != names_in_folder.end() ||
           name.starts_with(std::string(sweep_catalogue_file) + unfinished_ending.data());
}

/// Whether a sweep has left its manifest in a folder, be it begun or not.
bool has_sweep_manifest(const fs::path& folder) {
    if (!has_manifest(folder)) {
        return false;
    }
    const std::vector<std::string> written = read_manifest(folder).written;
    return std::find(written.begin(), written.end(), sweep_state_file) != written.end();
}

/// Removes the kept runs of a sweep: folders that are named like its runs and that hold a manifest.
void remove_kept_runs(const fs::path& folder) {
    std::error_code trouble;
    if (!fs::is_directory(fs::symlink_status(folder / "runs", trouble))) {
        return;
    }
    std::ifstream plan(folder / sweep_plan_file, std::ios::binary);
    for (std::string line; std::getline(plan, line);) {
        constexpr std::size_t digits = 32;
        const std::string run = line.substr(0, digits);
        if (run.size() < digits || run.find_first_not_of("0123456789abcdef") != std::string::npos) {
            continue;
        }
        remove_run(folder / "runs" / run);
        remove_run(folder / "runs" / (run + ".part"));
    }
    fs::remove(folder / "runs", trouble);  // only if it is empty by now
}

/// Removes what a sweep wrote, and nothing else. The manifest goes last and says meanwhile that it is being removed.
void remove_sweep(const fs::path& folder) {
    std::error_code trouble;
    write_manifest(Manifest{.status = status_of_removal,
                            .stop_reason = "its files were being removed",
                            .written = files_written,
                            .config_json = "{}"},
                   folder);
    fs::remove(folder / sweep_state_file, trouble);
    remove_kept_runs(folder);
    for (const fs::path& segment : segments_of(folder)) {
        fs::remove(segment, trouble);
    }
    if (fs::is_directory(fs::symlink_status(folder / "segments", trouble))) {
        fs::remove(folder / "segments", trouble);  // only if it is empty by now
    }
    for (const char* name : {sweep_results_file, sweep_catalogue_file, "design.toml", sweep_plan_file}) {
        fs::remove(folder / name, trouble);
        fs::remove(folder / (std::string(name) + std::string(unfinished_ending)), trouble);
    }
    fs::remove(folder / manifest_file, trouble);
}

[[noreturn]] void refuse(const fs::path& folder, std::string what, std::string why, std::string suggestion) {
    throw InputError(Problem{.key = "output folder " + folder.string(),
                             .what = std::move(what),
                             .why = std::move(why),
                             .suggestion = std::move(suggestion)});
}

/// Names joined by " + ", or another text where there are none.
std::string joined(const std::vector<std::string>& names, const char* otherwise) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : " + ") + name;
    }
    return text.empty() ? otherwise : text;
}

std::string values_of(const Factor& factor) {
    if (factor.is_switch()) {
        return "off, on";
    }
    if (!factor.distribution) {
        std::string text;
        for (const std::string& level : factor.list) {
            text += (text.empty() ? "" : ", ") + plain_value(level);
        }
        return text;
    }
    constexpr const char* names[] = {"uniform", "log_uniform", "normal", "lognormal", "triangular"};
    const Distribution& spread = *factor.distribution;
    std::string text = std::string(names[static_cast<int>(spread.kind)]) + "(" + toml_number(spread.first) + ", " +
                       toml_number(spread.second);
    if (spread.kind == Distribution::Kind::triangular) {
        text += ", " + toml_number(spread.third);
    }
    return text + ")";
}

void read_factor_row(KeyReader& keys, SweepState::FactorRow& row) {
    row.name = keys.entry_name();
    const TextKey any{.fallback = ""};
    keys.text("role", row.role, any);
    keys.text("sets", row.sets, any);
    keys.text("values", row.values, any);
}

void read_metric_row(KeyReader& keys, SweepState::MetricRow& row) {
    row.name = keys.entry_name();
    const TextKey any{.fallback = ""};
    keys.text("of", row.of, any);
    keys.text("unit", row.unit, any);
    keys.text("subject", row.subject, any);
    keys.text("over", row.over, any);
    keys.text("take", row.take, any);
}

void read_state(KeyReader& keys, SweepState& state) {
    keys.text("design", state.design, TextKey{});
    keys.text("identity", state.identity, TextKey{});
    keys.text("plan", state.plan_digest, TextKey{});
    keys.integer("rows", state.rows, {.low = 1});
    keys.integer("replicates", state.replicates, {.fallback = 1, .low = 1});
    keys.text("until", state.until, TextKey{.fallback = ""});
    keys.integer("least_replicates", state.least_replicates, {.fallback = 1, .low = 1});
    keys.table_list("factor", [&](KeyReader& inner) { read_factor_row(inner, state.factors.emplace_back()); }, {});
    keys.table_list("metric", [&](KeyReader& inner) { read_metric_row(inner, state.metrics.emplace_back()); }, {});
}

std::string state_text(const SweepState& state) {
    std::string text = "schema = 1\n# Written by ytterby sweep; the design itself is in design.toml.\n";
    text += "design = " + toml_quoted(state.design) + "\nidentity = " + toml_quoted(state.identity) +
            "\nplan = " + toml_quoted(state.plan_digest) + "\nrows = " + std::to_string(state.rows) +
            "\nreplicates = " + std::to_string(state.replicates) + "\n";
    if (!state.until.empty()) {
        text += "until = " + toml_quoted(state.until) +
                "\nleast_replicates = " + std::to_string(state.least_replicates) + "\n";
    }
    for (const SweepState::FactorRow& row : state.factors) {
        text += "\n[[factor]]\nname = " + toml_quoted(row.name) + "\nrole = " + toml_quoted(row.role) +
                "\nsets = " + toml_quoted(row.sets) + "\nvalues = " + toml_quoted(row.values) + "\n";
    }
    for (const SweepState::MetricRow& row : state.metrics) {
        text += "\n[[metric]]\nname = " + toml_quoted(row.name) + "\nof = " + toml_quoted(row.of) +
                "\nunit = " + toml_quoted(row.unit) + "\nsubject = " + toml_quoted(row.subject) +
                "\nover = " + toml_quoted(row.over) + "\ntake = " + toml_quoted(row.take) + "\n";
    }
    return text;
}

/// Names of factors and metrics become columns of tables; a design can give no other names.
void check_name(const std::string& name, const fs::path& folder, Problems& problems) {
    if (!is_column_name(name)) {
        problems.add({.key = "name",
                      .what = "'" + name + "' cannot be the name of a column",
                      .why = "no design gives such a name, so someone changed the file",
                      .suggestion = "put the old file back",
                      .where = {.file = (folder / sweep_state_file).string()}});
    }
}

/// Refuses a plan whose columns are not those of the state: the names go into tables.
void check_header(const fs::path& folder, const SweepState& state, const std::vector<std::string>& columns) {
    bool fits = columns.size() >= 3 + state.factors.size() && columns[0] == "run_id" && columns[1] == "cell" &&
                columns[2] == "replicate";
    for (const std::string& column : columns) {
        fits = fits && is_column_name(column);
    }
    for (std::size_t factor = 0; fits && factor < state.factors.size(); ++factor) {
        fits = columns[columns.size() - state.factors.size() + factor] == state.factors[factor].name;
    }
    if (!fits) {
        refuse(folder, std::string(sweep_plan_file) + " has other columns than the sweep",
               "they are run_id, cell, replicate, the places in the design and the factors of " +
                   std::string(sweep_state_file),
               "put the old file back");
    }
}

}  // namespace

SweepState state_of(const SweepPlan& plan) {
    const SweepDesign& design = plan.design();
    SweepState state{.design = fs::absolute(design.path).lexically_normal().string(),
                     .identity = plan.identity(),
                     .plan_digest = plan.file_digest(),
                     .rows = plan.rows(),
                     .replicates = design.replicates,
                     .until = design.until,
                     .least_replicates = design.least_replicates,
                     .factors = {},
                     .metrics = {}};
    for (const Factor& factor : design.factors) {
        state.factors.push_back({factor.name, factor.is_lever ? "lever" : "uncertainty",
                                 factor.is_switch() ? joined(factor.blocks, "") : factor.key, values_of(factor)});
    }
    for (const MetricKeys& metric : design.metrics) {
        const auto kind = std::find_if(metric_kinds().begin(), metric_kinds().end(),
                                       [&](const MetricKind& one) { return metric.of == one.name; });
        state.metrics.push_back(
            {metric.name, metric.of, kind->unit,
             joined(metric.goods.words, "all goods") + " in " + joined(metric.countries.words, "the world"),
             metric.over.empty() ? "the whole run" : metric.over, metric.take});
    }
    return state;
}

SweepState read_sweep_state(const fs::path& folder) {
    if (!fs::exists(folder / sweep_state_file)) {
        refuse(folder, "there is no sweep in it", std::string(sweep_state_file) + " is missing",
               "give the folder that `ytterby sweep` named");
    }
    SweepState state;
    Problems problems;
    const ConfigDocument document = ConfigDocument::load((folder / sweep_state_file).string(), {}, problems);
    KeyReader keys(document.root(), problems);
    read_state(keys, state);
    keys.finish();
    for (const SweepState::FactorRow& row : state.factors) {
        check_name(row.name, folder, problems);
    }
    for (const SweepState::MetricRow& row : state.metrics) {
        check_name(row.name, folder, problems);
    }
    problems.throw_if_any();
    return state;
}

void require_plan(const fs::path& folder, const SweepState& state) {
    const auto found = digest_file((folder / sweep_plan_file).string());
    if (!found || found->hex() != state.plan_digest) {
        refuse(folder, std::string(sweep_plan_file) + (found ? " is not the plan that was written" : " cannot be read"),
               std::string(sweep_state_file) + " holds its fingerprint, and it is another",
               "put the old file back, or use --overwrite to begin anew");
    }
}

std::vector<Fingerprint> read_planned_runs(const fs::path& folder, const SweepState& state) {
    require_plan(folder, state);
    CsvRows plan = CsvRows::read_file((folder / sweep_plan_file).string());
    check_header(folder, state, plan.columns());
    std::vector<Fingerprint> runs;
    runs.reserve(state.rows);
    while (plan.next()) {
        const auto run = Fingerprint::from_hex(plan.text(0));
        // Nothing else may stand there: these cells go into tables as they are.
        if (!run || plan.text(1) != std::to_string(runs.size() / state.replicates) ||
            plan.text(2) != std::to_string(runs.size() % state.replicates)) {
            break;
        }
        runs.push_back(*run);
    }
    if (runs.size() != state.rows) {
        throw RecordError((folder / sweep_plan_file).string() + " is not the plan that was written: " +
                          std::to_string(runs.size()) + " of " + std::to_string(state.rows) + " rows can be read");
    }
    return runs;
}

SweepFolder::SweepFolder(fs::path path, bool overwrite) : path_(std::move(path)) {
    constexpr std::size_t longest_name = 64;  // runs/<32 digits>.part/run.sqlite-journal
    require_short_path(path_, longest_name);
    std::error_code trouble;
    if (fs::exists(path_) && !fs::is_directory(path_)) {
        refuse(path_, "there is a file of that name", "a sweep needs a folder of its own", "choose another with --out");
    }
    fs::create_directories(path_, trouble);
    if (trouble) {
        throw RecordError("cannot make " + path_.string() + ": " + trouble.message());
    }
    const bool is_ours =
        has_sweep_manifest(path_) || (is_begun() && has_manifest(path_) && read_manifest(path_).written.empty());
    for (fs::directory_iterator entry(path_, trouble); !trouble && entry != fs::directory_iterator();
         entry.increment(trouble)) {
        const std::string name = entry->path().filename().string();
        // What a sweep writes shows itself by its manifest, which is there before everything else.
        const bool may_stay = name == lock_file ||
                              name == std::string(manifest_file) + std::string(unfinished_ending) ||
                              name.starts_with("shard-") || (is_ours && is_name_in_folder(name));
        if (!may_stay) {
            refuse(path_, "it holds '" + name + "'", "that was not written by a sweep", "choose another with --out");
        }
    }
    lock_ = open_lock(path_);
    struct flock whole = {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    // A lock of the process, which forked workers do not inherit.
    if (lock_ < 0 || ::fcntl(lock_, F_SETLK, &whole) != 0) {
        const int code = errno;
        if (lock_ >= 0) {
            ::close(lock_);
        }
        if (lock_ >= 0 && (code == EAGAIN || code == EACCES)) {
            refuse(path_, "another sweep is writing to it", "two at a time would destroy each other's records",
                   "wait for it, use --shard, or choose another with --out");
        }
        throw RecordError("cannot write to " + path_.string() + ": " + system_message(code));
    }
    if (overwrite && is_ours) {
        remove_sweep(path_);
    }
}

SweepFolder::~SweepFolder() { ::close(lock_); }

bool SweepFolder::is_begun() const { return fs::exists(path_ / sweep_state_file); }

void SweepFolder::begin(const SweepPlan& plan) const {
    const SweepState state = state_of(plan);
    if (is_begun()) {
        require_same(state);
        return;
    }
    std::vector<std::string> inputs(plan.design().files.begin() + 1, plan.design().files.end());
    inputs.push_back(plan.design().scenario);
    Manifest manifest = start_manifest(plan.design().path, inputs);
    manifest.status = "planned";
    manifest.stop_reason = "a sweep: `ytterby sweep status` shows how far it is";
    manifest.config_json = echo_json(plan.design().record);
    manifest.written = files_written;
    write_manifest(manifest, path_);
    write_whole_file(path_ / sweep_plan_file, [&](std::ostream& out) {
        out << plan.header_line();
        for (std::size_t row = 0; row < plan.rows(); ++row) {
            out << plan.line(row);
        }
    });
    // The file as it is; of one that includes others, the merged design.
    std::string why;
    const auto text = plan.design().files.size() == 1
                          ? read_text_file(plan.design().path, ConfigDocument::most_bytes, why)
                          : std::nullopt;
    write_whole_file(path_ / "design.toml", text ? *text : echo_toml(plan.design().record));
    write_whole_file(path_ / sweep_state_file, state_text(state));
}

/// Refuses a folder of another plan, or whose plan is not as it was written.
void SweepFolder::require_same(const SweepState& state) const {
    SweepState found = read_sweep_state(path_);
    if (found.identity != state.identity) {
        refuse(path_, "it holds another sweep", "design, scenario, data or program have changed since it was planned",
               "use --overwrite to begin anew, or --out for another folder");
    }
    found.design = state.design;  // the folder of the design may have been moved
    if (state_text(found) != state_text(state)) {
        refuse(path_, std::string(sweep_state_file) + " is not as the sweep wrote it",
               "someone changed it, and the tables are made from it",
               "put the old file back, or use --overwrite to begin anew");
    }
    require_plan(path_, found);
}

}  // namespace ytterby
