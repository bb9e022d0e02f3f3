#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ytterby {

/// A column of a sweep's plan: a factor, or a role of cells in the design.
struct PlanColumn {
    std::string name;
    std::vector<std::string> levels;  // as written, one a cell
    bool is_uncertainty = false;      // in the design that the folder keeps
    std::string design_values = {};   // of the design: "off, on", "uniform(0, 1)"; empty where they are not known
};

/// A metric of a sweep: [cell][replicate], NaN where a run failed, was not run, or has no number.
struct SweepMetric {
    std::string name;
    std::vector<double> values;
};

/// How many runs a sweep planned and what became of them.
struct SweepCounts {
    std::size_t planned = 0, ok = 0, failed = 0;
    std::size_t spared = 0;  // not needed by the stopping rule
};

/// A factor and the level at which it is fixed: cells with other levels are left out.
using FixedLevel = std::pair<std::string, std::string>;

/// The plan and the metrics in a sweep's folder.
struct SweepResults {
    std::string folder;
    std::vector<std::string> cells;
    std::vector<std::string> replicates;  // without those that the stopping rule spared in every cell
    std::vector<PlanColumn> factors;      // without those that are fixed
    std::vector<PlanColumn> roles;        // columns "part", "saltelli_..." and "morris_..."
    std::vector<SweepMetric> metrics;
    SweepCounts counts;
    std::string first_failure;  // "cell 3, replicate 2: error"

    std::vector<std::string> metric_names() const;
    std::vector<std::string> factor_names() const;
    /// The role of this name, or null.
    const PlanColumn* role(std::string_view name) const;
    double value(std::size_t metric, std::size_t cell, std::size_t replicate) const {
        return metrics[metric].values[cell * replicates.size() + replicate];
    }
};

/// Reads plan.csv and results.csv of a sweep's folder. Throws InputError where one is missing or they do not match.
SweepResults read_sweep(const std::string& folder, const std::vector<FixedLevel>& fixed = {});

/// The levels of a factor, each once: numbers rising, "off" before "on" and "false" before "true", else as the design
/// lists them, or as they come where it is not known.
std::vector<std::string> levels_in_order(const PlanColumn& factor);

/// How much of its range a factor travels between two levels, 0 to 1: the range of the design, or where that is not
/// known or has no ends, that of the plan. Listed levels that are no numbers are evenly spaced.
double share_of_range(const PlanColumn& factor, const std::string& from, const std::string& to);

/// Whether all levels of a factor are numbers.
bool is_numeric(const PlanColumn& factor);

/// Means over the replicates that have a value, one a cell; NaN where none has.
std::vector<double> cell_means(const SweepResults& results, std::size_t metric);

/// "4088 of 4096 planned runs are ok (8 failed, 0 not run)", as every summary begins; spared runs are counted
/// separately.
std::string counts_text(const SweepCounts& counts);

}  // namespace ytterby
