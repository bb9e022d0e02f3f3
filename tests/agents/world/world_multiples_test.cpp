#include "agents/world/world_multiples.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ytterby {
namespace {

/// Two countries and two goods; nobody uses the second good.
struct TwoUsers {
    Economy economy;
    World world;

    TwoUsers() {
        economy.countries = {{.code = "CHL", .name = "Chile"}, {.code = "CHN", .name = "China"}};
        economy.goods = {{.name = "metal.ore", .metal = "metal", .stage = "ore"},
                         {.name = "metal.refined", .metal = "metal", .stage = "refined"}};
        economy.network.countries = 2;
        economy.network.goods.resize(2);
        economy.base_price = {50.0, 100.0, 200.0, 200.0};
        world.nodes.consumption.assign(4, 0.0);
    }
};

TEST(WorldMultiples, WeighByUse) {
    TwoUsers two;
    two.world.nodes.consumption[0] = 30.0;
    two.world.nodes.consumption[1] = 10.0;
    const std::vector<double> multiples =
        world_multiples(two.economy, two.world, std::vector<double>{100.0, 600.0, 400.0, 400.0});
    ASSERT_EQ(multiples.size(), 2U);
    EXPECT_DOUBLE_EQ(multiples[0], (30.0 * 2.0 + 10.0 * 6.0) / 40.0) << "each against its own base price";
    EXPECT_EQ(multiples[1], 1.0) << "nobody used it";
}

TEST(WorldMultiples, AreOneAtBasePrices) {
    TwoUsers two;
    two.world.nodes.consumption.assign(4, 7.0);
    const std::vector<double> multiples = world_multiples(two.economy, two.world, two.economy.base_price);
    EXPECT_EQ(multiples, (std::vector<double>{1.0, 1.0}));
}

/// Dear metal in a country that uses none of it says nothing about the world's price.
TEST(WorldMultiples, LeaveOutWhoUsesNothing) {
    TwoUsers two;
    two.world.nodes.consumption[1] = 5.0;
    EXPECT_DOUBLE_EQ(world_multiples(two.economy, two.world, std::vector<double>{5e6, 110.0, 0.0, 0.0})[0], 1.1);
}

}  // namespace
}  // namespace ytterby
