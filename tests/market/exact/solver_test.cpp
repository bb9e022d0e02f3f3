#include "market/exact/solver.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "tests/market/exact/exact_markets.hpp"

namespace ytterby {
namespace {

using OrderList = std::vector<LimitOrder>;

OrderCurve ask_curve(const OrderList& orders) { return make_supply_curve(orders); }
OrderCurve bid_curve(const OrderList& orders) { return make_use_curve(orders); }

SpatialLane exact_lane(std::uint32_t from, std::uint32_t to, double freight) {
    SpatialLane made;
    made.from = from;
    made.to = to;
    made.freight = freight;
    return made;
}

SpatialMarketClearing cleared(const ExactMarket& market) {
    SpatialClearing clearing;
    clear_exact({&market, 1}, {}, clearing);
    EXPECT_LT(certify_exact({&market, 1}, {}, clearing).worst(), 1e-9);
    return clearing.markets[0];
}

TEST(ExactSolver, APriceIntervalGivesItsMiddle) {
    ExactMarket market{{ask_curve({{10.0, 4.0, 4.0}})}, {bid_curve({{10.0, 9.0, 9.0}})}, {}};
    const SpatialMarketClearing answer = cleared(market);
    EXPECT_NEAR(answer.supply_price[0], 6.5, 1e-12);
    EXPECT_EQ(answer.use_price[0], answer.supply_price[0]);
    EXPECT_NEAR(answer.domestic_flow[0], 10.0, 1e-10);
}

TEST(ExactSolver, WithoutTradeThePriceLiesBetweenBidAndAsk) {
    ExactMarket market{{ask_curve({{10.0, 9.0, 9.0}})}, {bid_curve({{10.0, 4.0, 4.0}})}, {}};
    const SpatialMarketClearing answer = cleared(market);
    EXPECT_NEAR(answer.supply_price[0], 6.5, 1e-12);
    EXPECT_NEAR(answer.use_price[0], 6.5, 1e-12);
    EXPECT_EQ(answer.domestic_flow[0], 0.0);
}

TEST(ExactSolver, BidAndAskAtOnePriceTradeAllTheyCan) {
    ExactMarket market{{ask_curve({{10.0, 5.0, 5.0}, {6.0, 5.0, 5.0}})}, {bid_curve({{12.0, 5.0, 5.0}})}, {}};
    const SpatialMarketClearing answer = cleared(market);
    EXPECT_NEAR(answer.supply_price[0], 5.0, 1e-12);
    EXPECT_NEAR(answer.domestic_flow[0], 12.0, 1e-9);
    const double share = marginal_share(market.supply[0], answer.supply_price[0], answer.supplied[0]);
    EXPECT_NEAR(share, 0.75, 1e-9);
    EXPECT_NEAR(sold_of({6.0, 5.0, 5.0}, answer.supply_price[0], share), 4.5, 1e-9);
}

/// Two nodes tied by a lane shift together over the whole interval; the answer is the middle of the shift.
TEST(ExactSolver, TiedNodesTakeTheMiddleOfTheirCommonShift) {
    ExactMarket market{
        {ask_curve({{10.0, 4.0, 4.0}}), {}}, {{}, bid_curve({{10.0, 20.0, 20.0}})}, {exact_lane(0, 1, 2.0)}};
    const SpatialMarketClearing answer = cleared(market);
    EXPECT_NEAR(answer.supply_price[0], 11.0, 1e-12);  // from 4 to 18
    EXPECT_NEAR(answer.use_price[1], 13.0, 1e-12);
    EXPECT_EQ(answer.use_price[0], answer.supply_price[0]) << "a node with only supply has one price";
    // With an export duty both ends still move together, though not by the same dollars.
    market.lanes[0].export_duty = 0.5;
    const SpatialMarketClearing taxed = cleared(market);
    EXPECT_NEAR(taxed.supply_price[0], 8.0, 1e-12);  // from 4 to (20 - 2) / 1.5 = 12
    EXPECT_NEAR(taxed.use_price[1], 14.0, 1e-12);
}

TEST(ExactSolver, SellersAtTheMarginAreFilledAlike) {
    ExactMarket market{{ask_curve({{100.0, 5.0, 5.0}}), ask_curve({{300.0, 5.0, 5.0}}), {}},
                       {{}, {}, bid_curve({{100.0, 9.0, 9.0}})},
                       {exact_lane(0, 2, 1.0), exact_lane(1, 2, 1.0)}};
    const SpatialMarketClearing answer = cleared(market);
    EXPECT_NEAR(answer.supplied[0], 25.0, 1e-8);
    EXPECT_NEAR(answer.supplied[1], 75.0, 1e-8);
    EXPECT_NEAR(answer.use_price[2], 6.0, 1e-12);
}

TEST(ExactSolver, LanesThatTieShareByWeightAndHomeTradeComesFirst) {
    ExactMarket market{{ask_curve({{100.0, 5.0, 5.0}}), {}},
                       {{}, bid_curve({{60.0, 9.0, 9.0}})},
                       {exact_lane(0, 1, 1.0), exact_lane(0, 1, 1.0)}};
    market.lanes[0].usual_flow = 1.0;
    market.lanes[1].usual_flow = 3.0;
    const SpatialMarketClearing answer = cleared(market);
    EXPECT_NEAR(answer.flow[0], 15.0, 1e-8);
    EXPECT_NEAR(answer.flow[1], 45.0, 1e-8);
    market.lanes[0].cap = 5.0;
    EXPECT_NEAR(cleared(market).flow[1], 55.0, 1e-8);
    // Freight-free lanes both ways between nodes that could each serve themselves stay empty.
    ExactMarket twins{{ask_curve({{10.0, 5.0, 5.0}}), ask_curve({{10.0, 5.0, 5.0}})},
                      {bid_curve({{10.0, 5.0, 5.0}}), bid_curve({{10.0, 5.0, 5.0}})},
                      {exact_lane(0, 1, 0.0), exact_lane(1, 0, 0.0)}};
    const SpatialMarketClearing apart = cleared(twins);
    EXPECT_NEAR(apart.domestic_flow[0], 10.0, 1e-8);
    EXPECT_NEAR(apart.flow[0] + apart.flow[1], 0.0, 1e-8);
}

TEST(ExactSolver, NodesWithoutTradingPartnersHaveDefinedPrices) {
    ExactMarket market{
        {ask_curve({{10.0, 4.0, 4.0}}), {}, {}}, {{}, bid_curve({{10.0, 9.0, 9.0}}), {}}, {exact_lane(0, 1, 1.0)}};
    market.lanes[0].cap = 0.0;
    const SpatialMarketClearing answer = cleared(market);
    EXPECT_EQ(answer.supply_price[0], 4.0) << "the lowest ask";
    EXPECT_EQ(answer.use_price[1], 9.0) << "the highest bid";
    EXPECT_EQ(answer.supplied[0], 0.0);
    EXPECT_EQ(answer.used[1], 0.0);
    EXPECT_EQ(answer.flow[0], 0.0);
}

TEST(ExactSolver, ASharedCapEarnsOneRentOverTwoGoods) {
    const ExactMarket cheap{
        {ask_curve({{50.0, 10.0, 20.0}}), {}}, {{}, bid_curve({{50.0, 100.0, 50.0}})}, {exact_lane(0, 1, 0.0)}};
    const ExactMarket expensive{
        {ask_curve({{50.0, 1000.0, 2000.0}}), {}}, {{}, bid_curve({{50.0, 2000.0, 1000.0}})}, {exact_lane(0, 1, 0.0)}};
    const std::vector<ExactMarket> markets = {cheap, expensive};
    const std::vector<SharedCap> caps = {{{{0, 0}, {1, 0}}, 30.0}};
    SpatialClearing clearing;
    clear_exact(markets, caps, clearing);
    EXPECT_LT(certify_exact(markets, caps, clearing).worst(), 1e-9);
    EXPECT_NEAR(clearing.markets[0].flow[0] + clearing.markets[1].flow[0], 30.0, 1e-9);
    // Margin of the cheap good: 90 - 1.2 x; of the expensive one: 1000 - 40 x.
    const double rent = clearing.shared_rent[0];
    EXPECT_NEAR(clearing.markets[0].use_price[1] - clearing.markets[0].supply_price[0], rent, 1e-8);
    EXPECT_NEAR(clearing.markets[1].use_price[1] - clearing.markets[1].supply_price[0], rent, 1e-8);
}

TEST(ExactSolver, RefusesCurvesThatAreNone) {
    ExactMarket market{{OrderCurve{{1.0, 2.0}, {5.0, 6.0}}}, {{}}, {}};
    SpatialClearing clearing;
    EXPECT_THROW(clear_exact({&market, 1}, {}, clearing), std::invalid_argument);
    market.supply[0] = {{2.0, 1.0}, {0.0, 6.0}};
    EXPECT_THROW(clear_exact({&market, 1}, {}, clearing), std::invalid_argument);
}

class DrawnExact : public testing::TestWithParam<ExactShape> {};

/// Every condition holds, and the rules leave one answer: the search finds the same from another start.
TEST_P(DrawnExact, SatisfiesEveryConditionWithOneAnswer) {
    const ExactShape& shape = GetParam();
    const std::uint32_t seeds = shape.nodes > 20 ? 10 : 40;
    for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
        Draws draws(seed * 7919U + 31U);
        const auto [markets, caps] = drawn_group(draws, shape);
        SpatialClearing cold;
        ASSERT_NO_THROW(clear_exact(markets, caps, cold)) << shape.name << " seed " << seed;
        const ExactCertificate certificate = certify_exact(markets, caps, cold);
        EXPECT_LT(certificate.worst(), 1e-9)
            << shape.name << " seed " << seed << " balance " << certificate.balance << " orders " << certificate.orders
            << " arbitrage " << certificate.arbitrage << " cap " << certificate.cap << " idle rent "
            << certificate.idle_rent;
        SpatialClearing warm = cold;
        for (SpatialMarketClearing& market : warm.markets) {
            for (std::size_t node = 0; node < market.supply_price.size(); ++node) {
                market.supply_price[node] *= 1.01;
                market.use_price[node] *= 0.99;
            }
            for (double& flow : market.flow) {
                flow *= 1.1;
            }
        }
        clear_exact(markets, caps, warm);
        for (std::size_t good = 0; good < markets.size(); ++good) {
            double volume = 1e-9;
            double price = 1e-9;
            for (std::size_t node = 0; node < markets[good].supply.size(); ++node) {
                volume += cold.markets[good].used[node];
                price = std::max(price, cold.markets[good].use_price[node]);
            }
            for (std::size_t number = 0; number < markets[good].lanes.size(); ++number) {
                EXPECT_NEAR(warm.markets[good].flow[number], cold.markets[good].flow[number], 1e-9 * volume)
                    << shape.name << " seed " << seed;
            }
            for (std::size_t node = 0; node < markets[good].supply.size(); ++node) {
                if (!markets[good].supply[node].empty() || !markets[good].use[node].empty()) {
                    EXPECT_NEAR(warm.markets[good].supply_price[node], cold.markets[good].supply_price[node],
                                1e-9 * price)
                        << shape.name << " seed " << seed;
                    EXPECT_NEAR(warm.markets[good].use_price[node], cold.markets[good].use_price[node], 1e-9 * price)
                        << shape.name << " seed " << seed;
                }
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, DrawnExact,
    testing::Values(ExactShape{.name = "steps"}, ExactShape{.name = "ramps", .ramps = 0.5},
                    ExactShape{.name = "whole", .whole = true}, ExactShape{.name = "few", .orders = 3, .whole = true},
                    ExactShape{.name = "duties", .ramps = 0.3, .duties = 0.5},
                    ExactShape{.name = "whole_duties", .duties = 0.5, .whole = true},
                    ExactShape{.name = "elastic", .ramps = 0.3, .duties = 0.3, .elastic = 0.5},
                    ExactShape{.name = "caps", .goods = 2, .caps = 2},
                    ExactShape{.name = "whole_caps", .whole = true, .goods = 2, .caps = 2},
                    ExactShape{
                        .name = "large", .nodes = 25, .orders = 200, .ramps = 0.2, .duties = 0.2, .elastic = 0.2}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(ExactCertificate, CatchesEveryKindOfWrongAnswer) {
    const ExactMarket market{{ask_curve({{10.0, 4.0, 4.0}, {10.0, 6.0, 6.0}}), {}},
                             {{}, bid_curve({{10.0, 20.0, 20.0}, {10.0, 8.0, 8.0}})},
                             {exact_lane(0, 1, 1.0)}};
    const auto certify = [&](const SpatialClearing& clearing) { return certify_exact({&market, 1}, {}, clearing); };
    SpatialClearing right;
    clear_exact({&market, 1}, {}, right);
    ASSERT_LT(certify(right).worst(), 1e-9);
    SpatialClearing wrong = right;
    wrong.markets[0].flow[0] -= 0.01;
    EXPECT_GT(certify(wrong).balance, 1e-4);
    wrong = right;
    wrong.markets[0].supply_price[0] = wrong.markets[0].use_price[1] - 2.0;
    EXPECT_GT(certify(wrong).arbitrage, 1e-2);
    wrong = right;
    wrong.markets[0].use_price[1] = 9.0;
    wrong.markets[0].supply_price[0] = 8.0;
    EXPECT_GT(certify(wrong).orders, 0.1) << "a bid of 8 was filled at a price of 9";
    wrong = right;
    wrong.markets[0].lane_rent[0] = 1.0;
    EXPECT_GT(certify(wrong).idle_rent, 1e-2);
    wrong = right;
    wrong.markets[0].supply_price[0] = std::nan("");
    EXPECT_FALSE(certify(wrong).worst() < 1e-9);
}

}  // namespace
}  // namespace ytterby
