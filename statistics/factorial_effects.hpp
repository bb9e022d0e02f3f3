#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "statistics/multiple_testing.hpp"
#include "statistics/student_interval.hpp"

namespace ytterby {

/// One metric over a two-level full factorial: lever i is on in cell x where bit i of x is set. All cells have the same
/// replicates, which share their noise.
struct FactorialResponse {
    std::size_t levers = 0;
    std::size_t replicates = 0;
    std::vector<double> values;  // [cell][replicate], complete

    std::span<const double> cell(std::size_t mask) const { return {values.data() + mask * replicates, replicates}; }
};

/// An effect of a set of levers in the convention of Box, Hunter and Hunter (2005): of one lever, the mean change when
/// it is switched on; of two, half the change of that change; and so on. The estimate is over replicates, each of which
/// gives an effect of its own.
struct FactorialEffect {
    std::uint64_t levers = 0;  // bit mask
    Estimate effect;
    double variance_share = 0.0;  // of the variance of cell means over the design, 0 to 1
};

/// All 2^k - 1 effects, main and of every order, by one Walsh-Hadamard transform, in the order of masks.
std::vector<FactorialEffect> factorial_effects(const FactorialResponse& response, double level);

/// Whether a pair of levers are complements or substitutes for a metric that is to be small, or large.
enum class PairKind : std::uint8_t { undecided, complements, substitutes };
std::string_view name_of(PairKind kind);

/// Two levers together against each alone.
struct PairSynergy {
    std::size_t first = 0, second = 0;
    /// With all other levers off: each alone, both sums, and the synergy y(AB) - y(A) - y(B) + y(0).
    Estimate first_alone, second_alone, together, apart, corner;
    /// The synergy averaged over all settings of the other levers.
    Estimate averaged;
    double corner_p = 1.0, averaged_p = 1.0;  // corrected for the number of pairs
    PairKind corner_kind = PairKind::undecided, averaged_kind = PairKind::undecided;
};

/// How pairs are tested.
struct PairQuestion {
    double level = 0.95;
    bool is_better_higher = false;
    Correction correction = Correction::holm;
};

/// All pairs of a full factorial. Complements gain more together than the sum of both alone, substitutes less.
std::vector<PairSynergy> pair_synergies(const FactorialResponse& response, const PairQuestion& question);

/// The kind of a synergy, decided where its corrected p-value is below 1 - level.
PairKind pair_kind(double synergy, double corrected_p, const PairQuestion& question);

}  // namespace ytterby
