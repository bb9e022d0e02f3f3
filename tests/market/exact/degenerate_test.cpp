// Cases that the conditions of equilibrium leave open, and empty ones; docs/exact_market.md lists them.
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "market/exact/solver.hpp"

namespace ytterby {
namespace {

using OrderList = std::vector<LimitOrder>;

OrderCurve asks(const OrderList& orders) { return make_supply_curve(orders); }
OrderCurve bids(const OrderList& orders) { return make_use_curve(orders); }

SpatialLane lane(std::uint32_t from, std::uint32_t to, double freight) {
    SpatialLane made;
    made.from = from;
    made.to = to;
    made.freight = freight;
    return made;
}

SpatialClearing clear(const std::vector<ExactMarket>& markets, const std::vector<SharedCap>& caps = {}) {
    SpatialClearing clearing;
    clear_exact(markets, caps, clearing);
    EXPECT_LT(certify_exact(markets, caps, clearing).worst(), 1e-9);
    return clearing;
}

SpatialMarketClearing clear(const ExactMarket& market) { return clear(std::vector<ExactMarket>{market}).markets[0]; }

TEST(ExactDegenerate, NothingAtAll) {
    EXPECT_TRUE(clear(ExactMarket{}).flow.empty());
    EXPECT_TRUE(clear(std::vector<ExactMarket>{}).markets.empty());
    ExactMarket bare{{{}, {}}, {{}, {}}, {lane(0, 1, 1.0)}};
    SpatialClearing clearing;
    clearing.markets.resize(1);
    clearing.markets[0].supply_price = {7.0, 8.0};
    clearing.markets[0].use_price = {7.0, 9.0};
    clear_exact({&bare, 1}, {}, clearing);
    EXPECT_EQ(clearing.markets[0].supply_price, (std::vector<double>{7.0, 8.0}))
        << "nodes without orders keep their prices";
    EXPECT_EQ(clearing.markets[0].use_price, (std::vector<double>{7.0, 9.0}));
    EXPECT_EQ(clearing.markets[0].flow[0], 0.0);
}

TEST(ExactDegenerate, NoBidsGiveTheLowestPriceAtWhichAnythingIsOffered) {
    const ExactMarket market{
        {asks({{10.0, 4.0, 4.0}, {5.0, 6.0, 6.0}}), asks({{3.0, 9.0, 9.0}})}, {{}, {}}, {lane(0, 1, 1.0)}};
    const SpatialMarketClearing answer = clear(market);
    EXPECT_EQ(answer.supply_price, (std::vector<double>{4.0, 9.0}));
    EXPECT_EQ(answer.use_price, (std::vector<double>{4.0, 9.0}));
    EXPECT_EQ(answer.supplied, (std::vector<double>{0.0, 0.0}));
}

TEST(ExactDegenerate, NoAsksGiveTheHighestPriceAnybodyWouldPay) {
    const ExactMarket market{
        {{}, {}}, {bids({{10.0, 4.0, 4.0}, {5.0, 6.0, 6.0}}), bids({{3.0, 9.0, 9.0}})}, {lane(0, 1, 1.0)}};
    const SpatialMarketClearing answer = clear(market);
    EXPECT_EQ(answer.use_price, (std::vector<double>{6.0, 9.0}));
    EXPECT_EQ(answer.supply_price, (std::vector<double>{6.0, 9.0}));
    EXPECT_EQ(answer.used, (std::vector<double>{0.0, 0.0}));
}

TEST(ExactDegenerate, OrdersOfNothingAreNone) {
    const ExactMarket market{{asks({{0.0, 4.0, 4.0}})}, {bids({{10.0, 9.0, 9.0}, {0.0, 50.0, 50.0}})}, {}};
    EXPECT_TRUE(market.supply[0].empty());
    EXPECT_EQ(clear(market).use_price[0], 9.0);
}

TEST(ExactDegenerate, AllLimitsEqualTradeAllTheyCanAtThem) {
    const ExactMarket market{{asks({{3.0, 5.0, 5.0}, {4.0, 5.0, 5.0}}), asks({{13.0, 5.0, 5.0}})},
                             {bids({{6.0, 5.0, 5.0}}), bids({{4.0, 5.0, 5.0}, {1.0, 5.0, 5.0}})},
                             {lane(0, 1, 0.0), lane(1, 0, 0.0)}};
    const SpatialMarketClearing answer = clear(market);
    for (std::size_t node = 0; node < 2; ++node) {
        EXPECT_EQ(answer.supply_price[node], 5.0);
        EXPECT_EQ(answer.use_price[node], 5.0);
        EXPECT_NEAR(marginal_share(market.supply[node], 5.0, answer.supplied[node]), 0.55, 1e-9)
            << "11 t of 20, alike at both nodes";
        EXPECT_NEAR(marginal_share(market.use[node], 5.0, answer.used[node]), 1.0, 1e-9);
    }
    EXPECT_NEAR(answer.flow[1], 2.15, 1e-8);
    EXPECT_NEAR(answer.flow[0], 0.0, 1e-8) << "no more moves than must";
}

TEST(ExactDegenerate, DuplicatesAtTheMarginAreFilledProRata) {
    const ExactMarket market{
        {asks({{10.0, 3.0, 3.0}, {20.0, 5.0, 5.0}, {60.0, 5.0, 5.0}})}, {bids({{30.0, 8.0, 8.0}})}, {}};
    const SpatialMarketClearing answer = clear(market);
    const double share = marginal_share(market.supply[0], answer.supply_price[0], answer.supplied[0]);
    EXPECT_EQ(answer.supply_price[0], 5.0);
    EXPECT_NEAR(sold_of({20.0, 5.0, 5.0}, 5.0, share), 5.0, 1e-9);
    EXPECT_NEAR(sold_of({60.0, 5.0, 5.0}, 5.0, share), 15.0, 1e-9);
}

TEST(ExactDegenerate, UnconnectedNodesClearByThemselves) {
    const ExactMarket one{{asks({{10.0, 4.0, 6.0}})}, {bids({{10.0, 9.0, 5.0}})}, {}};
    const ExactMarket other{{asks({{3.0, 400.0, 400.0}})}, {bids({{5.0, 900.0, 900.0}})}, {}};
    const ExactMarket both{{one.supply[0], other.supply[0]}, {one.use[0], other.use[0]}, {}};
    const SpatialMarketClearing together = clear(both);
    EXPECT_NEAR(together.supply_price[0], clear(one).supply_price[0], 1e-9);
    EXPECT_NEAR(together.supply_price[1], 900.0, 1e-9) << "buyers want more than is offered";
    EXPECT_NEAR(together.domestic_flow[1], 3.0, 1e-9);
}

TEST(ExactDegenerate, CapsOfNothingCloseLanes) {
    ExactMarket market{
        {asks({{10.0, 4.0, 4.0}}), {}}, {bids({{10.0, 5.0, 5.0}}), bids({{10.0, 9.0, 9.0}})}, {lane(0, 1, 1.0)}};
    const SpatialMarketClearing open = clear(market);
    EXPECT_NEAR(open.flow[0], 10.0, 1e-9);
    market.lanes[0].cap = 0.0;
    const SpatialMarketClearing closed = clear(market);
    EXPECT_EQ(closed.flow[0], 0.0);
    EXPECT_EQ(closed.lane_rent[0], 0.0) << "a closed lane does not count";
    EXPECT_NEAR(closed.domestic_flow[0], 10.0, 1e-9);
    market.lanes[0].cap = std::numeric_limits<double>::infinity();
    const SpatialClearing shared = clear({market}, {{{{0, 0}}, 0.0}});
    EXPECT_NEAR(shared.markets[0].flow[0], 0.0, 1e-9);
    EXPECT_NEAR(shared.markets[0].domestic_flow[0], 10.0, 1e-9);
    EXPECT_GE(shared.shared_rent[0], 0.0);
    const SpatialClearing nobody = clear({market}, {{{}, 0.0}});
    EXPECT_EQ(nobody.shared_rent[0], 0.0) << "a cap over no lanes";
}

/// Goods do not pass through nodes, so flows cannot circle; lanes that cost nothing carry no more than must move.
TEST(ExactDegenerate, AFreeCycleOfLanesCarriesNothing) {
    ExactMarket ring;
    for (std::uint32_t node = 0; node < 3; ++node) {
        ring.supply.push_back(asks({{10.0, 5.0, 5.0}}));
        ring.use.push_back(bids({{10.0, 7.0, 7.0}}));
        ring.lanes.push_back(lane(node, (node + 1) % 3, 0.0));
    }
    const SpatialMarketClearing answer = clear(ring);
    for (std::size_t node = 0; node < 3; ++node) {
        EXPECT_NEAR(answer.domestic_flow[node], 10.0, 1e-8);
        EXPECT_NEAR(answer.flow[node], 0.0, 1e-8);
        EXPECT_NEAR(answer.supply_price[node], 6.0, 1e-9) << "the middle between ask and bid";
    }
}

TEST(ExactDegenerate, ANodeThatDoesNotTradeAtHomeHasTwoPrices) {
    // Its sellers get more abroad than its own buyers bid, and those could buy from a third node.
    const ExactMarket market{{asks({{10.0, 4.0, 4.0}}), {}, asks({{10.0, 6.0, 6.0}})},
                             {bids({{10.0, 5.0, 5.0}}), bids({{10.0, 20.0, 20.0}}), {}},
                             {lane(0, 1, 2.0), lane(2, 0, 1.0)}};
    const SpatialMarketClearing answer = clear(market);
    EXPECT_NEAR(answer.supply_price[0], 11.5, 1e-9) << "from what its own buyers bid, 5, to 20 less freight";
    EXPECT_NEAR(answer.use_price[0], 6.0, 1e-9) << "from their bid, 5, to 6 and freight";
    EXPECT_EQ(answer.domestic_flow[0], 0.0);
}

/// With a preference slope on every lane, flows and prices are unique whatever ties there are in costs.
TEST(ExactDegenerate, SmoothPreferencesShareATie) {
    ExactMarket market{{asks({{100.0, 5.0, 5.0}}), asks({{100.0, 5.0, 5.0}}), {}},
                       {{}, {}, bids({{60.0, 50.0, 50.0}})},
                       {lane(0, 2, 1.0), lane(1, 2, 1.0)}};
    for (SpatialLane& one : market.lanes) {
        one.preference_slope = 2.0;
        one.opening_flow = 0.1;
    }
    market.lanes[0].usual_flow = 10.0;
    market.lanes[1].usual_flow = 20.0;
    const SpatialMarketClearing answer = clear(market);
    // Equal wedges: flow + opening in proportion to usual + opening.
    EXPECT_NEAR((answer.flow[0] + 0.1) / 10.1, (answer.flow[1] + 0.1) / 20.1, 1e-9);
    EXPECT_NEAR(answer.flow[0] + answer.flow[1], 60.0, 1e-8);
    SpatialClearing warm;
    warm.markets = {answer};
    warm.markets[0].flow = {59.0, 1.0};
    clear_exact({&market, 1}, {}, warm);
    EXPECT_NEAR(warm.markets[0].flow[0], answer.flow[0], 1e-7);
}

}  // namespace
}  // namespace ytterby
