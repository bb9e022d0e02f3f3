#include "market/single_trades/price_dispersion.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ytterby {
namespace {

TEST(PriceDispersion, IsTheWeightedCoefficientOfVariationAtEachNode) {
    Orders orders;
    orders.blocks = {{NodeId{0}, 0, 2}, {NodeId{1}, 2, 2}, {NodeId{0}, 4, 1}};
    NodeTrades nodes;
    nodes.resize(3);
    RowTrades rows;
    rows.resize(5);
    rows.bought_t[0] = 3.0;
    rows.paid_usd[0] = 3.0 * 90.0;
    rows.bought_t[4] = 1.0;
    rows.paid_usd[4] = 130.0;
    rows.bought_t[2] = 2.0;
    rows.paid_usd[2] = 2.0 * 50.0;
    rows.bought_t[3] = 1.0;
    rows.paid_usd[3] = 50.0;
    measure_price_dispersion(orders, rows, nodes);
    // Mean 100; variance 3/4 of 10^2 and 1/4 of 30^2.
    EXPECT_NEAR(nodes.price_dispersion[0], std::sqrt(0.75 * 0.01 + 0.25 * 0.09), 1e-15);
    EXPECT_EQ(nodes.price_dispersion[1], 0.0);
    EXPECT_EQ(nodes.price_dispersion[2], 0.0);
}

TEST(PriceDispersion, IsZeroWhereNoRowsAreReported) {
    NodeTrades nodes;
    nodes.resize(2);
    nodes.price_dispersion[1] = 5.0;
    measure_price_dispersion({}, {}, nodes);
    EXPECT_EQ(nodes.price_dispersion[1], 0.0);
}

}  // namespace
}  // namespace ytterby
