#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/config/diagnostics.hpp"
#include "core/maths.hpp"
#include "report/analysis/analysis_report.hpp"
#include "report/plots/svg_bars.hpp"
#include "statistics/shapley.hpp"

namespace ytterby {
namespace {

/// The response to the levers of a full factorial alone: each replicate is averaged over the settings of the
/// uncertainties, which no policy controls.
FactorialResponse of_levers(const FactorialResponse& all, const std::vector<std::size_t>& levers) {
    FactorialResponse response{.levers = levers.size(),
                               .replicates = all.replicates,
                               .values = std::vector<double>(all.replicates << levers.size(), 0.0)};
    const double settings = static_cast<double>(std::size_t{1} << (all.levers - levers.size()));
    for (std::size_t mask = 0; mask < std::size_t{1} << all.levers; ++mask) {
        std::size_t kept = 0;
        for (std::size_t lever = 0; lever < levers.size(); ++lever) {
            kept |= (mask >> levers[lever] & 1U) << lever;
        }
        for (std::size_t replicate = 0; replicate < all.replicates; ++replicate) {
            response.values[kept * all.replicates + replicate] += all.cell(mask)[replicate] / settings;
        }
    }
    return response;
}

}  // namespace

AnalysisReport report_attribution(const SweepResults& results, const AnalysisQuestion& question) {
    const TwoLevelLayout layout = two_level_layout(results);
    std::vector<std::size_t> levers;
    std::vector<std::string> uncertain;
    for (std::size_t lever = 0; lever < layout.levers.size(); ++lever) {
        const auto factor = std::find_if(results.factors.begin(), results.factors.end(),
                                         [&](const PlanColumn& one) { return one.name == layout.levers[lever]; });
        if (factor->is_uncertainty) {
            uncertain.push_back(factor->name);
        } else {
            levers.push_back(lever);
        }
    }
    AnalysisReport report;
    if (levers.empty()) {
        report.text = "\nnothing to attribute: all factors that vary are uncertainties\n";
        return report;
    }
    AnalysisTable table{.name = "attribution",
                        .columns = {"metric", "lever", "share", "low", "high", "p_value", "part_of_whole"},
                        .rows = {}};
    std::vector<SvgBarPanel> panels;
    for (const std::size_t which : question.metrics) {
        const std::string& name = results.metrics[which].name;
        const WholeMetric metric = whole_metric(results, which, question.holes);
        const Attribution found = attribute(of_levers(factorial_response(layout, metric), levers), question.level);
        report.text += fmt::format(
            "\n{}, {}: all levers together {}, of which by Shapley value{}\n", name, replicates_text(metric),
            estimate_text(found.whole, question.level),
            uncertain.empty() ? ""
                              : " (averaged over the settings of what is uncertain: " + join_names(uncertain) + ")");
        SvgBarPanel panel{.title = name, .bars = {}};
        const auto add = [&](const std::string& lever, const Estimate& estimate, bool is_total) {
            const double part = ratio_or(estimate.mean, found.whole.mean, std::nan(""));
            table.rows.push_back({name, lever, estimate.mean, estimate.low(), estimate.high(), estimate.p_value, part});
            panel.bars.push_back({.name = lever,
                                  .value = estimate.mean,
                                  .low = estimate.low(),
                                  .high = estimate.high(),
                                  .is_total = is_total});
            if (!is_total) {
                report.text += fmt::format("  {:<28} {}{}\n", lever, estimate_text(estimate, question.level),
                                           std::isnan(part) ? ""
                                                            : fmt::format(", {:.0f} % of the whole",
                                                                          std::abs(part) < 0.005 ? 0.0 : 100.0 * part));
            }
        };
        for (std::size_t lever = 0; lever < levers.size(); ++lever) {
            add(layout.levers[levers[lever]], found.levers[lever], false);
        }
        add("all", found.whole, true);
        panels.push_back(std::move(panel));
    }
    report.tables = {std::move(table)};
    report.drawings.emplace_back(
        "attribution.svg",
        svg_bars("What each lever earns",
                 "Shapley values with " + level_text(question.level) + " intervals; grey: all together", panels));
    return report;
}

}  // namespace ytterby
