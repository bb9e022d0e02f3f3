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

Regime govern(const Economy& economy, const World& world, const Calendar& calendar, const Policies& policies) {
    Regime regime(economy.countries.size(), economy.goods.size());
    std::vector<std::string> countries;
    std::vector<std::string> goods;
    std::vector<std::string> processes;
    countries.reserve(economy.countries.size());
    goods.reserve(economy.goods.size());
    processes.reserve(economy.processes.size());
    for (const Country& country : economy.countries) {
        countries.push_back(country.code);
    }
    for (const Good& good : economy.goods) {
        goods.push_back(good.name);
    }
    for (const Process& process : economy.processes) {
        processes.push_back(process.name);
    }
    regime.name_things(std::move(countries), std::move(goods), std::move(processes));
    static const PolicyMemory nothing;
    for (const auto& policy : policies) {
        const auto memory = world.memory.find(policy->name());
        regime.begin_policy(policy->name());
        policy->apply({economy, world, calendar, memory == world.memory.end() ? nothing : memory->second}, regime);
    }
    regime.settle_order();
    return regime;
}

void commit_memories(const Regime& regime, World& world) {
    for (const auto& [name, memory] : regime.memories()) {
        world.memory[name] = memory;
    }
}

}  // namespace ytterby
