#include "statistics/factorial_effects.hpp"

#include <bit>
#include <cmath>

#include "core/check.hpp"
#include "core/maths.hpp"
#include "statistics/walsh_hadamard.hpp"

namespace ytterby {
namespace {

void check(const FactorialResponse& response) {
    ensure(response.levers < 31 && response.replicates > 0 &&
               response.values.size() == (std::size_t{1} << response.levers) * response.replicates,
           "a factorial has a value for every cell and replicate");
}

/// A signed sum of cells, replicate by replicate.
Estimate combine(const FactorialResponse& response, std::initializer_list<std::pair<std::size_t, double>> terms,
                 double level, double scale) {
    std::vector<double> sums(response.replicates, 0.0);
    for (const auto& [cell, sign] : terms) {
        const std::span<const double> values = response.cell(cell);
        for (std::size_t replicate = 0; replicate < sums.size(); ++replicate) {
            sums[replicate] += sign * values[replicate];
        }
    }
    return estimate_mean(sums, level, scale);
}

}  // namespace

std::vector<FactorialEffect> factorial_effects(const FactorialResponse& response, double level) {
    check(response);
    const double scale = largest_size(response.values);
    std::vector<double> contrasts = response.values;
    walsh_hadamard(contrasts, response.replicates);
    const double half_cells = std::ldexp(1.0, static_cast<int>(response.levers) - 1);
    std::vector<FactorialEffect> effects;
    CompensatedSum variance;
    for (std::size_t mask = 1; mask < contrasts.size() / response.replicates; ++mask) {
        // The transform counts a lever that is on as -1.
        const double sign = std::popcount(mask) % 2 == 0 ? 1.0 : -1.0;
        const std::span<double> row(contrasts.data() + mask * response.replicates, response.replicates);
        for (double& value : row) {
            value *= sign / half_cells;
        }
        effects.push_back({.levers = static_cast<std::uint64_t>(mask), .effect = estimate_mean(row, level, scale)});
        const double half = effects.back().effect.mean / 2.0;
        effects.back().variance_share = half * half;
        variance.add(half * half);
    }
    for (FactorialEffect& effect : effects) {
        effect.variance_share = ratio_or(effect.variance_share, variance.total(), 0.0);
    }
    return effects;
}

std::string_view name_of(PairKind kind) {
    switch (kind) {
        case PairKind::complements:
            return "complements";
        case PairKind::substitutes:
            return "substitutes";
        case PairKind::undecided:
            break;
    }
    return "undecided";
}

PairKind pair_kind(double synergy, double corrected_p, const PairQuestion& question) {
    if (!(corrected_p < 1.0 - question.level) || synergy == 0.0) {
        return PairKind::undecided;
    }
    return (synergy > 0.0) == question.is_better_higher ? PairKind::complements : PairKind::substitutes;
}

std::vector<PairSynergy> pair_synergies(const FactorialResponse& response, const PairQuestion& question) {
    check(response);
    const double scale = largest_size(response.values);
    std::vector<double> contrasts = response.values;
    walsh_hadamard(contrasts, response.replicates);
    const double quarter_cells = std::ldexp(1.0, static_cast<int>(response.levers) - 2);
    std::vector<PairSynergy> pairs;
    std::vector<double> corner_p, averaged_p;
    for (std::size_t first = 0; first < response.levers; ++first) {
        for (std::size_t second = first + 1; second < response.levers; ++second) {
            const std::size_t a = std::size_t{1} << first;
            const std::size_t b = std::size_t{1} << second;
            const auto sum = [&](std::initializer_list<std::pair<std::size_t, double>> terms) {
                return combine(response, terms, question.level, scale);
            };
            PairSynergy pair{.first = first,
                             .second = second,
                             .first_alone = sum({{a, 1.0}, {0, -1.0}}),
                             .second_alone = sum({{b, 1.0}, {0, -1.0}}),
                             .together = sum({{a | b, 1.0}, {0, -1.0}}),
                             .apart = sum({{a, 1.0}, {b, 1.0}, {0, -2.0}}),
                             .corner = sum({{a | b, 1.0}, {a, -1.0}, {b, -1.0}, {0, 1.0}}),
                             .averaged = {}};
            std::vector<double> averages(
                contrasts.begin() + static_cast<std::ptrdiff_t>((a | b) * response.replicates),
                contrasts.begin() + static_cast<std::ptrdiff_t>(((a | b) + 1) * response.replicates));
            for (double& value : averages) {
                value /= quarter_cells;
            }
            pair.averaged = estimate_mean(averages, question.level, scale);
            corner_p.push_back(pair.corner.p_value);
            averaged_p.push_back(pair.averaged.p_value);
            pairs.push_back(pair);
        }
    }
    corner_p = corrected(corner_p, question.correction);
    averaged_p = corrected(averaged_p, question.correction);
    for (std::size_t which = 0; which < pairs.size(); ++which) {
        PairSynergy& pair = pairs[which];
        pair.corner_p = corner_p[which];
        pair.averaged_p = averaged_p[which];
        pair.corner_kind = pair_kind(pair.corner.mean, pair.corner_p, question);
        pair.averaged_kind = pair_kind(pair.averaged.mean, pair.averaged_p, question);
    }
    return pairs;
}

}  // namespace ytterby
