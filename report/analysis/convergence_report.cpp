#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "experiments/design/stopping_rule.hpp"
#include "report/analysis/analysis_report.hpp"
#include "statistics/convergence.hpp"

namespace ytterby {

AnalysisReport report_convergence(const SweepResults& results, const AnalysisQuestion& question) {
    AnalysisReport report;
    AnalysisTable table{.name = "convergence",
                        .columns = {"metric", "replicates", "median_cell_half_width", "widest_cell_half_width",
                                    "median_difference_half_width", "widest_difference_half_width"},
                        .rows = {}};
    for (const std::size_t which : question.metrics) {
        const std::string& name = results.metrics[which].name;
        const WholeMetric metric = whole_metric(results, which, question.holes);
        const std::vector<ConvergenceStep> steps = follow_convergence(metric.values, metric.replicates, question.level);
        report.text += fmt::format("\n{}, {}:\n", name, replicates_text(metric));
        if (steps.empty()) {
            continue;
        }
        report.text +=
            fmt::format("  {} half-width, median and widest cell\n  {:>10} {:>22} {:>34}\n", level_text(question.level),
                        "replicates", "of a cell's mean", "of its difference from the first cell");
        for (std::size_t step = 0; step < steps.size(); ++step) {
            const ConvergenceStep& at = steps[step];
            table.rows.push_back({name, static_cast<std::int64_t>(at.replicates), at.median_cell, at.widest_cell,
                                  at.median_difference, at.widest_difference});
            const bool is_shown = step + 1 == steps.size() || at.replicates == 2 || at.replicates == 5 ||
                                  at.replicates == 10 || at.replicates == 20 || at.replicates == 50 ||
                                  at.replicates == 100;
            if (is_shown) {
                report.text += fmt::format("  {:>10} {:>10} {:>11} {:>16} {:>17}\n", at.replicates,
                                           short_text(at.median_cell), short_text(at.widest_cell),
                                           short_text(at.median_difference), short_text(at.widest_difference));
            }
        }
    }
    if (!question.until.empty()) {
        const StoppingRule rule = StoppingRule::parse(question.until, results.metric_names(), "--until", {"--until"});
        const std::size_t replicates = results.replicates.size();
        const StoppingAnswer answer = rule.ask(results.cells.size(), [&](std::size_t metric, std::size_t cell) {
            return std::span(results.metrics[metric].values).subspan(cell * replicates, replicates);
        });
        report.text += fmt::format("\nuntil {}: {}; {}\n", rule.text(), answer.why,
                                   answer.is_refused ? "refused"
                                   : answer.go_on    ? fmt::format("about {} more replicates of each cell", answer.more)
                                                     : "enough");
        report.tables.push_back(
            {.name = "stopping_rule",
             .columns = {"rule", "go_on", "more_replicates", "why"},
             .rows = {{rule.text(), std::int64_t{answer.go_on}, static_cast<std::int64_t>(answer.more), answer.why}}});
    }
    report.tables.insert(report.tables.begin(), std::move(table));
    return report;
}

}  // namespace ytterby
