#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "simulation/scenario/scenario.hpp"

namespace ytterby {

/// Scenarios of one file that differ in a few keys. They share the file, its tables and the balanced base state.
class ScenarioFamily {
public:
    /// Reads the file with overrides common to all members; an unreadable file throws InputError.
    ScenarioFamily(std::string path, std::vector<std::string> overrides);

    /// One scenario with further overrides, equal to that of `load_scenario`; problems count these overrides from 1.
    Scenario member(const std::vector<std::string>& overrides) const;
    /// The same, checked but without its tables: cheap, so that many can be checked.
    Scenario outline(const std::vector<std::string>& overrides, Problems& problems) const;

    const std::string& path() const { return path_; }
    const ConfigDocument& document() const { return document_; }

private:
    /// The tables of one base year, and the balanced base state once a member has needed it.
    struct Shared {
        std::shared_ptr<const ScenarioTables> tables;
        std::shared_ptr<const BaseState> balanced;
    };
    /// The tables of a folder and base year, read once. Tables with problems are not kept.
    std::shared_ptr<const ScenarioTables> tables(const std::string& folder, int base_year, Problems& problems) const;
    Scenario read(const std::vector<std::string>& overrides, Problems& problems) const;

    std::string path_;
    Problems common_problems_;
    ConfigDocument document_;
    mutable std::map<std::pair<std::string, int>, Shared> shared_;  // by data folder and base year
};

}  // namespace ytterby
