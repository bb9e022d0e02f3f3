#include "policies/subsidy/plants.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/config/diagnostics.hpp"

namespace ytterby {
namespace {

constexpr std::array<std::string_view, 4> stages{"mining", "recovery", "refining", "recycling"};

/// The stage that a process is.
std::string_view stage_of(const Process& process) {
    if (process.recycles) {
        return "recycling";
    }
    if (process.kind == FirmKind::refiner) {
        return "refining";
    }
    const bool refined = process.name.find("recovery") != std::string::npos;
    return refined ? "recovery" : "mining";
}

}  // namespace

void SubsidyPlants::resolve(const Names& names, Problems& problems) const {
    std::vector<std::string> known(stages.begin(), stages.end());
    known.insert(known.end(), names.processes.begin(), names.processes.end());
    for (const std::string& word : words_.words) {
        if (word != "*" && std::find(known.begin(), known.end(), word) == known.end()) {
            problems.add({.key = words_.key,
                          .what = "unknown process '" + word + "'",
                          .why = "plants are meant by mining, recovery, refining, recycling, or a process of the data",
                          .suggestion = suggest_name(word, known),
                          .where = words_.where});
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
        const bool meant =
            words_.words.empty() || std::any_of(words_.words.begin(), words_.words.end(), [&](const std::string& word) {
                return word == "*" || word == process.name || word == stage_of(process);
            });
        if (meant) {
            found.push_back(id_at<ProcessId>(index));
        }
    }
    return found;
}

}  // namespace ytterby
