#include "agents/phases/origins.hpp"
#include "agents/world/origins.hpp"

#include <gtest/gtest.h>

#include "rules/regime.hpp"

namespace ytterby {
namespace {

const CountryId maker{0}, trader{1}, user{2};
const GoodId metal{0};

/// A maker, a country that makes some and trades on, a user; 10 t a tick from the maker to the trader, 4 t on to the
/// user.
struct ThreeCountries {
    Economy economy;
    World world;
    ThreeCountries() {
        for (const char* code : {"CHN", "JPN", "USA"}) {
            economy.countries.push_back({.code = code, .name = code});
        }
        economy.goods.push_back({.name = "gallium.refined", .metal = "gallium", .stage = "refined"});
        economy.network.countries = 3;
        economy.network.goods.resize(1);
        economy.network.goods[0].lanes = {{.origin = maker, .destination = trader, .base_flow_t = 10.0},
                                          {.origin = trader, .destination = user, .base_flow_t = 4.0}};
        economy.network.number_lanes();
        world.nodes.production = {20.0, 2.0, 0.0};
        world.nodes.stock = {30.0, 8.0, 4.0};
        world.lanes.flow = {10.0, 4.0};
        fill_origins(economy, world);
    }
    double share(CountryId where, CountryId made_in) const {
        return origin_share(economy, world, metal, where, made_in);
    }
    double sum(CountryId where) const { return share(where, maker) + share(where, trader) + share(where, user); }
};

TEST(Origins, TheBaseMixIsThatOfOutputAndImports) {
    const ThreeCountries three;
    EXPECT_DOUBLE_EQ(three.share(maker, maker), 1.0);
    EXPECT_NEAR(three.share(trader, maker), 10.0 / 12.0, 1e-12);
    EXPECT_NEAR(three.share(user, maker), 10.0 / 12.0, 1e-12) << "what is passed on keeps its origin";
}

TEST(Origins, ImportsMixIntoStockAndSumToOne) {
    ThreeCountries three;
    three.world.origin_share.assign(9, 0.0);
    for (std::size_t country = 0; country < 3; ++country) {
        three.world.origin_share[country * 3 + country] = 1.0;
    }
    mix_imports(three.economy, three.world, LaneRules(3, 1));
    EXPECT_NEAR(three.share(trader, maker), 10.0 / 14.0, 1e-12);
    EXPECT_NEAR(three.share(user, trader), 4.0 / 8.0, 1e-12) << "it left at the mix of the tick before";
    mix_output(three.economy, three.world);
    EXPECT_NEAR(three.share(trader, maker), 10.0 / 14.0 * (1.0 - 2.0 / 8.0), 1e-12);
    for (const CountryId country : {maker, trader, user}) {
        EXPECT_NEAR(three.sum(country), 1.0, 1e-15);
    }
}

/// Under a fully enforced clause the lane carries none of the maker's metal, and the trader's stock grows richer in it.
TEST(Origins, AClauseHoldsBackWhatWasMadeThere) {
    ThreeCountries three;
    ThreeCountries free;
    Regime regime(3, 1);
    regime.limit_origin({{trader}, {user}, {metal}}, maker, 1.0);
    three.world.lanes.flow = {0.0, 0.5};
    free.world.lanes.flow = {0.0, 0.5};
    mix_imports(three.economy, three.world, regime.lanes());
    mix_imports(free.economy, free.world, LaneRules(3, 1));
    EXPECT_NEAR(three.share(user, maker), (4.0 * 10.0 / 12.0) / 4.5, 1e-12) << "only what was there before";
    EXPECT_NEAR(three.share(trader, maker), (8.0 * 10.0 / 12.0) / 7.5, 1e-12);
    EXPECT_NEAR(free.share(trader, maker), 10.0 / 12.0, 1e-12);
    EXPECT_NEAR(three.sum(trader), 1.0, 1e-15);
    EXPECT_NEAR(three.sum(user), 1.0, 1e-15);
}

}  // namespace
}  // namespace ytterby
