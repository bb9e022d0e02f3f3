#include <fmt/format.h>

#include <cmath>

#include "core/config/diagnostics.hpp"
#include "core/maths.hpp"
#include "report/analysis/analysis_report.hpp"

namespace ytterby {
namespace {

/// "screening = off", "0.2 <= share <= 0.5"
std::string limit_text(const BoxLimit& limit, const std::string& name, const std::vector<std::string>& levels) {
    if (!levels.empty()) {
        std::vector<std::string> names;
        names.reserve(limit.levels.size());
        for (const double level : limit.levels) {
            names.push_back(levels[static_cast<std::size_t>(level)]);
        }
        return name + (names.size() == 1 ? " = " : " in ") + join_names(names);
    }
    return (std::isinf(limit.low) ? "" : fmt::format("{:.4g} <= ", limit.low)) + name +
           (std::isinf(limit.high) ? "" : fmt::format(" <= {:.4g}", limit.high));
}

}  // namespace

AnalysisReport report_discovery(const SweepResults& results, const AnalysisQuestion& question) {
    const std::vector<std::string> names = results.metric_names();
    if (question.fails.empty()) {
        throw InputError(Problem{.key = "--fails",
                                 .what = "missing",
                                 .why = "scenario discovery looks for where a condition holds",
                                 .suggestion = "give --fails \"" + names.front() + " > 0.5\" or the like",
                                 .where = {"--fails"}});
    }
    const MetricCondition fails = MetricCondition::parse(question.fails, names, "--fails", {"--fails"});
    const DiscoveryLayout layout = discovery_layout(results, fails);
    AnalysisReport report;
    AnalysisTable boxes{
        .name = "discovery_boxes",
        .columns = {"box", "factor", "low", "high", "levels", "quasi_p", "coverage", "density", "mass", "cells"},
        .rows = {}};
    AnalysisTable peeling{.name = "discovery_peeling",
                          .columns = {"box", "step", "limits", "coverage", "density", "mass", "cells", "is_chosen"},
                          .rows = {}};
    const double share = ratio_or(layout.failing_runs, layout.known_runs, 0.0);
    report.text +=
        fmt::format("\n\"{}\" holds in {:.0f} of {:.0f} runs ({:.1f} %), over {} cells{}\n", fails.text(),
                    layout.failing_runs, layout.known_runs, 100.0 * share, layout.points.points(),
                    layout.left_out > 0 ? fmt::format(" ({} cells without a result left out)", layout.left_out) : "");
    if (layout.points.points() == 0 || share == 0.0 || share == 1.0) {
        report.text += share == 0.0 ? "  it never does, so there is no box to look for\n"
                                    : "  it always does, so no factor decides\n";
        report.tables = {std::move(boxes), std::move(peeling)};
        return report;
    }
    const std::vector<PrimResult> found = find_boxes(layout.points, question.prim);
    for (std::size_t which = 0; which < found.size(); ++which) {
        const auto number = static_cast<std::int64_t>(which + 1);
        const PrimBox& box = found[which].box;
        report.text += fmt::format(
            "  box {}: {:.0f} % of its runs fail (density), {:.0f} % of all failures lie in it (coverage), {} cells "
            "({:.0f} % of all)\n",
            number, 100.0 * box.density, 100.0 * box.coverage, box.points, 100.0 * box.mass);
        for (const BoxLimit& limit : box.limits) {
            const std::vector<std::string>& levels = layout.levels[limit.factor];
            std::string kept;
            for (std::size_t level = 0; !levels.empty() && level < limit.levels.size(); ++level) {
                kept += (level > 0 ? " " : "") + levels[static_cast<std::size_t>(limit.levels[level])];
            }
            report.text +=
                fmt::format("    {} (quasi-p {})\n", limit_text(limit, results.factors[limit.factor].name, levels),
                            limit.quasi_p < 1e-4 ? "< 0.0001" : fmt::format("{:.2g}", limit.quasi_p));
            boxes.rows.push_back({number, results.factors[limit.factor].name, limit.low, limit.high, kept,
                                  limit.quasi_p, box.coverage, box.density, box.mass,
                                  static_cast<std::int64_t>(box.points)});
        }
        for (std::size_t step = 0; step < found[which].peeling.size(); ++step) {
            const PrimBox& peeled = found[which].peeling[step];
            std::string limits;
            for (const BoxLimit& limit : peeled.limits) {
                limits += (limits.empty() ? "" : "; ") +
                          limit_text(limit, results.factors[limit.factor].name, layout.levels[limit.factor]);
            }
            peeling.rows.push_back({number, static_cast<std::int64_t>(step), limits, peeled.coverage, peeled.density,
                                    peeled.mass, static_cast<std::int64_t>(peeled.points),
                                    std::int64_t{step == found[which].chosen}});
        }
    }
    if (found.empty()) {
        report.text += fmt::format(
            "  no box is denser than the whole by more than chance (limits with quasi-p above {} are not kept)\n",
            question.prim.most_quasi_p);
    } else {
        report.text +=
            "  A cell counts once, however many replicates; quasi-p: chance of so many failures if the limit did not "
            "matter.\n";
    }
    report.tables = {std::move(boxes), std::move(peeling)};
    return report;
}

}  // namespace ytterby
