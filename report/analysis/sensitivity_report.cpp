#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "report/analysis/analysis_report.hpp"
#include "report/plots/svg_bars.hpp"

namespace ytterby {
namespace {

constexpr std::size_t most_levers = 12;

std::vector<std::size_t> falling(const std::vector<double>& sizes) {
    std::vector<std::size_t> order(sizes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t one, std::size_t other) { return sizes[one] > sizes[other]; });
    return order;
}

std::string index_text(const SobolIndex& index) {
    return fmt::format("{} ({} to {})", short_text(index.value), short_text(index.low), short_text(index.high));
}

/// The effect of the factor with the largest total index. It is said to matter most only where its interval does not
/// overlap that of the next one.
std::string largest_text(const std::vector<std::string>& names, const SobolIndices& found,
                         const std::vector<std::size_t>& order) {
    const std::size_t largest = order.front();
    std::string text = "  " + names[largest];
    if (order.size() > 1) {
        text += found.total[largest].low > found.total[order[1]].high
                    ? " matters most"
                    : " is not significantly different from " + names[order[1]];
    }
    return text + fmt::format(
                      ": fixing it takes away {:.0f} % of the variance on average; with its interactions it has a part "
                      "in {:.0f} %\n",
                      100.0 * found.first[largest].value, 100.0 * found.total[largest].value);
}

/// Rows of the table for the first-order and total index of every factor.
void add_index_rows(const std::string& metric, const std::vector<std::string>& names, const SobolIndices& found,
                    AnalysisTable& table) {
    const auto add = [&](const char* order, const std::string& name, const SobolIndex& index) {
        table.rows.push_back({metric, std::string(order), name, std::string(), index.value, index.low, index.high});
    };
    for (std::size_t factor = 0; factor < names.size(); ++factor) {
        add("first", names[factor], found.first[factor]);
        add("total", names[factor], found.total[factor]);
    }
}

/// Rows for the second-order indices, where the design gives them; returns a line for each pair that interacts.
std::string add_pair_rows(const std::string& metric, const std::vector<std::string>& names, const SobolIndices& found,
                          AnalysisTable& table) {
    std::string text;
    std::size_t pair = 0;
    for (std::size_t first = 0; !found.second.empty() && first < names.size(); ++first) {
        for (std::size_t second = first + 1; second < names.size(); ++second, ++pair) {
            const SobolIndex& index = found.second[pair];
            table.rows.push_back(
                {metric, std::string("second"), names[first], names[second], index.value, index.low, index.high});
            if (index.low > 0.0) {
                text += fmt::format("  {} and {} interact: {}\n", names[first], names[second], index_text(index));
            }
        }
    }
    return text;
}

AnalysisReport report_saltelli(const SweepResults& results, const AnalysisQuestion& question) {
    AnalysisReport report;
    AnalysisTable table{.name = "sensitivity_sobol",
                        .columns = {"metric", "order", "first", "second", "value", "low", "high"},
                        .rows = {}};
    std::vector<SvgBarPanel> panels;
    const std::vector<std::string> names = results.factor_names();
    for (const std::size_t which : question.metrics) {
        const std::string& metric = results.metrics[which].name;
        const SaltelliResponse response = saltelli_response(results, whole_metric(results, which, question.holes));
        const SobolIndices found = sobol_indices(response, question.bootstrap);
        report.text += fmt::format("\n{}: mean {}, variance {}, over {} rows of a Saltelli design\n", metric,
                                   short_text(found.mean), short_text(found.variance), response.rows());
        add_index_rows(metric, names, found, table);
        if (!(found.variance > 0.0)) {
            report.text += "  it does not vary at all\n";
            continue;
        }
        report.text += fmt::format("  {:<28} {:<24} {:<24} ({} intervals, {} bootstrap samples)\n", "", "first order",
                                   "total", level_text(question.level), question.bootstrap.resamples);
        SvgBarPanel panel{.title = metric + ": share of variance, first order (coloured) and total (grey)", .bars = {}};
        std::vector<double> totals;
        for (const SobolIndex& total : found.total) {
            totals.push_back(std::isnan(total.value) ? -1.0 : total.value);
        }
        const std::vector<std::size_t> order = falling(totals);
        for (std::size_t place = 0; place < order.size(); ++place) {
            const std::size_t factor = order[place];
            const SobolIndex& first = found.first[factor];
            const SobolIndex& total = found.total[factor];
            if (place < most_levers) {
                report.text += fmt::format("  {:<28} {:<24} {}\n", names[factor], index_text(first), index_text(total));
            }
            panel.bars.push_back({names[factor], first.value, first.low, first.high, false});
            panel.bars.push_back({"in total", total.value, total.low, total.high, true});
        }
        report.text += largest_text(names, found, order);
        report.text += add_pair_rows(metric, names, found, table);
        panels.push_back(std::move(panel));
    }
    report.tables = {std::move(table)};
    report.drawings.emplace_back(
        "sensitivity.svg",
        svg_bars("Sensitivity", "Sobol' indices with " + level_text(question.level) + " bootstrap intervals", panels));
    return report;
}

AnalysisReport report_morris(const SweepResults& results, const AnalysisQuestion& question) {
    AnalysisReport report;
    AnalysisTable table{.name = "sensitivity_morris",
                        .columns = {"metric", "factor", "mean", "mean_low", "mean_high", "mean_size", "mean_size_low",
                                    "mean_size_high", "deviation", "moves"},
                        .rows = {}};
    std::vector<SvgBarPanel> panels;
    const std::vector<std::string> names = results.factor_names();
    for (const std::size_t which : question.metrics) {
        const std::string& metric = results.metrics[which].name;
        const auto found = morris_screening(elementary_effects(results, whole_metric(results, which, question.holes)),
                                            names.size(), question.level);
        std::vector<double> sizes;
        for (std::size_t factor = 0; factor < names.size(); ++factor) {
            const MorrisScreening& one = found[factor];
            sizes.push_back(std::isnan(one.mean_size.mean) ? -1.0 : one.mean_size.mean);
            table.rows.push_back({metric, names[factor], one.mean.mean, one.mean.low(), one.mean.high(),
                                  one.mean_size.mean, one.mean_size.low(), one.mean_size.high(), one.deviation,
                                  static_cast<std::int64_t>(one.mean.observations)});
        }
        report.text += fmt::format(
            "\n{}: elementary effects, change of the metric over a factor's whole range (mu* with {} interval, mu, "
            "sigma)\n",
            metric, level_text(question.level));
        SvgBarPanel panel{.title = metric + ": mean size of elementary effects (mu*)", .bars = {}};
        const std::vector<std::size_t> order = falling(sizes);
        for (std::size_t place = 0; place < order.size(); ++place) {
            const MorrisScreening& one = found[order[place]];
            panel.bars.push_back(
                {names[order[place]], one.mean_size.mean, one.mean_size.low(), one.mean_size.high(), false});
            if (place < most_levers) {
                const double size = one.mean_size.mean;
                // Below 0.1 nearly linear, above 1 strongly bent or interacting (Garcia Sanchez et al. 2014, from
                // memory, no source at hand; assumed, 0.05-0.2 and 0.5-1).
                // One move has no spread, and so no shape.
                const char* shape = one.mean.observations == 0   ? "never moved"
                                    : one.mean.observations == 1 ? "moved once, no verdict"
                                    : !(size > 0.0)              ? "no effect"
                                    : one.deviation > size       ? "bends or interacts"
                                    : one.deviation < 0.1 * size ? "nearly linear"
                                                                 : "monotone or partly interacting";
                report.text +=
                    fmt::format("  {:<28} {} ({} to {}), {}, {}: {}\n", names[order[place]], short_text(size),
                                short_text(one.mean_size.low()), short_text(one.mean_size.high()),
                                signed_text(one.mean.mean), short_text(one.deviation), shape);
            }
        }
        panels.push_back(std::move(panel));
    }
    report.tables = {std::move(table)};
    report.drawings.emplace_back(
        "sensitivity.svg",
        svg_bars("Sensitivity", "Morris screening with " + level_text(question.level) + " intervals", panels));
    return report;
}

}  // namespace

AnalysisReport report_sensitivity(const SweepResults& results, const AnalysisQuestion& question) {
    return kind_of(results) == DesignClass::morris ? report_morris(results, question)
                                                   : report_saltelli(results, question);
}

}  // namespace ytterby
