#include "experiments/analysis/sweep_layout.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "core/check.hpp"
#include "core/config/diagnostics.hpp"
#include "core/maths.hpp"
#include "core/number_text.hpp"

namespace ytterby {
namespace {

[[noreturn]] void refuse(const SweepResults& results, std::string what, std::string why, std::string suggestion) {
    throw InputError(Problem{.what = std::move(what),
                             .why = std::move(why),
                             .suggestion = std::move(suggestion),
                             .where = {.file = results.folder}});
}

/// Names the design in messages that it is of the wrong kind.
std::string design_text(const SweepResults& results) {
    switch (kind_of(results)) {
        case DesignClass::saltelli:
            return "this is a Saltelli design";
        case DesignClass::morris:
            return "this is a Morris design";
        case DesignClass::full_two_level:
            return "this is a full two-level factorial";
        case DesignClass::part_of_two_level:
            return "this is a part of a two-level factorial";
        case DesignClass::other:
            break;
    }
    return "this design is neither two-level, Saltelli nor Morris";
}

std::vector<double> means_over_replicates(const WholeMetric& metric) {
    std::vector<double> means;
    for (std::size_t first = 0; first < metric.values.size(); first += metric.replicates) {
        means.push_back(sum_of({metric.values.data() + first, metric.replicates}) /
                        static_cast<double>(metric.replicates));
    }
    return means;
}

/// Keeps one replicate where all are equal in every cell.
void keep_one_of_equal(WholeMetric& metric) {
    const std::size_t replicates = metric.replicates;
    for (std::size_t at = 0; at < metric.values.size(); ++at) {
        if (metric.values[at] != metric.values[at - at % replicates]) {
            return;
        }
    }
    if (replicates < 2) {
        return;
    }
    std::vector<double> one;
    for (std::size_t at = 0; at < metric.values.size(); at += replicates) {
        one.push_back(metric.values[at]);
    }
    metric.values = std::move(one);
    metric.equal = std::exchange(metric.replicates, std::size_t{1});
}

std::vector<std::uint64_t> masks_of(const SweepResults& results, const TwoLevelLayout& layout) {
    std::vector<std::uint64_t> masks(results.cells.size(), 0);
    std::size_t lever = 0;
    for (const PlanColumn& factor : results.factors) {
        if (lever == layout.levers.size() || factor.name != layout.levers[lever]) {
            continue;
        }
        for (std::size_t cell = 0; cell < masks.size(); ++cell) {
            masks[cell] |= std::uint64_t{factor.levels[cell] == layout.on[lever] ? 1U : 0U} << lever;
        }
        ++lever;
    }
    return masks;
}

/// The number of the trajectory, step or row that a cell has in the design.
std::int64_t number_of(const SweepResults& results, const PlanColumn& role, std::size_t cell) {
    double value = 0.0;
    if (!read_number(role.levels[cell], value)) {
        refuse(results, "cell " + results.cells[cell] + " has '" + role.levels[cell] + "' as " + role.name,
               "it is a number", "choose the part of the design with --where part=NAME");
    }
    return static_cast<std::int64_t>(value);
}

/// Refuses a design of which several cells have the same place, because it was multiplied by other factors.
[[noreturn]] void refuse_product(const SweepResults& results, std::size_t cell, const std::string& what) {
    refuse(results, "cell " + results.cells[cell] + ": " + what,
           "the design was multiplied by other factors, and an analysis is of one setting of those",
           "choose the setting with --where FACTOR=LEVEL");
}

}  // namespace

DesignClass kind_of(const SweepResults& results) {
    if (results.role("saltelli_block") != nullptr) {
        return DesignClass::saltelli;
    }
    if (results.role("morris_trajectory") != nullptr) {
        return DesignClass::morris;
    }
    std::size_t levers = 0;
    for (const PlanColumn& factor : results.factors) {
        const std::size_t levels = levels_in_order(factor).size();
        if (levels > 2) {
            return DesignClass::other;
        }
        levers += levels == 2 ? 1 : 0;
    }
    if (levers == 0) {
        return DesignClass::other;
    }
    return levers < 31 && results.cells.size() == std::size_t{1} << levers ? DesignClass::full_two_level
                                                                           : DesignClass::part_of_two_level;
}

WholeMetric whole_metric(const SweepResults& results, std::size_t metric, Holes holes) {
    const std::size_t cells = results.cells.size();
    const std::size_t replicates = results.replicates.size();
    std::vector<bool> is_whole(replicates, true);
    std::size_t missing = 0;
    std::string first;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        for (std::size_t replicate = 0; replicate < replicates; ++replicate) {
            if (std::isnan(results.value(metric, cell, replicate))) {
                if (missing++ == 0) {
                    first = "cell " + results.cells[cell] + ", replicate " + results.replicates[replicate];
                }
                is_whole[replicate] = false;
            }
        }
    }
    const auto whole = static_cast<std::size_t>(std::count(is_whole.begin(), is_whole.end(), true));
    const std::string& name = results.metrics[metric].name;
    if (missing > 0 && (holes == Holes::refuse || whole == 0)) {
        refuse(results,
               std::to_string(missing) + " of " + std::to_string(cells * replicates) + " runs have no value of '" +
                   name + "', the first in " + first,
               counts_text(results.counts) + "; this analysis needs every cell in every replicate" +
                   (results.first_failure.empty() ? "" : "; first failure: " + results.first_failure),
               whole == 0
                   ? "let the sweep finish; no replicate is whole"
                   : "let the sweep finish, or give --whole-replicates to use only the " + std::to_string(whole) +
                         " of " + std::to_string(replicates) + " replicates that are whole");
    }
    WholeMetric result{.values = {}, .replicates = whole, .left_out = replicates - whole, .equal = 0};
    result.values.reserve(cells * whole);
    for (std::size_t cell = 0; cell < cells; ++cell) {
        for (std::size_t replicate = 0; replicate < replicates; ++replicate) {
            if (is_whole[replicate]) {
                result.values.push_back(results.value(metric, cell, replicate));
            }
        }
    }
    keep_one_of_equal(result);
    return result;
}

TwoLevelLayout two_level_layout(const SweepResults& results) {
    if (const DesignClass kind = kind_of(results); kind == DesignClass::saltelli || kind == DesignClass::morris) {
        refuse(results, design_text(results), "interactions and attribution need a two-level design",
               "use sensitivity, or sweep a design of kind two_level");
    }
    TwoLevelLayout layout;
    for (const PlanColumn& factor : results.factors) {
        const std::vector<std::string> levels = levels_in_order(factor);
        if (levels.size() > 2) {
            refuse(results, "factor '" + factor.name + "' has " + std::to_string(levels.size()) + " levels",
                   "interactions and attribution need a two-level design",
                   "keep one of them with --where " + factor.name + "=" + levels.front() +
                       ", or sweep a design of kind two_level");
        }
        if (levels.size() == 2) {
            layout.levers.push_back(factor.name);
            layout.off.push_back(levels[0]);
            layout.on.push_back(levels[1]);
        }
    }
    if (layout.levers.empty() || layout.levers.size() > 64) {
        refuse(results, std::to_string(layout.levers.size()) + " factors have two levels",
               "interactions and attribution are of 1 to 64", "sweep a design of kind two_level");
    }
    layout.masks = masks_of(results, layout);
    std::vector<std::uint64_t> sorted = layout.masks;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
        refuse(results, "several cells have the same levels",
               "each cell of a two-level design is a combination of its own",
               "choose one part of the design with --where part=NAME");
    }
    layout.is_full = layout.levers.size() < 31 && sorted.size() == std::size_t{1} << layout.levers.size();
    return layout;
}

FactorialResponse factorial_response(const TwoLevelLayout& layout, const WholeMetric& metric) {
    if (!layout.is_full) {
        throw InputError(Problem{
            .what = std::to_string(layout.masks.size()) + " of 2^" + std::to_string(layout.levers.size()) +
                    " combinations were planned",
            .why = "an exact attribution needs all of them",
            .suggestion = "sweep a design of kind two_level; interactions of pairs can be had from a fraction"});
    }
    FactorialResponse response{.levers = layout.levers.size(),
                               .replicates = metric.replicates,
                               .values = std::vector<double>(metric.values.size())};
    for (std::size_t cell = 0; cell < layout.masks.size(); ++cell) {
        std::copy_n(metric.values.begin() + static_cast<std::ptrdiff_t>(cell * metric.replicates), metric.replicates,
                    response.values.begin() + static_cast<std::ptrdiff_t>(layout.masks[cell] * metric.replicates));
    }
    return response;
}

FractionResponse fraction_response(const TwoLevelLayout& layout, const WholeMetric& metric) {
    return {.levers = layout.levers.size(),
            .replicates = metric.replicates,
            .cells = layout.masks,
            .values = metric.values};
}

SaltelliResponse saltelli_response(const SweepResults& results, const WholeMetric& metric) {
    const PlanColumn* block = results.role("saltelli_block");
    const PlanColumn* index = results.role("saltelli_index");
    if (block == nullptr || index == nullptr) {
        refuse(results, design_text(results), "Sobol' indices need the blocks of a Saltelli design",
               "sweep a design of kind saltelli");
    }
    const std::vector<double> means = means_over_replicates(metric);
    std::map<std::int64_t, std::size_t> rows;
    for (std::size_t cell = 0; cell < results.cells.size(); ++cell) {
        rows.emplace(number_of(results, *index, cell), 0);
    }
    std::size_t count = 0;
    for (auto& [number, row] : rows) {
        row = count++;
    }
    std::map<std::string, std::vector<double>> blocks;
    for (std::size_t cell = 0; cell < results.cells.size(); ++cell) {
        std::vector<double>& values =
            blocks.emplace(block->levels[cell], std::vector<double>(count, std::numeric_limits<double>::quiet_NaN()))
                .first->second;
        double& value = values[rows.at(number_of(results, *index, cell))];
        if (!std::isnan(value)) {
            refuse_product(results, cell, "row " + index->levels[cell] + " is twice in block " + block->levels[cell]);
        }
        value = means[cell];
    }
    const auto take = [&](const std::string& name) {
        const auto found = blocks.find(name);
        if (found == blocks.end() ||
            std::any_of(found->second.begin(), found->second.end(), [](double value) { return std::isnan(value); })) {
            refuse(results, "block " + name + " of the Saltelli design is not whole", "each row must be in every block",
                   "do not pick single cells; let the sweep finish");
        }
        return found->second;
    };
    SaltelliResponse response{.a = take("A"), .b = take("B"), .ab = {}, .ba = {}};
    if (count < 2) {
        refuse(results, "the Saltelli design has one row", "a variance needs more", "sweep it with more samples");
    }
    const bool with_second =
        std::any_of(blocks.begin(), blocks.end(), [](const auto& one) { return one.first.starts_with("BA_"); });
    for (const PlanColumn& factor : results.factors) {
        if (!blocks.contains("AB_" + factor.name)) {
            refuse(results, "factor '" + factor.name + "' has no block of the Saltelli design",
                   "indices are of all factors that vary", "fix it with --where " + factor.name + "=LEVEL");
        }
        response.ab.push_back(take("AB_" + factor.name));
        if (with_second) {
            response.ba.push_back(take("BA_" + factor.name));
        }
    }
    return response;
}

std::vector<ElementaryEffect> elementary_effects(const SweepResults& results, const WholeMetric& metric) {
    const PlanColumn* trajectory = results.role("morris_trajectory");
    const PlanColumn* step = results.role("morris_step");
    const PlanColumn* moved = results.role("morris_factor");
    if (trajectory == nullptr || step == nullptr || moved == nullptr) {
        refuse(results, design_text(results), "elementary effects need the trajectories of a Morris design",
               "sweep a design of kind morris");
    }
    const std::vector<double> means = means_over_replicates(metric);
    std::map<std::pair<std::int64_t, std::int64_t>, std::size_t> places;
    std::vector<std::map<std::string, std::size_t>> ranks;
    for (const PlanColumn& factor : results.factors) {
        const std::vector<std::string> levels = levels_in_order(factor);
        ranks.emplace_back();
        for (std::size_t level = 0; level < levels.size(); ++level) {
            ranks.back()[levels[level]] = level;
        }
    }
    for (std::size_t cell = 0; cell < results.cells.size(); ++cell) {
        if (!places.emplace(std::pair(number_of(results, *trajectory, cell), number_of(results, *step, cell)), cell)
                 .second) {
            refuse_product(
                results, cell,
                "step " + step->levels[cell] + " of trajectory " + trajectory->levels[cell] + " was there before");
        }
    }
    const std::vector<std::string> names = results.factor_names();
    std::vector<ElementaryEffect> effects;
    for (const auto& [place, cell] : places) {
        if (place.second == 0) {
            continue;
        }
        const auto before = places.find({place.first, place.second - 1});
        const auto factor =
            static_cast<std::size_t>(std::find(names.begin(), names.end(), moved->levels[cell]) - names.begin());
        if (before == places.end() || factor == names.size()) {
            refuse(results, "cell " + results.cells[cell] + " does not follow another in its trajectory",
                   "elementary effects are between neighbours", "do not pick single cells; let the sweep finish");
        }
        const std::string& from = results.factors[factor].levels[before->second];
        const std::string& to = results.factors[factor].levels[cell];
        const double travelled = share_of_range(results.factors[factor], from, to);
        if (!(travelled > 0.0)) {
            continue;  // a step of the grid within one level of a list
        }
        const double change = means[cell] - means[before->second];
        effects.push_back({.factor = factor,
                           .value = (ranks[factor].at(to) < ranks[factor].at(from) ? -change : change) / travelled});
    }
    return effects;
}

DiscoveryLayout discovery_layout(const SweepResults& results, const MetricCondition& fails) {
    DiscoveryLayout layout;
    layout.points.factors = results.factors.size();
    std::vector<std::map<std::string, double>> numbers(results.factors.size());
    for (std::size_t factor = 0; factor < results.factors.size(); ++factor) {
        const std::vector<std::string> levels = levels_in_order(results.factors[factor]);
        const bool is_ordered = is_numeric(results.factors[factor]) && levels.size() > 2;
        layout.points.is_ordered.push_back(is_ordered);
        layout.levels.emplace_back(is_ordered ? std::vector<std::string>{} : levels);
        for (std::size_t level = 0; level < levels.size(); ++level) {
            double value = static_cast<double>(level);
            if (is_ordered) {
                read_number(levels[level], value);
            }
            numbers[factor][levels[level]] = value;
        }
    }
    for (std::size_t cell = 0; cell < results.cells.size(); ++cell) {
        double known = 0.0;
        double failing = 0.0;
        for (std::size_t replicate = 0; replicate < results.replicates.size(); ++replicate) {
            const auto failed = fails.holds([&](std::size_t metric) { return results.value(metric, cell, replicate); });
            known += failed ? 1.0 : 0.0;
            failing += failed && *failed ? 1.0 : 0.0;
        }
        layout.known_runs += known;
        layout.failing_runs += failing;
        if (known == 0.0) {
            ++layout.left_out;
            continue;
        }
        layout.points.failing.push_back(failing / known);
        for (std::size_t factor = 0; factor < results.factors.size(); ++factor) {
            layout.points.values.push_back(numbers[factor].at(results.factors[factor].levels[cell]));
        }
    }
    return layout;
}

}  // namespace ytterby
