#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "experiments/analysis/sweep_results.hpp"
#include "experiments/metrics/metric_condition.hpp"
#include "statistics/factorial_effects.hpp"
#include "statistics/fractional_effects.hpp"
#include "statistics/morris.hpp"
#include "statistics/prim.hpp"
#include "statistics/sobol_indices.hpp"

namespace ytterby {

/// The class of a sweep's design, which decides on the analyses that it allows.
enum class DesignClass : std::uint8_t { full_two_level, part_of_two_level, saltelli, morris, other };
DesignClass kind_of(const SweepResults& results);

/// What to do with holes in a design that must be whole.
enum class Holes : std::uint8_t {
    refuse,
    whole_replicates_only,  // leave out, in all cells, replicates in which any cell has a hole
};

/// A metric without holes: [cell][replicate].
struct WholeMetric {
    std::vector<double> values;
    std::size_t replicates = 0;
    std::size_t left_out = 0;  // replicates
    std::size_t equal = 0;     // replicates that were equal to the bit in every cell, of which one is kept; else 0
};

/// The values of a metric in every cell. Replicates that are equal to the bit in every cell are one observation. Holes
/// that are not allowed are an InputError that names the first.
WholeMetric whole_metric(const SweepResults& results, std::size_t metric, Holes holes);

/// A two-level plan: which levers are on in which cell.
struct TwoLevelLayout {
    std::vector<std::string> levers;   // factors that have two levels
    std::vector<std::string> off, on;  // names of their levels
    std::vector<std::uint64_t> masks;  // one a cell
    bool is_full = false;
};

/// Reads a two-level plan; other designs are an InputError.
TwoLevelLayout two_level_layout(const SweepResults& results);
/// The values by mask, of a full factorial; a fraction is an InputError.
FactorialResponse factorial_response(const TwoLevelLayout& layout, const WholeMetric& metric);
FractionResponse fraction_response(const TwoLevelLayout& layout, const WholeMetric& metric);

/// Means over replicates in the blocks of a Saltelli design; another design, or one with a block missing, is an
/// InputError.
SaltelliResponse saltelli_response(const SweepResults& results, const WholeMetric& metric);

/// Elementary effects of a Morris design, in units of a factor's whole range; another design is an InputError.
std::vector<ElementaryEffect> elementary_effects(const SweepResults& results, const WholeMetric& metric);

/// Cells as points, with the share of their runs that meet a condition; cells without a known answer are left out.
struct DiscoveryLayout {
    DiscoveryPoints points;
    std::vector<std::vector<std::string>> levels;  // [factor]: names of its numbered levels; empty where it is ordered
    std::size_t left_out = 0;                      // cells
    double failing_runs = 0.0, known_runs = 0.0;
};
DiscoveryLayout discovery_layout(const SweepResults& results, const MetricCondition& fails);

}  // namespace ytterby
