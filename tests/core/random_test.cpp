#include "core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

namespace ytterby {
namespace {

/// Philox4x32-10 lines of Random123's tests/kat_vectors.
TEST(Philox, KnownAnswers) {
    using Words = Random::Words;
    EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    constexpr std::uint32_t ones = 0xffffffff;
    EXPECT_EQ(philox({ones, ones, ones, ones}, {ones, ones}), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, AddressFollowsTheDocumentedLayout) {
    const Random random(11, 22);
    EXPECT_EQ(random.words(FirmId{33}, Purpose{33}, 44, 55), philox({33, 33u << 16, 44, 55}, {11, 22}));
    EXPECT_EQ(random.words(33u, Purpose::test, -1, 0), philox({33, 0, 0xffffffff, 0}, {11, 22}));
    // The last of 2^32 entities.
    EXPECT_EQ(random.words(0xffffffffu, Purpose::test, 0, 0), philox({0xffffffff, 0, 0, 0}, {11, 22}));
}

TEST(Random, EveryPartOfTheAddressMatters) {
    std::set<double> seen;
    for (std::uint32_t seed = 0; seed < 3; ++seed) {
        for (std::uint32_t replicate = 0; replicate < 3; ++replicate) {
            for (std::uint32_t entity = 0; entity < 5; ++entity) {
                for (const Purpose purpose : {Purpose::test, Purpose{1}, Purpose{130}}) {
                    for (int tick = -1; tick < 5; ++tick) {
                        for (std::uint32_t n = 0; n < 4; ++n) {
                            seen.insert(Random(seed, replicate).uniform(entity, purpose, tick, n));
                        }
                    }
                }
            }
        }
    }
    EXPECT_EQ(seen.size(), 3u * 3 * 5 * 3 * 6 * 4);
}

TEST(Random, UniformMomentsAndOpenInterval) {
    const Random random(1);
    constexpr std::size_t count = 200000;
    std::vector<double> values(count);
    random.fill_uniform(values, 0u, Purpose::test, 0);
    double mean = 0.0;
    double square = 0.0;
    std::array<int, 20> bins{};
    for (const double value : values) {
        ASSERT_GT(value, 0.0);
        ASSERT_LT(value, 1.0);
        mean += value / count;
        square += value * value / count;
        ++bins[static_cast<std::size_t>(value * 20.0)];
    }
    // Four standard errors.
    EXPECT_NEAR(mean, 0.5, 4.0 * std::sqrt(1.0 / 12 / count));
    EXPECT_NEAR(square, 1.0 / 3, 4.0 * std::sqrt(4.0 / 45 / count));
    double chi_square = 0.0;
    for (const int bin : bins) {
        chi_square += (bin - count / 20.0) * (bin - count / 20.0) / (count / 20.0);
    }
    EXPECT_LT(chi_square, 43.8);  // 0.1 % point of chi square with 19 degrees of freedom
}

TEST(Random, NormalMoments) {
    const Random random(7, 3);
    constexpr std::size_t count = 200000;
    std::vector<double> values(count);
    random.fill_normal(values, 0u, Purpose::test, 5);
    double moments[4] = {};
    for (const double value : values) {
        double power = value;
        for (double& moment : moments) {
            moment += power / count;
            power *= value;
        }
    }
    EXPECT_NEAR(moments[0], 0.0, 4.0 * std::sqrt(1.0 / count));
    EXPECT_NEAR(moments[1], 1.0, 4.0 * std::sqrt(2.0 / count));
    EXPECT_NEAR(moments[2], 0.0, 4.0 * std::sqrt(15.0 / count));
    EXPECT_NEAR(moments[3], 3.0, 4.0 * std::sqrt(96.0 / count));
}

/// Neighbours in entity, tick, n, purpose and replicate are uncorrelated.
TEST(Random, NeighboursAreIndependent) {
    constexpr int count = 40000;
    const Random random(42, 0);
    const Random sibling(42, 1);
    double products[5] = {};
    for (int step = 0; step < count; ++step) {
        const auto entity = static_cast<std::uint32_t>(step / 40);
        const int tick = step % 40;
        const double here = random.normal(entity, Purpose::test, tick);
        products[0] += here * random.normal(entity + 1, Purpose::test, tick);
        products[1] += here * random.normal(entity, Purpose::test, tick + 1);
        products[2] += here * random.normal(entity, Purpose::test, tick, 1);
        products[3] += here * random.normal(entity, Purpose{1}, tick);
        products[4] += here * sibling.normal(entity, Purpose::test, tick);
    }
    for (const double product : products) {
        EXPECT_NEAR(product / count, 0.0, 4.0 / std::sqrt(count));
    }
}

TEST(Random, SpansHoldExactlyTheScalarDraws) {
    const Random random(5, 6);
    for (const std::size_t size : {0, 1, 15, 16, 17, 100}) {
        std::vector<double> uniforms(size), normals(size);
        std::vector<float> float_uniforms(size), float_normals(size);
        const std::uint32_t first = 0xffffffff - 40;  // runs over the end of the entities
        random.fill_uniform(uniforms, first, Purpose{39}, 9, 2);
        random.fill_normal(normals, first, Purpose{39}, 9, 2);
        random.fill_uniform(float_uniforms, first, Purpose{39}, 9, 2);
        random.fill_normal(float_normals, first, Purpose{39}, 9, 2);
        for (std::size_t i = 0; i < size; ++i) {
            const auto entity = first + static_cast<std::uint32_t>(i);
            EXPECT_EQ(uniforms[i], random.uniform(entity, Purpose{39}, 9, 2));
            EXPECT_EQ(normals[i], random.normal(entity, Purpose{39}, 9, 2));
            EXPECT_EQ(float_uniforms[i], static_cast<float>(uniforms[i]));
            EXPECT_EQ(float_normals[i], static_cast<float>(normals[i]));
        }
    }
}

TEST(Random, LognormalHasTheStatedMean) {
    const Random random(3);
    constexpr int count = 100000;
    double mean = 0.0;
    for (std::uint32_t entity = 0; entity < count; ++entity) {
        mean += random.lognormal(-0.5 * 0.25, 0.5, entity, Purpose::test, 0) / count;
    }
    EXPECT_NEAR(mean, 1.0, 4.0 * std::sqrt((std::exp(0.25) - 1.0) / count));
}

TEST(Random, BelowIsEvenAndInRange) {
    const Random random(8);
    std::array<int, 7> counts{};
    for (std::uint32_t entity = 0; entity < 70000; ++entity) {
        ++counts.at(random.below(7, entity, Purpose{75}, 1));
    }
    for (const int count : counts) {
        EXPECT_NEAR(count, 10000, 400);
    }
    EXPECT_EQ(random.below(1, 5u, Purpose{75}, 1), 0u);
    EXPECT_THROW(random.below(0, 5u, Purpose{75}, 1), std::logic_error);
}

TEST(Random, MoreProbableEventsIncludeLessProbableOnes) {
    const Random random(9);
    int happened = 0;
    for (std::uint32_t entity = 0; entity < 20000; ++entity) {
        const bool rare = random.happens(0.1, entity, Purpose{33}, 0);
        happened += rare ? 1 : 0;
        ASSERT_TRUE(!rare || random.happens(0.2, entity, Purpose{33}, 0));
        ASSERT_FALSE(random.happens(0.0, entity, Purpose{33}, 0));
        ASSERT_TRUE(random.happens(1.0, entity, Purpose{33}, 0));
    }
    EXPECT_NEAR(happened, 2000, 170);
}

TEST(InverseNormal, UndoesTheDistributionFunction) {
    EXPECT_EQ(inverse_normal(0.5), 0.0);
    EXPECT_NEAR(inverse_normal(0.975), 1.959963984540054, 1e-14);
    EXPECT_NEAR(inverse_normal(1e-10), -6.361340902404056, 1e-13);
    double before = -1e9;
    for (double logit = -80.0; logit <= 35.0; logit += 0.01) {
        const double probability =
            logit < 0.0 ? std::exp(logit) / (1.0 + std::exp(logit)) : 1.0 / (1.0 + std::exp(-logit));
        const double value = inverse_normal(probability);
        ASSERT_GE(value, before) << probability;
        before = value;
        ASSERT_NEAR(0.5 * std::erfc(-value * std::sqrt(0.5)) / probability, 1.0, 2e-13) << probability;
    }
}

}  // namespace
}  // namespace ytterby
