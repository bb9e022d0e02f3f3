#include "market/bilateral/detail/seller_search.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <vector>

#include "core/random.hpp"

namespace ytterby {
namespace {

/// Two origins, two sellers of 10 and 30 t at the first, one at the second, buyers at a third node.
SingleOrderMarket two_origins() {
    SingleOrderMarket market;
    market.nodes = 3;
    market.orders = {
        {0, 1, true, 10.0, 90.0}, {0, 2, true, 30.0, 90.0}, {1, 3, true, 20.0, 90.0}, {2, 4, false, 60.0, 120.0}};
    SpatialLane first, second;
    first.to = second.to = 2;
    second.from = 1;
    first.usual_flow = 29.0;
    second.usual_flow = 9.0;
    first.opening_flow = second.opening_flow = 1.0;
    market.lanes = {first, second};
    return market;
}

/// How often each seller is met, as shares of 20,000 draws.
std::map<std::uint32_t, double> shares(const SellerSearch& search, const LadderSide& sellers, std::uint32_t node) {
    std::map<std::uint32_t, double> met;
    const Random random(1);
    for (std::uint32_t draw = 0; draw < 20000; ++draw) {
        const SellerSearch::Met one = search.meet(node, random.uniform(0U, Purpose::test, 0, draw));
        if (one.seller != SellerSearch::none) {
            met[sellers.ladders[one.seller].trader] += 1.0 / 20000.0;
        }
    }
    return met;
}

TEST(SellerSearch, MeetsByFamiliarityOfTheLaneAndSizeOfTheSeller) {
    const SingleOrderMarket market = two_origins();
    const LadderSide sellers = make_ladders(market, true, {});
    SellerSearch search(market, sellers, make_ladders(market, false, {}));
    search.open_round(sellers, {100.0, 100.0});
    std::map<std::uint32_t, double> met = shares(search, sellers, 2);
    // Three quarters of the usual and opening flow come from the first origin, a quarter of it from the smaller seller.
    // Three standard errors of 20,000 draws are 0.011 at most.
    EXPECT_NEAR(met[1], 0.75 * 0.25, 0.011);
    EXPECT_NEAR(met[2], 0.75 * 0.75, 0.011);
    EXPECT_NEAR(met[3], 0.25, 0.011);
    search.open_round(sellers, {0.0, 100.0});
    met = shares(search, sellers, 2);
    EXPECT_NEAR(met[3], 1.0, 1e-9) << "a lane without room is no route";
    search.open_round(sellers, {0.0, 0.0});
    EXPECT_TRUE(shares(search, sellers, 2).empty());
}

TEST(SellerSearch, SellersWithNothingLeftAreNotMet) {
    const SingleOrderMarket market = two_origins();
    LadderSide sellers = make_ladders(market, true, {});
    SellerSearch search(market, sellers, make_ladders(market, false, {}));
    sellers.take(sellers.ladders[1], 30.0);
    search.open_round(sellers, {100.0, 100.0});
    std::map<std::uint32_t, double> met = shares(search, sellers, 2);
    EXPECT_NEAR(met[1], 0.75, 0.011);
    EXPECT_EQ(met.count(2), 0U);
}

TEST(SellerSearch, FindsAKnownSellerAndTheRouteFromIt) {
    const SingleOrderMarket market = two_origins();
    const LadderSide sellers = make_ladders(market, true, {});
    const SellerSearch search(market, sellers, make_ladders(market, false, {}));
    EXPECT_EQ(search.find(2, 3, sellers).lane, 1U);
    EXPECT_EQ(search.find(1, 3, sellers).lane, SingleTrade::at_home);
    EXPECT_EQ(search.find(0, 3, sellers).seller, SellerSearch::none) << "no lane leads there";
    for (const std::uint32_t stranger : {0U, 4U, 5U, std::numeric_limits<std::uint32_t>::max()}) {
        EXPECT_EQ(search.find(2, stranger, sellers).seller, SellerSearch::none);
    }
}

TEST(TraderLadders, AsksRiseBidsFallAndStepsAreTakenInOrder) {
    SingleOrderMarket market;
    market.nodes = 1;
    market.orders = {{0, 5, true, 2.0, 110.0},
                     {0, 5, true, 1.0, 90.0},
                     {0, 5, true, 0.0, 80.0},
                     {0, 6, false, 2.0, 95.0},
                     {0, 6, false, 1.0, 120.0}};
    const std::vector<double> known = {100.0};
    LadderSide asks = make_ladders(market, true, known);
    const LadderSide bids = make_ladders(market, false, known);
    ASSERT_EQ(asks.ladders.size(), 1U);
    Ladder& seller = asks.ladders[0];
    EXPECT_EQ(seller.limit, 90.0);
    EXPECT_EQ(seller.at_known, 1.0);
    EXPECT_EQ(seller.total, 3.0);
    EXPECT_EQ(bids.ladders[0].limit, 120.0);
    EXPECT_EQ(bids.ladders[0].at_known, 1.0);
    EXPECT_EQ(bids.wanted_above(bids.ladders[0], 95.0), 3.0);
    EXPECT_EQ(bids.wanted_above(bids.ladders[0], 96.0), 1.0);
    asks.take(seller, 0.25);
    EXPECT_EQ(asks.marginal(seller).left, 0.75);
    asks.take(seller, 0.75);
    EXPECT_EQ(seller.limit, 110.0);
    asks.take(seller, 2.0);
    EXPECT_TRUE(seller.done());
    EXPECT_EQ(seller.traded, 3.0);
}

}  // namespace
}  // namespace ytterby
