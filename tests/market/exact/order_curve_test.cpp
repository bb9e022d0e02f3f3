#include "market/exact/order_curve.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "tests/market/drawn_markets.hpp"

namespace ytterby {
namespace {

TEST(OrderCurve, StepsAndRampsAddUp) {
    const std::vector<LimitOrder> orders = {{10.0, 5.0, 5.0}, {20.0, 4.0, 8.0}, {30.0, 5.0, 5.0}, {0.0, 1.0, 1.0}};
    const OrderCurve supply = make_supply_curve(orders);
    EXPECT_EQ(supply.price, (std::vector<double>{4.0, 5.0, 5.0, 8.0}));
    EXPECT_EQ(supply.quantity, (std::vector<double>{0.0, 5.0, 45.0, 60.0}));
    const OrderCurve use = make_use_curve(orders);
    EXPECT_EQ(use.price, (std::vector<double>{4.0, 5.0, 5.0, 8.0}));
    EXPECT_EQ(use.quantity, (std::vector<double>{60.0, 55.0, 15.0, 0.0}));
    EXPECT_EQ(quantities_at(supply, 5.0).least, 5.0);
    EXPECT_EQ(quantities_at(supply, 5.0).most, 45.0);
    EXPECT_EQ(quantities_at(supply, 6.0).least, 50.0);
    EXPECT_EQ(quantities_at(supply, 3.0).most, 0.0);
    EXPECT_EQ(quantities_at(use, 9.0).most, 0.0);
    EXPECT_EQ(quantities_at(use, 3.0).least, 60.0);
}

/// What the curve comes to is what the orders get one by one, at any price and share.
TEST(OrderCurve, FillsAddUpToTheCurve) {
    Draws draws(5);
    for (int round = 0; round < 50; ++round) {
        std::vector<LimitOrder> orders;
        for (int order = 0; order < 40; ++order) {
            const double limit = std::round(draws.between(5.0, 15.0));
            orders.push_back(
                {draws.spread(0.1, 10.0), limit, draws.chance(0.5) ? limit : std::round(draws.between(5.0, 15.0))});
        }
        const OrderCurve supply = make_supply_curve(orders);
        const OrderCurve use = make_use_curve(orders);
        for (double price = 4.0; price < 16.0; price += 0.25) {
            for (const double share : {0.0, 0.3, 1.0}) {
                const QuantityRange offered = quantities_at(supply, price);
                const QuantityRange wanted = quantities_at(use, price);
                double sold = 0.0;
                double bought = 0.0;
                for (const LimitOrder& order : orders) {
                    sold += sold_of(order, price, share);
                    bought += bought_of(order, price, share);
                }
                EXPECT_NEAR(sold, offered.least + share * (offered.most - offered.least), 1e-11);
                EXPECT_NEAR(bought, wanted.least + share * (wanted.most - wanted.least), 1e-11);
            }
        }
    }
}

TEST(OrderCurve, RefusesWhatIsNoOrder) {
    for (const LimitOrder& order : {LimitOrder{-1.0, 1.0, 1.0}, LimitOrder{1.0, std::nan(""), 1.0},
                                    LimitOrder{1.0, 1.0, std::numeric_limits<double>::infinity()}}) {
        EXPECT_THROW(make_supply_curve(std::vector<LimitOrder>{order}), std::invalid_argument);
        EXPECT_THROW(make_use_curve(std::vector<LimitOrder>{order}), std::invalid_argument);
    }
    EXPECT_TRUE(make_supply_curve({}).empty());
}

}  // namespace
}  // namespace ytterby
