#include <fmt/format.h>

#include <cmath>

#include "core/maths.hpp"
#include "experiments/shapley.hpp"
#include "report/analysis_report.hpp"
#include "report/svg_bars.hpp"

namespace ytterby {

AnalysisReport report_attribution(const SweepResults& results, const AnalysisQuestion& question) {
    const TwoLevelLayout layout = two_level_layout(results);
    AnalysisReport report;
    AnalysisTable table{.name = "attribution", .columns = {"metric", "lever", "share", "low", "high", "p_value", "part_of_whole"}, .rows = {}};
    std::vector<SvgBarPanel> panels;
    for (const std::size_t which : question.metrics) {
        const std::string& name = results.metrics[which].name;
        const WholeMetric metric = whole_metric(results, which, question.holes);
        const Attribution found = attribute(factorial_response(layout, metric), question.level);
        report.text += fmt::format("\n{}, {}: all levers together {}, of which by Shapley value\n", name, replicates_words(metric), estimate_words(found.whole, question.level));
        SvgBarPanel panel{.title = name, .bars = {}};
        const auto add = [&](const std::string& lever, const Estimate& estimate, bool is_total) {
            const double part = ratio_or(estimate.mean, found.whole.mean, std::nan(""));
            table.rows.push_back({name, lever, estimate.mean, estimate.low(), estimate.high(), estimate.p_value, part});
            panel.bars.push_back({.name = lever, .value = estimate.mean, .low = estimate.low(), .high = estimate.high(), .is_total = is_total});
            if (!is_total) {
                report.text += fmt::format("  {:<28} {}{}\n", lever, estimate_words(estimate, question.level), std::isnan(part) ? "" : fmt::format(", {:.0f} % of the whole", std::abs(part) < 0.005 ? 0.0 : 100.0 * part));
            }
        };
        for (std::size_t lever = 0; lever < layout.levers.size(); ++lever) {
            add(layout.levers[lever], found.levers[lever], false);
        }
        add("all", found.whole, true);
        panels.push_back(std::move(panel));
    }
    report.tables = {std::move(table)};
    report.drawings.emplace_back("attribution.svg", svg_bars("What each lever earns", "Shapley values with " + level_words(question.level) + " intervals; grey: all together", panels));
    return report;
}

}  // namespace ytterby
