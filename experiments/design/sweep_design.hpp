#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/keys.hpp"
#include "experiments/design/factor.hpp"
#include "experiments/metrics/metric.hpp"
#include "statistics/point_sets.hpp"

namespace ytterby {

/// A way to lay cells out.
struct DesignKind {
    const char* name;
    const char* meaning;
    bool is_of_parts;  // made of [[part]] blocks
};
const std::vector<DesignKind>& design_kinds();

/// How cells are laid out over all or some of the factors.
struct DesignPart {
    std::string name;
    std::string kind = "full_factorial";
    std::vector<std::string> factors;  // empty = all
    std::uint32_t samples = 0;
    std::uint32_t trajectories = 10;
    std::uint32_t levels = 4;
    std::uint32_t seed = 1;
    bool second_order = true;
    std::string file;                // of a table, relative to the working folder
    std::vector<std::string> parts;  // of a product or union
    SourceLocation where;
};

/// A design file: uncertainties, levers and metrics (of XLRM, where R is the model), and which cells are run.
struct SweepDesign {
    std::string path;
    std::string title, purpose;
    std::string scenario;                // relative to the working folder
    std::vector<std::string> set;        // overrides of every run
    std::uint32_t replicates = 1;        // of each cell; with a stopping rule the most
    std::string until;                   // the rule; empty = none
    std::uint32_t least_replicates = 1;  // with a rule
    bool common_random_numbers = true;
    std::vector<Factor> factors;  // in the order of the file
    std::vector<MetricKeys> metrics;
    DesignPart main;
    std::map<std::string, DesignPart> parts;
    std::vector<std::string> files;
    KeyRecord record;
    SourceLocation replicates_where, until_where, scenario_where;
};

/// Reads a design file. All problems with its form, and with its meaning as far as that can be checked without the
/// scenario, are thrown as one InputError.
SweepDesign read_design(const std::string& path);

/// The cells of a design, in the order of its factors. A table that does not fit is thrown as an InputError.
PointSet lay_out(const SweepDesign& design);

/// The setting of a factor in a cell: TOML, or "off" and "on" of a switch.
std::string setting(const SweepDesign& design, const PointSet& cells, std::size_t cell, std::size_t factor);

/// Whether a name may be that of a column of the tables: lower-case letters, digits and _, no digit first.
bool is_column_name(std::string_view name);

/// Every key that a design file may have.
KeyRecord describe_design();

}  // namespace ytterby
