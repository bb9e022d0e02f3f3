#include "market/coupled_goods.hpp"

#include <gtest/gtest.h>

namespace ytterby {
namespace {

/// One good, two countries, a lane each way; nothing is ordered.
struct TwoCountries {
    TradeNetwork network;
    Orders orders;
    LaneRules rules{2, 1};
    MarketMemory memory;
    std::vector<double> usual_flow{5.0, 5.0};
    std::vector<double> prices{1000.0, 1000.0};
    std::vector<double> delivered, shared_delivered, owner_prefers;

    TwoCountries() {
        network.countries = 2;
        network.goods.resize(1);
        network.goods[0].lanes = {{CountryId{0}, CountryId{1}, 20.0, 0.0, 100.0, 0.1, 5.0},
                                  {CountryId{1}, CountryId{0}, 20.0, 0.0, 100.0, 0.1, 5.0}};
        network.number_lanes();
    }
    MarketInput input() const {
        return {.network = network,
                .orders = orders,
                .rules = rules,
                .use = {delivered, shared_delivered, owner_prefers},
                .usual_flow = usual_flow,
                .last_supply_price = prices,
                .last_use_price = prices,
                .previous_supply_price = prices,
                .previous_use_price = prices,
                .last_shared_rents = {},
                .memory = memory,
                .random = Random(1)};
    }
    SpatialLane lane(std::size_t number) const { return lane_terms(input(), GoodId{0}, number); }
};

const Selector first_lane{{CountryId{0}}, {CountryId{1}}, {GoodId{0}}};

/// Contracts come first: what they moved is off the caps, on their own lane alone.
TEST(CoupledGoods, ContractsUseCapsBeforeTheMarket) {
    TwoCountries world;
    world.rules.cap({"licence", BanKind::export_control}, first_lane, 10.0, RentHolder::seller);
    world.rules.shared_cap({"quota"}, first_lane, 30.0, RentHolder::seller, 0.0);
    EXPECT_EQ(world.lane(0).cap, 10.0);
    world.delivered = {4.0, 4.0};
    world.shared_delivered = {25.0};
    EXPECT_EQ(world.lane(0).cap, 6.0);
    EXPECT_EQ(world.lane(1).cap, std::numeric_limits<double>::infinity());
    EXPECT_EQ(shared_caps_of(world.input(), {{GoodId{0}}, {0}}).at(0).cap, 5.0);
    world.delivered = {10.0, 0.0};
    EXPECT_EQ(world.lane(0).cap, 0.0);
}

/// Over a closed lane leaks the more the further the price abroad is above the price inside, and never more than the
/// most: x = l U max(0, 1 - p_in (1 + risk) / p_out).
TEST(CoupledGoods, ALeakGrowsWithTheGap) {
    TwoCountries world;
    world.rules.ban(first_lane, BanKind::export_control);
    EXPECT_EQ(world.lane(0).cap, 0.0) << "nothing leaks without a rule of it";
    world.rules.export_duty({"duty"}, first_lane, 0.5);
    world.rules.leak(first_lane, 2.5, 0.25);
    const LaneRule& rule = world.rules.rule(GoodId{0}, CountryId{0}, CountryId{1});
    EXPECT_TRUE(leaks(rule));
    const SpatialLane lane = world.lane(0);
    EXPECT_EQ(lane.export_duty, 0.0) << "nobody declares it";
    EXPECT_EQ(lane.preference, 0.0);
    const double inside = 100.0;
    const double cost = 1.25 * inside + lane.freight;
    EXPECT_EQ(leaking_t(lane, rule, inside, cost), 0.0);
    EXPECT_EQ(leaking_t(lane, rule, inside, 0.5 * cost), 0.0);
    EXPECT_DOUBLE_EQ(leaking_t(lane, rule, inside, 2.0 * cost), 1.25);
    EXPECT_DOUBLE_EQ(leaking_t(lane, rule, inside, 10.0 * cost), 2.25);
}

TEST(CoupledGoods, OwnersPreferencesComeOnTopOfStates) {
    TwoCountries world;
    const double plain = world.lane(0).preference;
    world.rules.prefer(first_lane, 5.0);
    world.owner_prefers = {2.5, 0.0};
    EXPECT_EQ(world.lane(0).preference, plain - 7.5);
    EXPECT_EQ(world.lane(1).preference, plain);
}

}  // namespace
}  // namespace ytterby
