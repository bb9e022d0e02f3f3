#pragma once

#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/names.hpp"

namespace ytterby {

/// The plants that a subsidy is for, given as stages (mining, recovery, refining, recycling) or names of processes.
class SubsidyPlants {
public:
    void set(WrittenNames names) { written_ = std::move(names); }
    /// Adds a problem for each name that is neither a stage nor a process of the data.
    void resolve(const Names& names, Problems& problems) const;
    /// The processes of these plants, in order of ids; without names all processes of plants.
    std::vector<ProcessId> processes_of(const Economy& economy) const;

private:
    WrittenNames written_;
};

}  // namespace ytterby
