#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "simulation/scenario/scenario.hpp"

namespace ytterby {

/// Scenarios of one file that differ in a few keys: the file, its tables and their balance are read once and shared.
class ScenarioFamily {
public:
    /// Reads the file with overrides that hold for all; unreadable files throw InputError.
    ScenarioFamily(std::string path, std::vector<std::string> overrides);

    /// One scenario, as `load_scenario` gives it, with further overrides; `where` of its problems counts these from 1.
    Scenario member(const std::vector<std::string>& overrides) const;
    /// The same without its tables, checked; cheap enough for many.
    Scenario outline(const std::vector<std::string>& overrides, Problems& problems) const;

    const std::string& path() const { return path_; }
    const ConfigDocument& document() const { return document_; }

private:
    /// The tables of one base year, and the balanced base state once a member is to be run.
    struct Shelf {
        std::shared_ptr<const ScenarioTables> tables;
        std::shared_ptr<const BaseState> balanced;
    };
    /// The tables of a folder and base year, read once; tables with problems are not kept.
    std::shared_ptr<const ScenarioTables> tables(const std::string& folder, int base_year, Problems& problems) const;
    Scenario read(const std::vector<std::string>& overrides, Problems& problems) const;

    std::string path_;
    Problems common_problems_;
    ConfigDocument document_;
    mutable std::map<std::pair<std::string, int>, Shelf> shelves_;
};

}  // namespace ytterby
