#include "policies/policy.hpp"

#include <utility>

#include "agents/world/definitions.hpp"
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

double PolicyView::unmet_share(CountryId country, GoodId good) const {
    // Needs are first counted at the end of tick 0.
    const double need = world.nodes.need[node(country, good)];
    return tick() == 0 || need <= 0.0 ? 0.0 : unmet_need(need, world.nodes.consumption[node(country, good)]) / need;
}

double PolicyView::reserve_of(std::string_view policy, CountryId country, GoodId good) const {
    const auto found = world.stockpiles.find(policy);
    return found == world.stockpiles.end() ? 0.0 : found->second[node(country, good)];
}

double PolicyView::tonnes_of_days(CountryId country, GoodId good, double days) const {
    return world.nodes.need[node(country, good)] * calendar.ticks_of_days(days);
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

/// The series of a policy's memory that holds the state of its schedule: stage and tick of its beginning.
const std::string schedule_series = "schedule";

PolicySchedule::State remembered_state(const PolicyMemory& memory) {
    const auto found = memory.find(schedule_series);
    if (found == memory.end() || found->second.size() != 2) {
        return {};
    }
    return {static_cast<PolicySchedule::Stage>(remembered_index(found->second[0], PolicySchedule::stages)),
            static_cast<std::int64_t>(found->second[1])};
}

}  // namespace

Regime govern(const Economy& economy, const World& world, const Calendar& calendar, const Policies& policies) {
    Regime regime(economy.countries.size(), economy.goods.size());
    regime.set_names(names_for_log(economy));
    static const PolicyMemory nothing;
    for (const auto& policy : policies) {
        const auto found = world.memory.find(policy->name());
        const PolicyMemory& before = found == world.memory.end() ? nothing : found->second;
        regime.begin_policy(policy->name());
        const PolicySchedule& schedule = policy->schedule();
        const PolicySchedule::State state = schedule.step(economy, world, remembered_state(before));
        const PolicyView view{economy,
                              world,
                              calendar,
                              before,
                              state.in_force() ? std::optional(state.since) : std::nullopt,
                              schedule.part_out_of_force(world.tick),
                              schedule.late_start()};
        PolicyMemory memory;
        if (state.in_force() || policy->acts_out_of_force(view)) {
            memory = before;
            policy->apply(view, memory, regime);
        }
        memory.erase(schedule_series);
        if (schedule.has_conditions() && state.stage != PolicySchedule::Stage::awaited) {
            memory[schedule_series] = {static_cast<double>(state.stage), static_cast<double>(state.since)};
        }
        if (!memory.empty() || !before.empty()) {
            regime.remember(std::move(memory));
        }
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
