#include "policies/policy.hpp"

#include <utility>

#include "core/check.hpp"

namespace ytterby {

const std::vector<double>* PolicyView::recall(std::string_view series) const {
    const auto found = memory.find(series);
    return found == memory.end() ? nullptr : &found->second;
}

const std::vector<double>* PolicyView::recall(std::string_view series, std::size_t size) const {
    const std::vector<double>* const known = recall(series);
    return known != nullptr && known->size() == size ? known : nullptr;
}

std::size_t remembered_index(double number, std::size_t count) {
    ensure(number >= 0.0 && number < static_cast<double>(count), "an index in a policy's memory is within its list");
    return static_cast<std::size_t>(number);
}

namespace {

SubjectNames names_for_log(const Economy& economy) {
    SubjectNames names;
    for (const Country& country : economy.countries) {
        names.countries.push_back(country.code);
    }
    for (const Good& good : economy.goods) {
        names.goods.push_back(good.name);
    }
    for (const Process& process : economy.processes) {
        names.processes.push_back(process.name);
    }
    return names;
}

}  // namespace

Regime govern(const Economy& economy, const World& world, const Calendar& calendar, const Policies& policies) {
    Regime regime(economy.countries.size(), economy.goods.size());
    regime.set_names(names_for_log(economy));
    static const PolicyMemory nothing;
    for (const auto& policy : policies) {
        const auto memory = world.memory.find(policy->name());
        regime.begin_policy(policy->name());
        policy->apply({economy, world, calendar, memory == world.memory.end() ? nothing : memory->second}, regime);
    }
    regime.settle_order();
    return regime;
}

void commit_memories(const PolicyMemories& memories, World& world) {
    for (const auto& [name, memory] : memories) {
        world.memory[name] = memory;
    }
}

}  // namespace ytterby
