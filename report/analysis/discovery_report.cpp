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

/// The condition that counts as failing. Throws InputError when there is none.
MetricCondition failing_condition(const AnalysisQuestion& question, const std::vector<std::string>& metrics) {
    if (question.fails.empty()) {
        throw InputError(Problem{.key = "--fails",
                                 .what = "missing",
                                 .why = "scenario discovery looks for where a condition holds",
                                 .suggestion = "give --fails \"" + metrics.front() + " > 0.5\" or the like",
                                 .where = {"--fails"}});
    }
    return MetricCondition::parse(question.fails, metrics, "--fails", {"--fails"});
}

/// The boxes that were found, as text and tables.
class BoxReport {
public:
    BoxReport(const SweepResults& results, const DiscoveryLayout& layout) : results_(results), layout_(layout) {}

    void add(const PrimResult& found) {
        ++number_;
        const PrimBox& box = found.box;
        text += fmt::format(
            "  box {}: {:.0f} % of its runs fail (density), {:.0f} % of all failures lie in it (coverage), {} cells "
            "({:.0f} % of all)\n",
            number_, 100.0 * box.density, 100.0 * box.coverage, box.points, 100.0 * box.mass);
        for (const BoxLimit& limit : box.limits) {
            add_limit(box, limit);
        }
        for (std::size_t step = 0; step < found.peeling.size(); ++step) {
            const PrimBox& peeled = found.peeling[step];
            peeling.rows.push_back({number_, static_cast<std::int64_t>(step), limits_text(peeled), peeled.coverage,
                                    peeled.density, peeled.mass, static_cast<std::int64_t>(peeled.points),
                                    std::int64_t{step == found.chosen}});
        }
    }

    std::string text;
    AnalysisTable boxes{
        .name = "discovery_boxes",
        .columns = {"box", "factor", "low", "high", "levels", "quasi_p", "coverage", "density", "mass", "cells"},
        .rows = {}};
    AnalysisTable peeling{.name = "discovery_peeling",
                          .columns = {"box", "step", "limits", "coverage", "density", "mass", "cells", "is_chosen"},
                          .rows = {}};

private:
    std::string text_of(const BoxLimit& limit) const {
        return limit_text(limit, results_.factors[limit.factor].name, layout_.levels[limit.factor]);
    }

    std::string limits_text(const PrimBox& box) const {
        std::string limits;
        for (const BoxLimit& limit : box.limits) {
            limits += (limits.empty() ? "" : "; ") + text_of(limit);
        }
        return limits;
    }

    void add_limit(const PrimBox& box, const BoxLimit& limit) {
        const std::vector<std::string>& levels = layout_.levels[limit.factor];
        std::string kept;
        for (std::size_t level = 0; !levels.empty() && level < limit.levels.size(); ++level) {
            kept += (level > 0 ? " " : "") + levels[static_cast<std::size_t>(limit.levels[level])];
        }
        text += fmt::format("    {} (quasi-p {})\n", text_of(limit),
                            limit.quasi_p < 1e-4 ? "< 0.0001" : fmt::format("{:.2g}", limit.quasi_p));
        boxes.rows.push_back({number_, results_.factors[limit.factor].name, limit.low, limit.high, kept, limit.quasi_p,
                              box.coverage, box.density, box.mass, static_cast<std::int64_t>(box.points)});
    }

    const SweepResults& results_;
    const DiscoveryLayout& layout_;
    std::int64_t number_ = 0;
};

}  // namespace

AnalysisReport report_discovery(const SweepResults& results, const AnalysisQuestion& question) {
    const MetricCondition fails = failing_condition(question, results.metric_names());
    const DiscoveryLayout layout = discovery_layout(results, fails);
    const double share = ratio_or(layout.failing_runs, layout.known_runs, 0.0);
    BoxReport found(results, layout);
    found.text =
        fmt::format("\n\"{}\" holds in {:.0f} of {:.0f} runs ({:.1f} %), over {} cells{}\n", fails.text(),
                    layout.failing_runs, layout.known_runs, 100.0 * share, layout.points.points(),
                    layout.left_out > 0 ? fmt::format(" ({} cells without a result left out)", layout.left_out) : "");
    if (layout.points.points() == 0 || share == 0.0) {
        found.text += "  it never does, so there is no box to look for\n";
    } else if (share == 1.0) {
        found.text += "  it always does, so no factor decides\n";
    } else {
        const std::vector<PrimResult> boxes = find_boxes(layout.points, question.prim);
        for (const PrimResult& box : boxes) {
            found.add(box);
        }
        found.text += boxes.empty() ? fmt::format(
                                          "  no box is denser than the whole by more than chance (limits with "
                                          "quasi-p above {} are not kept)\n",
                                          question.prim.most_quasi_p)
                                    : "  A cell counts once, however many replicates; quasi-p: chance of so many "
                                      "failures if the limit did not matter.\n";
    }
    return {
        .text = std::move(found.text), .tables = {std::move(found.boxes), std::move(found.peeling)}, .drawings = {}};
}

}  // namespace ytterby
