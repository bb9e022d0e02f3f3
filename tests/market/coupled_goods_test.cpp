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

TEST(CoupledGoods, AClosedLaneKeepsItsLeakWithinWhatContractsLeave) {
    TwoCountries world;
    world.rules.ban(first_lane, BanKind::export_control);
    world.rules.leak(first_lane, 0.5, 7.0);
    EXPECT_EQ(world.lane(0).cap, 2.5) << "half of the usual flow";
    EXPECT_EQ(world.lane(0).friction, 7.0);
    world.rules.cap({"licence"}, first_lane, 3.0, RentHolder::seller);
    world.delivered = {2.0, 0.0};
    EXPECT_EQ(world.lane(0).cap, 1.0);
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
