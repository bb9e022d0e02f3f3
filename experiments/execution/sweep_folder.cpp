#include "experiments/execution/sweep_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>

#include "core/config/csv_rows.hpp"
#include "core/config/text_file.hpp"
#include "core/system_message.hpp"
#include "records/folder.hpp"
#include "records/manifest.hpp"
#include "records/store/sqlite.hpp"
#include "records/whole_file.hpp"

namespace ytterby {
namespace {

namespace fs = std::filesystem;

/// Everything that a sweep writes into its folder; shards have folders of their own below it.
constexpr std::array<std::string_view, 9> sweep_files = {
    sweep_plan_file, sweep_state_file, sweep_results_file, sweep_catalogue_file, "design.toml", "segments",
    "runs",          manifest_file,    lock_file};

bool is_sweep_file(std::string name) {
    if (name.ends_with(unfinished_ending)) {
        name.resize(name.size() - unfinished_ending.size());
    }
    return std::find(sweep_files.begin(), sweep_files.end(), name) != sweep_files.end() || name.starts_with("shard-") ||
           name.starts_with(std::string(sweep_catalogue_file) + unfinished_ending.data());
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
            "\nrows = " + std::to_string(state.rows) + "\nreplicates = " + std::to_string(state.replicates) + "\n";
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

}  // namespace

SweepState state_of(const SweepPlan& plan) {
    const SweepDesign& design = plan.design();
    SweepState state{.design = fs::absolute(design.path).lexically_normal().string(),
                     .identity = plan.identity(),
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
    problems.throw_if_any();
    return state;
}

std::vector<Fingerprint> read_planned_runs(const fs::path& folder, const SweepState& state) {
    CsvRows plan = CsvRows::read_file((folder / sweep_plan_file).string());
    std::vector<Fingerprint> runs;
    runs.reserve(state.rows);
    while (plan.next()) {
        const auto run = Fingerprint::from_hex(plan.text(0));
        if (!run) {
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
    std::error_code trouble;
    if (fs::exists(path_) && !fs::is_directory(path_)) {
        refuse(path_, "there is a file of that name", "a sweep needs a folder of its own", "choose another with --out");
    }
    fs::create_directories(path_, trouble);
    if (trouble) {
        throw RecordError("cannot make " + path_.string() + ": " + trouble.message());
    }
    for (fs::directory_iterator entry(path_, trouble); !trouble && entry != fs::directory_iterator();
         entry.increment(trouble)) {
        const std::string name = entry->path().filename().string();
        // A manifest without a plan is that of a run; one beside a plan is that of a sweep that was cut off before it
        // wrote its state.
        if (!is_sweep_file(name) || (name == manifest_file && !is_begun() && !fs::exists(path_ / sweep_plan_file))) {
            refuse(path_, "it holds '" + name + "'", "that was not written by a sweep", "choose another with --out");
        }
    }
    lock_ = ::open((path_ / lock_file).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
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
    if (overwrite) {
        // The manifest first: as long as it is there, the plan shows that it is that of a sweep.
        fs::remove(path_ / sweep_state_file, trouble);
        fs::remove(path_ / manifest_file, trouble);
        for (const std::string_view name : sweep_files) {
            if (name != lock_file) {
                fs::remove_all(path_ / name, trouble);
            }
        }
    }
}

SweepFolder::~SweepFolder() { ::close(lock_); }

bool SweepFolder::is_begun() const { return fs::exists(path_ / sweep_state_file); }

void SweepFolder::begin(const SweepPlan& plan) const {
    if (is_begun()) {
        if (read_sweep_state(path_).identity != plan.identity()) {
            refuse(path_, "it holds another sweep",
                   "design, scenario, data or program have changed since it was planned",
                   "use --overwrite to begin anew, or --out for another folder");
        }
        return;
    }
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
    std::vector<std::string> inputs(plan.design().files.begin() + 1, plan.design().files.end());
    inputs.push_back(plan.design().scenario);
    Manifest manifest = start_manifest(plan.design().path, inputs);
    manifest.status = "planned";
    manifest.stop_reason = "a sweep: `ytterby sweep status` shows how far it is";
    manifest.config_json = echo_json(plan.design().record);
    write_manifest(manifest, path_);
    write_whole_file(path_ / sweep_state_file, state_text(state_of(plan)));
}

}  // namespace ytterby
