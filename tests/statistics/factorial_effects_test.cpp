#include "statistics/factorial_effects.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"
#include "statistics/fractional_effects.hpp"
#include "statistics/shapley.hpp"
#include "statistics/walsh_hadamard.hpp"

namespace ytterby {
namespace {

/// y = 10 + 3 A - 2 B + 4 A B + 6 A B C, plus noise that all cells of a replicate share and, if wanted, noise of each
/// cell.
FactorialResponse made_response(std::size_t replicates, double own_noise = 0.0) {
    FactorialResponse response{.levers = 3, .replicates = replicates, .values = {}};
    const Random random(3);
    for (std::uint32_t cell = 0; cell < 8; ++cell) {
        const double a = cell & 1, b = cell >> 1 & 1, c = cell >> 2 & 1;
        for (std::uint32_t replicate = 0; replicate < replicates; ++replicate) {
            response.values.push_back(10 + 3 * a - 2 * b + 4 * a * b + 6 * a * b * c +
                                      5 * random.normal(replicate, Purpose::test, 0) +
                                      own_noise * random.normal(replicate, Purpose::test, 1 + cell));
        }
    }
    return response;
}

TEST(WalshHadamard, IsTheSignedSumAndItsOwnInverse) {
    const std::vector<double> rows{1, 10, 2, 20, 4, 40, 8, 80, 3, 30, 5, 50, 7, 70, 9, 90};
    std::vector<double> values = rows;
    walsh_hadamard(values, 2);
    for (unsigned set = 0; set < 8; ++set) {
        double sum = 0.0;
        for (unsigned row = 0; row < 8; ++row) {
            sum += (__builtin_popcount(set & row) % 2 == 0 ? 1.0 : -1.0) * rows[2 * row];
        }
        EXPECT_EQ(values[2 * set], sum);
        EXPECT_EQ(values[2 * set + 1], 10.0 * sum);
    }
    walsh_hadamard(values, 2);
    EXPECT_EQ(values[6] / 8.0, rows[6]);
    std::vector<double> odd(6);
    EXPECT_THROW(walsh_hadamard(odd, 1), std::logic_error);
}

TEST(FactorialEffects, AreThoseOfTheFormula) {
    const std::vector<FactorialEffect> effects = factorial_effects(made_response(5), 0.95);
    ASSERT_EQ(effects.size(), 7U);
    EXPECT_NEAR(effects[0].effect.mean, 3 + 4 * 0.5 + 6 * 0.25, 1e-12) << "A over all settings of B and C";
    EXPECT_NEAR(effects[2].effect.mean, (4 + 6 * 0.5) / 2, 1e-12) << "half the synergy of A and B";
    EXPECT_NEAR(effects[6].effect.mean, 6.0 / 4, 1e-12);
    EXPECT_TRUE(has_no_spread(effects[6].effect)) << "shared noise cancels in a paired effect";
    EXPECT_TRUE(std::isnan(effects[6].effect.half_width) && std::isnan(effects[6].effect.p_value))
        << "equal observations give no interval";
    double shares = 0.0;
    for (const FactorialEffect& effect : effects) {
        shares += effect.variance_share;
    }
    EXPECT_NEAR(shares, 1.0, 1e-12);
}

TEST(FactorialEffects, IntervalsHaveTheirNominalCoverage) {
    int held = 0;
    for (std::uint32_t world = 0; world < 400; ++world) {
        FactorialResponse response{.levers = 1, .replicates = 6, .values = {}};
        for (std::uint32_t cell = 0; cell < 2; ++cell) {
            for (std::uint32_t replicate = 0; replicate < 6; ++replicate) {
                response.values.push_back(2.0 * cell + Random(world).normal(replicate, Purpose::test, cell));
            }
        }
        const Estimate effect = factorial_effects(response, 0.9)[0].effect;
        held += effect.low() <= 2.0 && 2.0 <= effect.high() ? 1 : 0;
    }
    EXPECT_NEAR(held / 400.0, 0.9, 0.05);
}

TEST(PairSynergies, DistinguishComplementsFromSubstitutes) {
    const FactorialResponse response = made_response(20, 0.3);
    const std::vector<PairSynergy> better_low =
        pair_synergies(response, {.level = 0.95, .is_better_higher = false, .correction = Correction::holm});
    ASSERT_EQ(better_low.size(), 3U);
    EXPECT_NEAR(better_low[0].corner.mean, 4.0, 3 * better_low[0].corner.half_width);
    EXPECT_NEAR(better_low[0].averaged.mean, 7.0, 3 * better_low[0].averaged.half_width);
    EXPECT_NEAR(better_low[0].together.mean - better_low[0].apart.mean, better_low[0].corner.mean, 1e-12);
    EXPECT_NEAR(better_low[0].first_alone.mean + better_low[0].second_alone.mean, better_low[0].apart.mean, 1e-12);
    EXPECT_EQ(better_low[0].averaged_kind, PairKind::substitutes) << "together more than apart, and less is better";
    EXPECT_EQ(pair_synergies(response, {.level = 0.95, .is_better_higher = true, .correction = Correction::holm})[0]
                  .averaged_kind,
              PairKind::complements);
    EXPECT_EQ(better_low[1].corner_kind, PairKind::undecided) << "A and C interact only through B";
    EXPECT_EQ(pair_synergies(made_response(1), {})[0].averaged_kind, PairKind::undecided)
        << "one replicate decides nothing";
}

TEST(MultipleTesting, FollowsHolmAndBenjaminiHochberg) {
    const std::vector<double> p{0.01, 0.04, 0.03, std::nan(""), 0.005};
    const std::vector<double> holm = corrected(p, Correction::holm);
    EXPECT_NEAR(holm[4], 0.02, 1e-15);
    EXPECT_NEAR(holm[0], 0.03, 1e-15);
    EXPECT_NEAR(holm[2], 0.06, 1e-15);
    EXPECT_NEAR(holm[1], 0.06, 1e-15) << "never smaller than that of a smaller p-value";
    EXPECT_TRUE(std::isnan(holm[3]));
    const std::vector<double> shares = corrected(p, Correction::benjamini_hochberg);
    EXPECT_NEAR(shares[4], 0.02, 1e-15);
    EXPECT_NEAR(shares[0], 0.02, 1e-15);
    EXPECT_NEAR(shares[2], 0.04, 1e-15);
    EXPECT_NEAR(shares[1], 0.04, 1e-15);
}

TEST(StudentInterval, AgreesWithTables) {
    EXPECT_NEAR(student_reach(0.95, 10), 2.262, 0.0005) << "9 degrees of freedom";
    const std::vector<double> values{1, 2, 3, 4};
    const Estimate estimate = estimate_mean(values, 0.95);
    EXPECT_EQ(estimate.mean, 2.5);
    EXPECT_NEAR(estimate.half_width, 3.182446 * std::sqrt(5.0 / 3.0) / 2.0, 1e-5);
    EXPECT_NEAR(estimate.p_value, 0.030466, 1e-5);
    EXPECT_TRUE(std::isnan(estimate_mean(std::vector<double>{1.0}, 0.95).half_width));
}

TEST(Shapley, SharesAddUpAndSplitSynergiesEvenly) {
    const Attribution found = attribute(made_response(4, 0.2), 0.95);
    double sum = 0.0;
    for (const Estimate& lever : found.levers) {
        sum += lever.mean;
    }
    EXPECT_NEAR(sum, found.whole.mean, 1e-12);
    const Attribution exact = attribute(made_response(1), 0.95);
    EXPECT_NEAR(exact.levers[0].mean, 3 + 4.0 / 2 + 6.0 / 3, 1e-12);
    EXPECT_NEAR(exact.levers[1].mean, -2 + 4.0 / 2 + 6.0 / 3, 1e-12);
    EXPECT_NEAR(exact.levers[2].mean, 6.0 / 3, 1e-12);
    EXPECT_TRUE(std::isnan(exact.whole.half_width));
}

/// The half fraction E = ABCD of five levers (resolution V), or E = AB (resolution III).
FractionResponse half_fraction(bool is_resolution_five) {
    FractionResponse response{.levers = 5, .replicates = 2, .cells = {}, .values = {}};
    for (std::uint64_t base = 0; base < 16; ++base) {
        const int bits = __builtin_popcountll(is_resolution_five ? base : base & 3U);
        const std::uint64_t cell = base | static_cast<std::uint64_t>(bits % 2 == 0) << 4;
        response.cells.push_back(cell);
        const double a = cell & 1, e = cell >> 4 & 1, c = cell >> 2 & 1;
        for (int replicate = 0; replicate < 2; ++replicate) {
            // The pair of A and E differs a little between replicates: effects that are equal to the bit have no
            // interval.
            const double pair = -5 + 0.02 * (replicate - 0.5);
            response.values.push_back(1 + 2 * a + 3 * e + pair * a * e + 0.5 * c + replicate);
        }
    }
    return response;
}

TEST(FractionalEffects, ResolutionFiveGivesPairs) {
    const FractionalEffects found = fractional_effects(half_fraction(true), {});
    ASSERT_TRUE(found.aliased.empty());
    EXPECT_NEAR(found.main[0].mean, 2 - 2.5, 1e-12);
    EXPECT_NEAR(found.main[2].mean, 0.5, 1e-12);
    ASSERT_EQ(found.pairs.size(), 10U);
    EXPECT_NEAR(found.pairs[3].averaged.mean, -5.0, 1e-12) << "A and E";
    EXPECT_EQ(found.pairs[3].averaged_kind, PairKind::complements) << "less is better";
    EXPECT_NEAR(found.pairs[0].averaged.mean, 0.0, 1e-12);
    EXPECT_NEAR(found.explained, 1.0, 1e-12);
}

TEST(FractionalEffects, LowerResolutionIsNoticed) {
    const FractionalEffects found = fractional_effects(half_fraction(false), {});
    ASSERT_FALSE(found.aliased.empty());
    EXPECT_EQ(found.aliased.front().first, 0U);
    EXPECT_EQ(found.aliased.front().second, 1U) << "A*B is E";
    EXPECT_TRUE(found.main.empty());
}

TEST(FractionalEffects, AgreeWithTheFullFactorial) {
    const FactorialResponse full = made_response(6, 0.4);
    FractionResponse whole{.levers = 3, .replicates = 6, .cells = {0, 1, 2, 3, 4, 5, 6, 7}, .values = full.values};
    const auto projected = fractional_effects(whole, {});
    const auto exact = pair_synergies(full, {});
    for (std::size_t pair = 0; pair < 3; ++pair) {
        EXPECT_NEAR(projected.pairs[pair].averaged.mean, exact[pair].averaged.mean, 1e-12);
        EXPECT_NEAR(projected.pairs[pair].averaged.half_width, exact[pair].averaged.half_width, 1e-12);
    }
}

}  // namespace
}  // namespace ytterby
