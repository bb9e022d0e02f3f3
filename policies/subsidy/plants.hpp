#pragma once

#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/names.hpp"

namespace ytterby {

/// Which plants a subsidy is for: words for stages (mining, recovery, refining, recycling) or names of processes.
class SubsidyPlants {
public:
    void set(WrittenNames words) { words_ = std::move(words); }
    /// Adds a problem for each word that is neither a stage nor a process of the data.
    void resolve(const Names& names, Problems& problems) const;
    /// The processes meant, in order; without words all that plants run.
    std::vector<ProcessId> processes_of(const Economy& economy) const;

private:
    WrittenNames words_;
};

}  // namespace ytterby
