#pragma once

#include <cstddef>
#include <vector>

namespace ytterby {

/// Objectives of policy mixes, all to be minimised (change the sign of those to be maximised): [mix][objective].
struct ObjectiveTable {
    std::size_t objectives = 0;
    std::vector<double> values;

    std::size_t mixes() const { return objectives == 0 ? 0 : values.size() / objectives; }
    double at(std::size_t mix, std::size_t objective) const { return values[mix * objectives + objective]; }
};

/// The mixes that no other dominates (is as good in everything and better in something), in their order. Mixes with a
/// NaN are left out; of mixes equal in everything all are kept.
std::vector<std::size_t> pareto_set(const ObjectiveTable& table);

/// A step of the frontier between a budget and one objective: from this budget on, this value can be reached.
struct FrontierStep {
    std::size_t mix = 0;
    double budget = 0.0;
    double reached = 0.0;
};

/// The cheapest mix for each level of an objective that can be reached: steps of rising budget and falling objective.
std::vector<FrontierStep> cheapest_mixes(const ObjectiveTable& table, std::size_t budget, std::size_t objective);

}  // namespace ytterby
