#include "policies/subsidy/plants.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/config/diagnostics.hpp"

namespace ytterby {
namespace {

constexpr std::array<std::string_view, 4> stages{"mining", "recovery", "refining", "recycling"};

/// The stage of a process.
std::string_view stage_of(const Process& process) {
    if (process.recycles) {
        return "recycling";
    }
    if (process.kind == FirmKind::refiner) {
        return "refining";
    }
    const bool recovers = process.name.find("recovery") != std::string::npos;
    return recovers ? "recovery" : "mining";
}

}  // namespace

void SubsidyPlants::resolve(const Names& names, Problems& problems) const {
    std::vector<std::string> known(stages.begin(), stages.end());
    known.insert(known.end(), names.processes.begin(), names.processes.end());
    for (const std::string& name : written_.words) {
        if (name != "*" && std::find(known.begin(), known.end(), name) == known.end()) {
            problems.add({.key = written_.key,
                          .what = "unknown process '" + name + "'",
                          .why = "write mining, recovery, refining, recycling, or a process of the data",
                          .suggestion = suggest_name(name, known),
                          .where = written_.where});
        }
    }
}

std::vector<ProcessId> SubsidyPlants::processes_of(const Economy& economy) const {
    std::vector<ProcessId> found;
    for (std::size_t index = 0; index < economy.processes.size(); ++index) {
        const Process& process = economy.processes[index];
        if (process.kind != FirmKind::miner && process.kind != FirmKind::refiner) {
            continue;
        }
        const std::vector<std::string>& names = written_.words;
        const bool is_named = names.empty() || std::any_of(names.begin(), names.end(), [&](const std::string& name) {
                                  return name == "*" || name == process.name || name == stage_of(process);
                              });
        if (is_named) {
            found.push_back(id_at<ProcessId>(index));
        }
    }
    return found;
}

}  // namespace ytterby
