#pragma once

#include <filesystem>
#include <string>

#include "report/patterns/patterns.hpp"

namespace ytterby {

/// What a run prints at its end: prices, supply, reliance, import sources and distance beside the data, for a terminal
/// of 100 columns.
std::string patterns_digest(const Scenario& scenario, const Simulation& simulation, const Patterns& patterns);

/// The long form, as Markdown: every producer, origin and good.
std::string patterns_markdown(const Scenario& scenario, const Simulation& simulation, const Patterns& patterns);

/// The same figures, tidy: pattern, item, detail, model, data, unit, note.
std::string patterns_csv(const Patterns& patterns);

/// Writes `patterns.md` and `patterns.csv` into the folder of a run.
void write_patterns(const Scenario& scenario, const Simulation& simulation, const Patterns& patterns,
                    const std::filesystem::path& folder);

/// Estimates of the literature beside which the distance elasticity is shown
/// (tests/refcases/gravity_stylised_facts.json; from memory, no source at hand).
struct DistanceLiterature {
    double mean = -0.9;  // Disdier and Head 2008, 1467 estimates
    double low = -1.55;  // their middle 90 %
    double high = -0.28;
    double structural = -1.1;  // Head and Mayer 2014, table 4
};

/// Whether each pattern is an input of the model or a result.
struct PatternOrigin {
    static constexpr const char* prices = "base year is an input, differences are results";
    static constexpr const char* supply = "base year is an input, differences are results";
    static constexpr const char* reliance = "base-year US output and consumption are inputs";
    static constexpr const char* sources = "anchored by calibration at the base date";
    static constexpr const char* distance =
        "largely an input: the seeds of the base flows fall with distance to the power -1";
    static constexpr const char* yttrium = "base-year consumption is an input, later years are results";
};

}  // namespace ytterby
