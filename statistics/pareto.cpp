#include "statistics/pareto.hpp"

#include <algorithm>
#include <cmath>

namespace ytterby {
namespace {

bool dominates(const ObjectiveTable& table, std::size_t one, std::size_t other) {
    bool is_better = false;
    for (std::size_t objective = 0; objective < table.objectives; ++objective) {
        if (table.at(one, objective) > table.at(other, objective)) {
            return false;
        }
        is_better = is_better || table.at(one, objective) < table.at(other, objective);
    }
    return is_better;
}

std::vector<std::size_t> whole_mixes(const ObjectiveTable& table) {
    std::vector<std::size_t> mixes;
    for (std::size_t mix = 0; mix < table.mixes(); ++mix) {
        bool is_whole = true;
        for (std::size_t objective = 0; objective < table.objectives; ++objective) {
            is_whole = is_whole && !std::isnan(table.at(mix, objective));
        }
        if (is_whole) {
            mixes.push_back(mix);
        }
    }
    return mixes;
}

}  // namespace

std::vector<std::size_t> pareto_set(const ObjectiveTable& table) {
    std::vector<std::size_t> order = whole_mixes(table);
    // In lexicographic order nothing is dominated by what follows, so each mix need only be compared with the set so
    // far.
    std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
        for (std::size_t objective = 0; objective < table.objectives; ++objective) {
            if (table.at(one, objective) != table.at(other, objective)) {
                return table.at(one, objective) < table.at(other, objective);
            }
        }
        return false;
    });
    std::vector<std::size_t> set;
    for (const std::size_t mix : order) {
        if (std::none_of(set.begin(), set.end(), [&](std::size_t better) { return dominates(table, better, mix); })) {
            set.push_back(mix);
        }
    }
    std::sort(set.begin(), set.end());
    return set;
}

std::vector<FrontierStep> cheapest_mixes(const ObjectiveTable& table, std::size_t budget, std::size_t objective) {
    std::vector<std::size_t> order;
    for (std::size_t mix = 0; mix < table.mixes(); ++mix) {
        if (!std::isnan(table.at(mix, budget)) && !std::isnan(table.at(mix, objective))) {
            order.push_back(mix);
        }
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
        return table.at(one, budget) != table.at(other, budget) ? table.at(one, budget) < table.at(other, budget)
                                                                : table.at(one, objective) < table.at(other, objective);
    });
    std::vector<FrontierStep> steps;
    for (const std::size_t mix : order) {
        if (steps.empty() || table.at(mix, objective) < steps.back().reached) {
            steps.push_back({mix, table.at(mix, budget), table.at(mix, objective)});
        }
    }
    return steps;
}

}  // namespace ytterby
