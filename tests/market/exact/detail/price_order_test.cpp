#include "market/exact/detail/price_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "tests/market/drawn_markets.hpp"

namespace ytterby {
namespace {

TEST(PriceOrder, IsThatOfAStableSort) {
    for (const std::size_t count : {0U, 1U, 2U, 100U, 499U, 500U, 5000U, 100000U}) {
        for (const bool whole : {false, true}) {
            Draws draws(static_cast<std::uint32_t>(count) + (whole ? 1U : 0U));
            std::vector<double> prices;
            for (std::size_t index = 0; index < count; ++index) {
                const double price = draws.spread(1e-3, 1e6) * (draws.chance(0.3) ? -1.0 : 1.0);
                prices.push_back(whole ? std::trunc(price / 1e4) : price);  // many equal, zeros of both signs
            }
            std::vector<std::uint32_t> expected(count);
            std::iota(expected.begin(), expected.end(), 0U);
            std::stable_sort(expected.begin(), expected.end(),
                             [&](std::uint32_t left, std::uint32_t right) { return prices[left] < prices[right]; });
            EXPECT_EQ(order_of_prices(prices), expected) << count << (whole ? " whole" : "");
        }
    }
}

}  // namespace
}  // namespace ytterby
