#include "experiments/analysis/sweep_results.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <unordered_map>

#include "core/config/csv_rows.hpp"
#include "core/config/diagnostics.hpp"
#include "core/maths.hpp"
#include "core/number_text.hpp"
#include "experiments/execution/sweep_folder.hpp"

namespace ytterby {
namespace {

/// Numbers names in order of appearance. Equal names mostly follow one another, so the last one is tried first.
class Numbering {
public:
    static constexpr std::size_t unknown = static_cast<std::size_t>(-1);

    std::size_t find(std::string_view name) {
        if (last_ != unknown && names[last_] == name) {
            return last_;
        }
        const auto found = numbers_.find(std::string(name));
        return found == numbers_.end() ? unknown : last_ = found->second;
    }
    std::size_t enter(std::string_view name) {
        std::size_t number = find(name);
        if (number == unknown) {
            number = last_ = names.size();
            names.emplace_back(name);
            numbers_.emplace(names.back(), number);
        }
        return number;
    }
    std::vector<std::string> names;

private:
    std::unordered_map<std::string, std::size_t> numbers_;
    std::size_t last_ = unknown;
};

bool is_role(const std::string& name) {
    return name == "part" || name.starts_with("saltelli_") || name.starts_with("morris_");
}

bool is_one_of(const std::string& name, std::initializer_list<const char*> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Whether two levels are the same: as numbers where both are, so that 1 and 1.0 are.
bool is_level(std::string_view one, const std::string& other) {
    double a = 0.0;
    double b = 0.0;
    return one == other || (read_number(one, a) && read_number(other, b) && a == b);
}

/// The plan without the cells that fixed levels leave out; those are known, so that their results are skipped.
struct ReadPlan {
    Numbering cells, replicates, left_out;
    std::vector<std::vector<bool>> planned;  // [cell][replicate]
};

/// Reads plan.csv: the columns and planned runs of the results.
class PlanReader {
public:
    PlanReader(const std::string& path, const std::vector<FixedLevel>& fixed, SweepResults& results)
        : path_(path), rows_(CsvRows::read_file(path)), results_(results) {
        find_fixed(fixed);
        find_columns(fixed);
    }

    ReadPlan read() {
        ReadPlan plan;
        while (rows_.next()) {
            if (is_chosen()) {
                add_run(plan);
            } else {
                plan.left_out.enter(rows_.text(cell_column_));
            }
        }
        check_outcome();
        return plan;
    }

private:
    /// A factor that is fixed at a level.
    struct Fixed {
        std::size_t column = 0;
        std::string level;
        std::vector<std::string> seen;  // some other levels, to suggest
        bool is_met = false;
    };

    static bool is_key(const std::string& name) { return is_one_of(name, {"run_id", "cell", "replicate"}); }

    void find_fixed(const std::vector<FixedLevel>& fixed) {
        std::vector<std::string> known;
        for (const std::string& name : rows_.columns()) {
            if (!is_key(name)) {
                known.push_back(name);
            }
        }
        for (const auto& [name, level] : fixed) {
            if (std::find(known.begin(), known.end(), name) == known.end()) {
                throw InputError(Problem{.key = "--where",
                                         .what = "no factor is called '" + name + "'",
                                         .why = "the sweep's plan names its factors",
                                         .suggestion = suggest_name(name, known),
                                         .where = {"--where"}});
            }
            fixed_.push_back({rows_.column(name), level, {}, false});
        }
    }

    void find_columns(const std::vector<FixedLevel>& fixed) {
        for (const std::string& name : rows_.columns()) {
            const bool is_fixed =
                std::any_of(fixed.begin(), fixed.end(), [&](const FixedLevel& one) { return one.first == name; });
            if (!is_fixed && !is_key(name)) {
                (is_role(name) ? results_.roles : results_.factors).push_back({.name = name, .levels = {}});
            }
        }
        for (std::vector<PlanColumn>* list : {&results_.factors, &results_.roles}) {
            for (PlanColumn& column : *list) {
                columns_.emplace_back(rows_.column(column.name), &column);
            }
        }
    }

    /// Whether the row at hand has all fixed levels.
    bool is_chosen() {
        constexpr std::size_t most_seen = 12;
        bool is_in = true;
        for (Fixed& one : fixed_) {
            const std::string_view level = rows_.text(one.column);
            const bool fits = is_level(level, one.level);
            one.is_met = one.is_met || fits;
            is_in = is_in && fits;
            if (!fits && one.seen.size() < most_seen &&
                std::find(one.seen.begin(), one.seen.end(), level) == one.seen.end()) {
                one.seen.emplace_back(level);
            }
        }
        return is_in;
    }

    void add_run(ReadPlan& plan) {
        const std::size_t cell = plan.cells.enter(rows_.text(cell_column_));
        const std::size_t replicate = plan.replicates.enter(rows_.text(replicate_column_));
        if (cell == plan.planned.size()) {
            plan.planned.emplace_back();
            for (auto& [number, column] : columns_) {
                column->levels.emplace_back(rows_.text(number));
            }
        }
        std::vector<bool>& planned = plan.planned[cell];
        planned.resize(std::max(planned.size(), replicate + 1));
        if (planned[replicate]) {
            rows_.refuse("replicate",
                         "cell " + plan.cells.names[cell] + " is planned twice with replicate " +
                             plan.replicates.names[replicate],
                         "a run is one cell and one replicate", "take one row out");
        }
        planned[replicate] = true;
        ++results_.counts.planned;
    }

    void check_outcome() const {
        for (const Fixed& one : fixed_) {
            if (!one.is_met) {
                throw InputError(Problem{.key = "--where",
                                         .what = "no cell has " + rows_.columns()[one.column] + " = " + one.level,
                                         .why = "the sweep did not try it",
                                         .suggestion = suggest_name(one.level, one.seen),
                                         .where = {"--where"}});
            }
        }
        if (results_.counts.planned == 0) {
            throw InputError(Problem{
                .what = "no runs are planned",
                .why = fixed_.empty() ? "an analysis needs some" : "no cell has all the levels of --where together",
                .suggestion = "",
                .where = {.file = path_}});
        }
    }

    const std::string& path_;
    CsvRows rows_;
    SweepResults& results_;
    std::size_t cell_column_ = rows_.column("cell");
    std::size_t replicate_column_ = rows_.column("replicate");
    std::vector<Fixed> fixed_;
    std::vector<std::pair<std::size_t, PlanColumn*>> columns_;  // with their number in the file
};

/// Adds role and values of the factors from the design in the folder; without a design they stay unknown.
void read_design_values(const std::string& folder, SweepResults& results) {
    if (!std::filesystem::exists(std::filesystem::path(folder) / sweep_state_file)) {
        return;
    }
    const SweepState state = read_sweep_state(folder);
    require_plan(folder, state);
    for (PlanColumn& factor : results.factors) {
        const auto row = std::find_if(state.factors.begin(), state.factors.end(),
                                      [&](const SweepState::FactorRow& one) { return one.name == factor.name; });
        if (row != state.factors.end()) {
            factor.is_uncertainty = row->role == "uncertainty";
            factor.design_values = row->values;
        }
    }
}

/// The levels that a design lists, if those of the plan are among them.
std::vector<std::string> listed_levels(const PlanColumn& factor) {
    std::vector<std::string> listed;
    for (std::size_t begin = 0; begin <= factor.design_values.size();) {
        const std::size_t end = std::min(factor.design_values.find(", ", begin), factor.design_values.size());
        listed.push_back(factor.design_values.substr(begin, end - begin));
        begin = end + 2;
    }
    const bool is_whole = std::all_of(factor.levels.begin(), factor.levels.end(), [&](const std::string& level) {
        return std::find(listed.begin(), listed.end(), level) != listed.end();
    });
    return is_whole ? listed : std::vector<std::string>{};
}

/// The ends of a distribution such as "uniform(0.1, 0.4)"; false where it is another, or has none.
bool read_ends(const PlanColumn& factor, double& low, double& high, bool& is_logarithmic) {
    const std::size_t open = factor.design_values.find('(');
    if (open == std::string::npos || !factor.design_values.ends_with(')')) {
        return false;
    }
    const std::string kind = factor.design_values.substr(0, open);
    const std::string numbers = factor.design_values.substr(open + 1, factor.design_values.size() - open - 2);
    is_logarithmic = kind == "log_uniform";
    const std::size_t last = numbers.rfind(", ");
    return is_one_of(kind, {"uniform", "log_uniform", "triangular"}) && last != std::string::npos &&
           read_number(numbers.substr(0, numbers.find(", ")), low) && read_number(numbers.substr(last + 2), high) &&
           low < high;
}

/// Drops roles that the chosen cells have no part in: their columns are empty there.
void drop_empty_roles(SweepResults& results) {
    std::erase_if(results.roles, [](const PlanColumn& role) {
        return std::all_of(role.levels.begin(), role.levels.end(),
                           [](const std::string& level) { return level.empty(); });
    });
}

/// Leaves out the replicates that a stopping rule spared in every cell: for the analyses they were never planned.
void leave_out_spared(const std::vector<std::size_t>& spared, ReadPlan& plan, SweepResults& results) {
    const std::size_t cells = plan.cells.names.size();
    const std::size_t before = spared.size();
    std::vector<std::size_t> kept;
    for (std::size_t replicate = 0; replicate < before; ++replicate) {
        if (spared[replicate] < cells) {
            kept.push_back(replicate);
        }
    }
    if (kept.size() == before) {
        return;
    }
    for (SweepMetric& metric : results.metrics) {
        std::vector<double> values;
        for (std::size_t cell = 0; cell < cells; ++cell) {
            for (const std::size_t replicate : kept) {
                values.push_back(metric.values[cell * before + replicate]);
            }
        }
        metric.values = std::move(values);
    }
    std::vector<std::string> names;
    names.reserve(kept.size());
    for (const std::size_t replicate : kept) {
        names.push_back(plan.replicates.names[replicate]);
    }
    plan.replicates.names = std::move(names);
}

/// Reads results.csv: what became of the planned runs.
class RunsReader {
public:
    RunsReader(const std::string& path, ReadPlan& plan, SweepResults& results)
        : rows_(CsvRows::read_file(path)),
          plan_(plan),
          results_(results),
          replicates_(plan.replicates.names.size()),
          is_seen_(plan.cells.names.size() * replicates_, false),
          spared_(replicates_, 0) {
        find_metrics(path);
    }

    void read() {
        while (rows_.next()) {
            const std::size_t cell = plan_.cells.find(rows_.text(cell_column_));
            const bool is_left_out =
                cell == Numbering::unknown && plan_.left_out.find(rows_.text(cell_column_)) != Numbering::unknown;
            if (!is_left_out) {
                read_run(cell, plan_.replicates.find(rows_.text(replicate_column_)));
            }
        }
        leave_out_spared(spared_, plan_, results_);
    }

private:
    void find_metrics(const std::string& path) {
        for (std::size_t column = 0; column < rows_.columns().size(); ++column) {
            const std::string& name = rows_.columns()[column];
            if (name == "error") {
                error_column_ = column;
            } else if (!is_one_of(name, {"run_id", "cell", "replicate", "status"}) &&
                       std::none_of(results_.factors.begin(), results_.factors.end(),
                                    [&](const PlanColumn& factor) { return factor.name == name; })) {
                metric_columns_.push_back(column);
                results_.metrics.push_back({name, std::vector<double>(is_seen_.size(), undefined)});
            }
        }
        if (results_.metrics.empty()) {
            throw InputError(Problem{.what = "the results hold no metric",
                                     .why = "each column beside run_id, cell, replicate, status and error is one",
                                     .suggestion = "name metrics in the sweep's design",
                                     .where = {path, 1, 1}});
        }
    }

    void read_run(std::size_t cell, std::size_t replicate) {
        if (cell == Numbering::unknown || replicate == Numbering::unknown || replicate >= plan_.planned[cell].size() ||
            !plan_.planned[cell][replicate]) {
            rows_.refuse("cell",
                         "cell " + std::string(rows_.text(cell_column_)) + ", replicate " +
                             std::string(rows_.text(replicate_column_)) + " is not planned",
                         "plan.csv lists every run", "do both files belong to one sweep?");
        }
        const std::size_t run = cell * replicates_ + replicate;
        if (is_seen_[run]) {
            rows_.refuse("cell", name_of(cell, replicate) + " has a second result", "a run ends once",
                         "take one row out");
        }
        is_seen_[run] = true;
        const std::string_view status = rows_.text(status_column_);
        if (status == "ok") {
            ++results_.counts.ok;
            for (std::size_t metric = 0; metric < metric_columns_.size(); ++metric) {
                results_.metrics[metric].values[run] = rows_.number(metric_columns_[metric]);
            }
        } else if (status == "failed") {
            if (++results_.counts.failed == 1) {
                results_.first_failure =
                    name_of(cell, replicate) +
                    (error_column_ == Numbering::unknown ? "" : ": " + std::string(rows_.text(error_column_)));
            }
        } else if (status == "spared") {
            ++results_.counts.spared;
            ++spared_[replicate];
        } else if (status != "unplayed") {
            rows_.refuse("status", "'" + std::string(status) + "' is no status of a run",
                         "a run is ok, failed, unplayed or spared", "run the sweep again");
        }
    }

    std::string name_of(std::size_t cell, std::size_t replicate) const {
        return "cell " + plan_.cells.names[cell] + ", replicate " + plan_.replicates.names[replicate];
    }

    CsvRows rows_;
    ReadPlan& plan_;
    SweepResults& results_;
    std::size_t replicates_;
    std::size_t cell_column_ = rows_.column("cell");
    std::size_t replicate_column_ = rows_.column("replicate");
    std::size_t status_column_ = rows_.column("status");
    std::size_t error_column_ = Numbering::unknown;
    std::vector<std::size_t> metric_columns_;
    std::vector<bool> is_seen_;        // [run]
    std::vector<std::size_t> spared_;  // runs of each replicate that the stopping rule spared
};

}  // namespace

std::vector<std::string> SweepResults::metric_names() const {
    std::vector<std::string> names;
    names.reserve(metrics.size());
    for (const SweepMetric& metric : metrics) {
        names.push_back(metric.name);
    }
    return names;
}

std::vector<std::string> SweepResults::factor_names() const {
    std::vector<std::string> names;
    names.reserve(factors.size());
    for (const PlanColumn& factor : factors) {
        names.push_back(factor.name);
    }
    return names;
}

const PlanColumn* SweepResults::role(std::string_view name) const {
    const auto found =
        std::find_if(roles.begin(), roles.end(), [&](const PlanColumn& role) { return role.name == name; });
    return found == roles.end() ? nullptr : &*found;
}

SweepResults read_sweep(const std::string& folder, const std::vector<FixedLevel>& fixed) {
    if (!std::filesystem::is_directory(folder)) {
        throw InputError(Problem{.what = "'" + folder + "' is no folder",
                                 .why = "an analysis reads the folder of a sweep",
                                 .suggestion = "give the folder that `ytterby sweep` wrote",
                                 .where = {.file = folder}});
    }
    SweepResults results;
    results.folder = folder;
    const std::string plan_file = (std::filesystem::path(folder) / "plan.csv").string();
    ReadPlan plan = PlanReader(plan_file, fixed, results).read();
    RunsReader((std::filesystem::path(folder) / "results.csv").string(), plan, results).read();
    read_design_values(folder, results);
    drop_empty_roles(results);
    results.cells = std::move(plan.cells.names);
    results.replicates = std::move(plan.replicates.names);
    return results;
}

bool is_numeric(const PlanColumn& factor) {
    double value = 0.0;
    return std::all_of(factor.levels.begin(), factor.levels.end(),
                       [&](const std::string& level) { return read_number(level, value); });
}

std::vector<std::string> levels_in_order(const PlanColumn& factor) {
    std::vector<std::string> levels;
    std::unordered_map<std::string_view, bool> seen;
    for (const std::string& level : factor.levels) {
        if (seen.emplace(level, true).second) {
            levels.push_back(level);
        }
    }
    const auto place = [](const std::string& level) {
        double value = 0.0;
        return read_number(level, value) ? value : level == "on" || level == "true" ? 1.0 : 0.0;
    };
    const bool are_switches = std::all_of(levels.begin(), levels.end(), [](const std::string& level) {
        return is_one_of(level, {"off", "on", "false", "true"});
    });
    if (is_numeric(factor) || are_switches) {
        std::stable_sort(levels.begin(), levels.end(),
                         [&](const std::string& one, const std::string& other) { return place(one) < place(other); });
    } else if (const std::vector<std::string> listed = listed_levels(factor); !listed.empty()) {
        const auto number = [&](const std::string& level) {
            return std::find(listed.begin(), listed.end(), level) - listed.begin();
        };
        std::stable_sort(levels.begin(), levels.end(),
                         [&](const std::string& one, const std::string& other) { return number(one) < number(other); });
    }
    return levels;
}

double share_of_range(const PlanColumn& factor, const std::string& from, const std::string& to) {
    double low = 0.0;
    double high = 0.0;
    bool is_logarithmic = false;
    double one = 0.0;
    double other = 0.0;
    const bool are_numbers = is_numeric(factor) && read_number(from, one) && read_number(to, other);
    if (are_numbers && read_ends(factor, low, high, is_logarithmic)) {
        return is_logarithmic ? std::abs(log(other / one)) / log(high / low) : std::abs(other - one) / (high - low);
    }
    const std::vector<std::string> levels = levels_in_order(factor);
    const std::vector<std::string> listed = listed_levels(factor);
    if (are_numbers && (listed.empty() ? levels : listed).size() > 1) {
        low = high = one;
        for (const std::string& level : listed.empty() ? levels : listed) {
            double value = one;
            read_number(level, value);
            low = std::min(low, value);
            high = std::max(high, value);
        }
        return ratio_or(std::abs(other - one), high - low, 0.0);
    }
    const std::vector<std::string>& row = listed.empty() ? levels : listed;
    const auto distance = std::find(row.begin(), row.end(), to) - std::find(row.begin(), row.end(), from);
    return row.size() < 2 ? 0.0 : std::abs(static_cast<double>(distance)) / static_cast<double>(row.size() - 1);
}

std::vector<double> cell_means(const SweepResults& results, std::size_t metric) {
    std::vector<double> means;
    for (std::size_t cell = 0; cell < results.cells.size(); ++cell) {
        CompensatedSum sum;
        double count = 0.0;
        for (std::size_t replicate = 0; replicate < results.replicates.size(); ++replicate) {
            if (const double value = results.value(metric, cell, replicate); !std::isnan(value)) {
                sum.add(value);
                count += 1.0;
            }
        }
        means.push_back(ratio_or(sum.total(), count, undefined));
    }
    return means;
}

std::string counts_text(const SweepCounts& counts) {
    return std::to_string(counts.ok) + " of " + std::to_string(counts.planned) + " planned runs are ok (" +
           std::to_string(counts.failed) + " failed, " +
           std::to_string(counts.planned - counts.ok - counts.failed - counts.spared) + " not run" +
           (counts.spared > 0 ? ", " + std::to_string(counts.spared) + " spared by the stopping rule" : "") + ")";
}

}  // namespace ytterby
