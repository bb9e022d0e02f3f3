#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "experiments/analysis/analysis_table.hpp"
#include "experiments/analysis/sweep_layout.hpp"
#include "experiments/analysis/sweep_results.hpp"

namespace ytterby {

/// The findings of an analysis: text for a terminal, tables and drawings.
struct AnalysisReport {
    std::string text;
    std::vector<AnalysisTable> tables;
    std::vector<std::pair<std::string, std::string>> drawings;  // file name, SVG
};

/// What the analyses of a sweep are to answer.
struct AnalysisQuestion {
    std::vector<std::size_t> metrics;    // numbers of the metrics to look at
    std::vector<bool> is_better_higher;  // one for each metric of the sweep
    double level = 0.95;
    Correction correction = Correction::holm;
    Holes holes = Holes::refuse;
    BootstrapQuestion bootstrap;
    PrimQuestion prim;
    std::string fails;   // for discovery: a condition on metrics
    std::string budget;  // for trade-offs: metric or numeric factor that is the cost; empty: none
    std::string until;   // for convergence: a rule; empty: none
};

/// Effects, synergies, complements and substitutes from a two-level design, full or of resolution V.
AnalysisReport report_interactions(const SweepResults& results, const AnalysisQuestion& question);
/// Shapley values of the levers from a full two-level design.
AnalysisReport report_attribution(const SweepResults& results, const AnalysisQuestion& question);
/// Sobol' indices from a Saltelli design, elementary effects from a Morris design.
AnalysisReport report_sensitivity(const SweepResults& results, const AnalysisQuestion& question);
/// Boxes of factors in which a condition on metrics holds.
AnalysisReport report_discovery(const SweepResults& results, const AnalysisQuestion& question);
/// The Pareto set over the metrics, and the cheapest mix for each level when there is a budget.
AnalysisReport report_tradeoffs(const SweepResults& results, const AnalysisQuestion& question);
/// Widths of intervals against replicates, and the answer of a stopping rule.
AnalysisReport report_convergence(const SweepResults& results, const AnalysisQuestion& question);

/// A number to three digits, with its sign: "-4.1"; "-" for NaN.
std::string signed_text(double value);
/// The same without a sign for positive numbers.
std::string short_text(double value);
/// "-4.1 (95 %: -4.5 to -3.7)"; "-4.1 (95 %: -)" where there is no interval.
std::string estimate_text(const Estimate& estimate, double level);
/// The level as "95 %".
std::string level_text(double level);
/// "30 replicates" or "1 replicate, so no intervals and nothing is decided", how many were left out, and whether they
/// are equal.
std::string replicates_text(const WholeMetric& metric);

}  // namespace ytterby
