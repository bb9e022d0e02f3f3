#include "core/ids.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "core/check.hpp"
#include "core/column.hpp"

namespace ytterby {
namespace {

TEST(Ids, KindsDoNotMix) {
    static_assert(!std::is_convertible_v<CountryId, GoodId>);
    static_assert(!std::is_convertible_v<CountryId, std::uint32_t>);
    static_assert(!std::is_convertible_v<std::uint32_t, CountryId>);
    static_assert(sizeof(FirmId) == 4 && std::is_trivially_copyable_v<FirmId>);
}

TEST(Ids, NoneIsTheDefaultAndSortsLast) {
    EXPECT_EQ(CountryId{}, CountryId::none);
    EXPECT_FALSE(CountryId::none.exists());
    EXPECT_TRUE(CountryId{0}.exists());
    EXPECT_LT(CountryId{7}, CountryId::none);
    EXPECT_LT(CountryId{3}, CountryId{4});
    EXPECT_EQ(id_at<CountryId>(9).index(), 9u);
}

TEST(Ids, RangeCountsUpFromZero) {
    std::vector<std::uint32_t> seen;
    for (const GoodId good : IdRange<GoodId>(3)) {
        seen.push_back(good.value);
    }
    EXPECT_EQ(seen, (std::vector<std::uint32_t>{0, 1, 2}));
    for (const GoodId good : IdRange<GoodId>(0)) {
        FAIL() << good.value;
    }
}

TEST(Column, BeginsOnACacheLineAndTakesIds) {
    for (std::size_t size = 1; size < 200; size += 13) {
        Column<float> column(size, 1.5F);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(column.data()) % column_alignment, 0u);
        column[FirmId{0}] = 2.0F;
        EXPECT_EQ(column[0], 2.0F);
        const std::span<const float> view = column;
        EXPECT_EQ(view.size(), size);
    }
}

TEST(Column, IsARegularValue) {
    const Column<double> first{1.0, 2.0, 3.0};
    Column<double> second = first;
    EXPECT_EQ(first, second);
    second[1] = 5.0;
    EXPECT_NE(first, second);
    EXPECT_EQ(first[1], 2.0);
}

TEST(Check, EnsureThrowsALogicErrorThatNamesThePlace) {
    EXPECT_NO_THROW(ensure(true, "holds"));
    try {
        ensure(false, "stock is not negative");
        FAIL() << "nothing thrown";
    } catch (const std::logic_error& error) {
        const std::string text = error.what();
        EXPECT_NE(text.find("stock is not negative"), std::string::npos) << text;
        EXPECT_NE(text.find("ids_test.cpp"), std::string::npos) << text;
    }
}

TEST(Check, BalanceIsRelativeToTheGrossFlow) {
    EXPECT_NO_THROW(check_balance("tonnes", "gallium.refined", 1e-7, -1000.0, "t"));
    EXPECT_NO_THROW(check_balance("tonnes", "gallium.refined", 0.0, 0.0, "t"));
    EXPECT_THROW(check_balance("tonnes", "gallium.refined", -1e-5, 1000.0, "t"), LawViolation);
    EXPECT_THROW(check_balance("tonnes", "gallium.refined", 0.0 / 0.0, 1000.0, "t"), LawViolation);
    try {
        check_balance("tonnes", "gallium.refined, tick 7", 2.5, 1000.0, "t");
        FAIL() << "nothing thrown";
    } catch (const LawViolation& violation) {
        EXPECT_EQ(violation.law(), "tonnes");
        EXPECT_EQ(violation.imbalance(), 2.5);
        EXPECT_STREQ(violation.what(),
                     "law 'tonnes' broken on gallium.refined, tick 7: imbalance 2.5 t against a gross flow of 1000 t");
    }
}

}  // namespace
}  // namespace ytterby
