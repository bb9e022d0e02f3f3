#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/config/diagnostics.hpp"
#include "core/maths.hpp"
#include "core/number_text.hpp"
#include "report/analysis/analysis_report.hpp"
#include "statistics/pareto.hpp"

namespace ytterby {
namespace {

constexpr std::size_t most_mixes = 15;

/// One side of the trade-off: a metric, or a numeric factor such as a budget.
struct Objective {
    std::string name;
    std::size_t metric = std::numeric_limits<std::size_t>::max();
    const PlanColumn* factor = nullptr;
    double sign = 1.0;  // -1 where more is better

    double value(const SweepResults& results, std::size_t cell, std::size_t replicate) const {
        double number = 0.0;
        return sign * (factor != nullptr ? (read_number(factor->levels[cell], number), number)
                                         : results.value(metric, cell, replicate));
    }
};

std::vector<Objective> objectives_of(const SweepResults& results, const AnalysisQuestion& question) {
    std::vector<Objective> objectives;
    const std::vector<std::string> metrics = results.metric_names();
    if (!question.budget.empty()) {
        const auto metric = std::find(metrics.begin(), metrics.end(), question.budget);
        const auto factor = std::find_if(results.factors.begin(), results.factors.end(),
                                         [&](const PlanColumn& one) { return one.name == question.budget; });
        Objective budget{.name = question.budget};
        if (metric != metrics.end()) {
            budget.metric = static_cast<std::size_t>(metric - metrics.begin());
        } else if (factor != results.factors.end() && is_numeric(*factor)) {
            budget.factor = &*factor;
        } else {
            std::vector<std::string> known = metrics;
            for (const PlanColumn& one : results.factors) {
                if (is_numeric(one)) {
                    known.push_back(one.name);
                }
            }
            throw InputError(Problem{.key = "--budget",
                                     .what = "'" + question.budget + "' is neither a metric nor a factor of numbers",
                                     .why = "a budget is a number",
                                     .suggestion = suggest_name(question.budget, known),
                                     .where = {"--budget"}});
        }
        objectives.push_back(budget);
    }
    for (const std::size_t metric : question.metrics) {
        if (metrics[metric] != question.budget) {
            objectives.push_back({.name = metrics[metric],
                                  .metric = metric,
                                  .factor = nullptr,
                                  .sign = question.is_better_higher[metric] ? -1.0 : 1.0});
        }
    }
    if (objectives.size() < 2) {
        throw InputError(Problem{.key = "--metric",
                                 .what = "one thing is no trade-off",
                                 .why = "a Pareto set weighs two or more",
                                 .suggestion = "name two metrics, or a --budget",
                                 .where = {"--metric"}});
    }
    return objectives;
}

/// The levels of a cell: "screening + budget=3"; of switches only those that are on.
std::string mix_text(const SweepResults& results, std::size_t cell) {
    std::string mix;
    for (const PlanColumn& factor : results.factors) {
        const std::string& level = factor.levels[cell];
        if (level == "off" || level == "false") {
            continue;
        }
        mix +=
            (mix.empty() ? "" : " + ") + (level == "on" || level == "true" ? factor.name : factor.name + "=" + level);
    }
    return mix.empty() ? "nothing" : mix;
}

/// The cells that are compared, and the replicates in which each of them has a value of every objective, so that no mix
/// is better by the luck of its replicates.
struct Compared {
    std::vector<std::size_t> cells, replicates;  // numbers, rising

    bool has(std::size_t cell) const { return std::binary_search(cells.begin(), cells.end(), cell); }
};

Compared compared(const SweepResults& results, const std::vector<Objective>& objectives, Holes holes) {
    const auto is_known = [&](std::size_t cell, std::size_t replicate) {
        return std::none_of(objectives.begin(), objectives.end(), [&](const Objective& objective) {
            return std::isnan(objective.value(results, cell, replicate));
        });
    };
    Compared found;
    for (std::size_t cell = 0; cell < results.cells.size(); ++cell) {
        bool is_any = holes == Holes::whole_replicates_only;
        for (std::size_t replicate = 0; replicate < results.replicates.size() && !is_any; ++replicate) {
            is_any = is_known(cell, replicate);
        }
        if (is_any) {
            found.cells.push_back(cell);
        }
    }
    for (std::size_t replicate = 0; replicate < results.replicates.size(); ++replicate) {
        if (std::all_of(found.cells.begin(), found.cells.end(),
                        [&](std::size_t cell) { return is_known(cell, replicate); })) {
            found.replicates.push_back(replicate);
        }
    }
    if (found.cells.empty() || found.replicates.empty()) {
        throw InputError(Problem{.what = "no replicate has a value in every mix that is compared",
                                 .why = counts_text(results.counts) + "; mixes are compared in the same replicates",
                                 .suggestion = "let the sweep finish, or compare fewer cells with --where",
                                 .where = {.file = results.folder}});
    }
    return found;
}

/// Means over the compared replicates; NaN for cells that are not compared.
ObjectiveTable means_of(const SweepResults& results, const std::vector<Objective>& objectives, const Compared& common) {
    ObjectiveTable means{.objectives = objectives.size(), .values = {}};
    for (std::size_t cell = 0; cell < results.cells.size(); ++cell) {
        for (const Objective& objective : objectives) {
            CompensatedSum sum;
            for (const std::size_t replicate : common.replicates) {
                sum.add(objective.value(results, cell, replicate));
            }
            means.values.push_back(common.has(cell) ? sum.total() / static_cast<double>(common.replicates.size())
                                                    : undefined);
        }
    }
    return means;
}

/// Share of replicates in which each mix is undominated, when every replicate is taken as a world of its own.
std::vector<double> undominated_shares(const SweepResults& results, const std::vector<Objective>& objectives,
                                       const Compared& common) {
    const std::size_t cells = results.cells.size();
    std::vector<double> shares(cells, 0.0);
    for (const std::size_t replicate : common.replicates) {
        ObjectiveTable one{.objectives = objectives.size(), .values = {}};
        for (std::size_t cell = 0; cell < cells; ++cell) {
            for (const Objective& objective : objectives) {
                one.values.push_back(common.has(cell) ? objective.value(results, cell, replicate) : undefined);
            }
        }
        for (const std::size_t cell : pareto_set(one)) {
            shares[cell] += 1.0 / static_cast<double>(common.replicates.size());
        }
    }
    return shares;
}

/// What the Pareto set is about, and what was left out of the comparison.
std::string heading(const SweepResults& results, const std::vector<Objective>& objectives, const Compared& common,
                    std::size_t undominated) {
    std::string names;
    for (const Objective& objective : objectives) {
        names += (names.empty() ? "" : ", ") + objective.name + (objective.sign < 0.0 ? " (more is better)" : "");
    }
    std::string text = fmt::format("\n{}: {} of {} mixes are undominated in the means over replicates\n", names,
                                   undominated, common.cells.size());
    if (common.replicates.size() < results.replicates.size()) {
        text += fmt::format("  compared in the {} of {} replicates that all these mixes have\n",
                            common.replicates.size(), results.replicates.size());
    }
    if (common.cells.size() < results.cells.size()) {
        text += fmt::format("  {} mixes without any value are left out\n", results.cells.size() - common.cells.size());
    }
    return text;
}

/// Adds the Pareto set over the means to the report.
void add_pareto_set(const SweepResults& results, const std::vector<Objective>& objectives, const Compared& common,
                    const ObjectiveTable& means, AnalysisReport& report) {
    const std::vector<double> often = undominated_shares(results, objectives, common);
    std::vector<std::size_t> set = pareto_set(means);
    std::stable_sort(set.begin(), set.end(),
                     [&](std::size_t one, std::size_t other) { return means.at(one, 0) < means.at(other, 0); });
    AnalysisTable pareto{.name = "tradeoffs_pareto", .columns = {"cell", "mix"}, .rows = {}};
    for (const Objective& objective : objectives) {
        pareto.columns.push_back(objective.name);
    }
    pareto.columns.emplace_back("share_of_replicates");
    report.text += heading(results, objectives, common, set.size());
    for (std::size_t place = 0; place < set.size(); ++place) {
        std::vector<TableCell> row{results.cells[set[place]], mix_text(results, set[place])};
        std::string values;
        for (std::size_t objective = 0; objective < objectives.size(); ++objective) {
            const double value = objectives[objective].sign * means.at(set[place], objective);
            row.emplace_back(value);
            values += (objective > 0 ? ", " : "") + objectives[objective].name + " " + short_text(value);
        }
        row.emplace_back(often[set[place]]);
        pareto.rows.push_back(std::move(row));
        if (place < most_mixes) {
            report.text += fmt::format("  {}: {} (undominated in {:.0f} % of replicates)\n",
                                       mix_text(results, set[place]), values, 100.0 * often[set[place]]);
        }
    }
    if (set.size() > most_mixes) {
        report.text += fmt::format("  ... and {} more in tradeoffs_pareto.csv\n", set.size() - most_mixes);
    }
    report.tables.push_back(std::move(pareto));
}

/// Share of the compared replicates in which one mix reaches more of an objective than another.
double share_better(const SweepResults& results, const Objective& objective, const Compared& common, std::size_t mix,
                    std::size_t other) {
    double better = 0.0;
    for (const std::size_t replicate : common.replicates) {
        better += objective.value(results, mix, replicate) < objective.value(results, other, replicate)
                      ? 1.0 / static_cast<double>(common.replicates.size())
                      : 0.0;
    }
    return better;
}

/// Adds the cheapest mix for each level of every objective; the first objective is the budget.
void add_frontier(const SweepResults& results, const std::vector<Objective>& objectives, const Compared& common,
                  const ObjectiveTable& means, AnalysisReport& report) {
    AnalysisTable frontier{.name = "tradeoffs_frontier",
                           .columns = {"metric", "budget", "reached", "cell", "mix", "replicates_better"},
                           .rows = {}};
    for (std::size_t number = 1; number < objectives.size(); ++number) {
        const Objective& objective = objectives[number];
        const std::vector<FrontierStep> steps = cheapest_mixes(means, 0, number);
        report.text += fmt::format("  cheapest mix for each {} that can be reached:\n", objective.name);
        for (std::size_t step = 0; step < steps.size(); ++step) {
            const FrontierStep& at = steps[step];
            // How sure the step is: replicates in which the mix reaches more than the cheaper one before it.
            const double better =
                step > 0 ? share_better(results, objective, common, at.mix, steps[step - 1].mix) : undefined;
            const double reached = objective.sign * at.reached;
            frontier.rows.push_back(
                {objective.name, at.budget, reached, results.cells[at.mix], mix_text(results, at.mix), better});
            if (step < most_mixes) {
                report.text += fmt::format(
                    "    {} {} for {} {}: {}{}\n", objective.name, short_text(reached), objectives[0].name,
                    short_text(at.budget), mix_text(results, at.mix),
                    step > 0 ? fmt::format(" (better than the one before in {:.0f} % of replicates)", 100.0 * better)
                             : "");
            }
        }
    }
    report.tables.push_back(std::move(frontier));
}

}  // namespace

AnalysisReport report_tradeoffs(const SweepResults& results, const AnalysisQuestion& question) {
    const std::vector<Objective> objectives = objectives_of(results, question);
    const Compared common = compared(results, objectives, question.holes);
    const ObjectiveTable means = means_of(results, objectives, common);
    AnalysisReport report;
    add_pareto_set(results, objectives, common, means, report);
    if (!question.budget.empty()) {
        add_frontier(results, objectives, common, means, report);
    }
    return report;
}

}  // namespace ytterby
