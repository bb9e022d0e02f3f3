#include "market/bilateral/partners.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ytterby {
namespace {

TEST(Partners, StrengthHalvesInTheHalfLifeAndInAnyTickLength) {
    EXPECT_DOUBLE_EQ(kept_strength(6.0, 6.0), 0.5);
    EXPECT_NEAR(kept_strength(6.0, 3.0) * kept_strength(6.0, 3.0), 0.5, 1e-15);
    EXPECT_EQ(kept_strength(0.0, 1.0), 0.0);
}

TEST(Partners, StrengthTendsToWhatASellerDeliversPerTick) {
    MarketMemory memory{.slots = 2, .partners = std::vector<Partner>(2)};
    const double kept = kept_strength(6.0, 1.0);
    for (int tick = 0; tick < 200; ++tick) {
        fade_partners(memory, kept);
        note_deliveries(std::vector<Delivery>{{0, 7, 3.0}}, kept, memory);
    }
    EXPECT_EQ(partners_of(memory, 0)[0].row, 7U);
    EXPECT_NEAR(partners_of(memory, 0)[0].tonnes, 3.0, 1e-4);
    EXPECT_EQ(partners_of(memory, 0)[1].row, Partner::none);
}

TEST(Partners, TheStrongestAreKeptTiesByRow) {
    MarketMemory memory{.slots = 2, .partners = std::vector<Partner>(6)};
    note_deliveries(
        std::vector<Delivery>{{1, 4, 1.0}, {1, 5, 2.0}, {1, 6, 3.0}, {2, 9, 1.0}, {2, 10, 1.0}, {2, 11, 1.0}}, 0.5,
        memory);
    EXPECT_EQ(partners_of(memory, 0)[0].row, Partner::none);
    EXPECT_EQ(partners_of(memory, 1)[0].row, 6U);
    EXPECT_EQ(partners_of(memory, 1)[1].row, 5U);
    EXPECT_EQ(partners_of(memory, 2)[0].row, 9U);
    EXPECT_EQ(partners_of(memory, 2)[1].row, 10U);
}

TEST(Partners, APartnerThatNeverDeliversAgainIsForgotten) {
    MarketMemory memory{.slots = 1, .partners = {{3, 1.0F}}};
    for (int tick = 0; tick < 40; ++tick) {
        fade_partners(memory, 0.5);
    }
    EXPECT_EQ(memory.partners[0].row, Partner::none);
}

TEST(Partners, ARowBeyondTheMemoryHasNone) {
    EXPECT_TRUE(partners_of(MarketMemory{.slots = 2, .partners = {}}, 5).empty());
}

}  // namespace
}  // namespace ytterby
