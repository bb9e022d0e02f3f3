#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/digest.hpp"
#include "experiments/design/sweep_design.hpp"
#include "simulation/calibration/scenario_family.hpp"
#include "simulation/scenario/scenario.hpp"

namespace ytterby {

/// All runs of a design: a row for each cell and replicate, with the identity of its run. Rows that amount to the same
/// run, such as levels of a parameter of a measure that is taken out, share it.
class SweepPlan {
public:
    /// Lays the design out and checks every cell against the scenario; all problems are thrown as one InputError that
    /// names the design file and line.
    using OnCell = std::function<void(std::size_t checked, std::size_t cells)>;
    SweepPlan(
        SweepDesign design, const ScenarioFamily& family, const OnCell& on_cell = [](std::size_t, std::size_t) {});

    /// What is known of a cell before it is run.
    struct CellFacts {
        std::int64_t ticks = 0;
        std::size_t first_of_tables = 0;  // the first cell that reads the same data folder and base year
        bool draws_in_time = false;       // it has noise or deals
    };
    const CellFacts& facts(std::size_t cell) const { return facts_[cell]; }

    const SweepDesign& design() const { return design_; }
    const PointSet& cells() const { return cells_; }
    std::size_t rows() const { return cells_.points * design_.replicates; }
    std::size_t cell_of(std::size_t row) const { return row / design_.replicates; }
    std::uint32_t replicate_of(std::size_t row) const { return static_cast<std::uint32_t>(row % design_.replicates); }
    const Fingerprint& run_of(std::size_t row) const { return runs_[row]; }
    std::string run_id(std::size_t row) const { return runs_[row].hex(); }
    /// Overrides of the scenario for a row's run.
    std::vector<std::string> overrides(std::size_t row) const;

    /// The header and a row of plan.csv.
    std::string header_line() const;
    std::string line(std::size_t row) const;

    /// Fingerprint of the plan, the metrics, the files read and the program. Results of two sweeps may be merged when
    /// it is the same.
    const std::string& identity() const { return identity_; }

    /// Fingerprint of the bytes of plan.csv.
    const std::string& file_digest() const { return file_digest_; }

private:
    std::vector<std::string> settings(std::size_t cell) const;
    void check_cell(const ScenarioFamily& family, std::size_t cell, Problems& problems);
    void find_whole_number_keys(const ScenarioFamily& family);
    std::uint64_t replicate_number(std::size_t row) const;

    SweepDesign design_;
    PointSet cells_;
    std::vector<Fingerprint> runs_;
    std::vector<CellFacts> facts_;
    std::map<std::pair<std::string, int>, std::size_t>
        cell_of_tables_;  // the first that reads a data folder at a base year
    std::uint32_t base_replicate_ = 0;
    std::string identity_;
    std::string file_digest_;
};

}  // namespace ytterby
