#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "statistics/factorial_effects.hpp"

namespace ytterby {

/// One metric over some cells of a two-level design, such as a fraction of resolution V.
struct FractionResponse {
    std::size_t levers = 0;
    std::size_t replicates = 0;
    std::vector<std::uint64_t> cells;  // bit masks of the levers that are on, one a cell
    std::vector<double> values;        // [cell][replicate], complete
};

/// An effect that is aliased: the design cannot separate it from main effects and pairs before it.
struct Aliased {
    std::size_t first = 0, second = 0;  // the pair, or a lever twice where it is a main effect
};

/// Main effects and two-factor interactions, by least squares on -1 and +1 (in a regular fraction, the projection),
/// replicate by replicate. Higher orders are assumed to be zero. Synergies are the averaged ones, four times the
/// coefficient of a pair.
struct FractionalEffects {
    std::vector<Estimate> main;      // mean change when the lever goes on
    std::vector<PairSynergy> pairs;  // only `averaged` and what follows from it
    std::vector<Aliased> aliased;    // when not empty, nothing was estimated
    double explained = 0.0;          // share of the variance of cell means
};

FractionalEffects fractional_effects(const FractionResponse& response, const PairQuestion& question);

}  // namespace ytterby
