#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "market/mechanism.hpp"

namespace ytterby {
namespace {

/// One good in four countries: the first sells, the second buys, the third does both, the fourth neither.
struct FourCountries {
    static constexpr std::size_t countries = 4;
    TradeNetwork network;
    Orders orders;
    LaneRules rules{countries, 1};
    std::vector<double> usual_flow;
    MarketMemory memory;

    FourCountries() {
        network.countries = countries;
        network.goods.resize(1);
        for (std::size_t from = 0; from < countries; ++from) {
            for (std::size_t to = 0; to < countries; ++to) {
                if (from != to) {
                    network.goods[0].lanes.push_back(
                        {id_at<CountryId>(from), id_at<CountryId>(to), 20.0, 0.0, 100.0, 0.1, 5.0});
                }
            }
        }
        network.number_lanes();
        usual_flow.assign(network.lane_count, 5.0);
        orders.points.assign(countries, make_price_points(1000.0, 0.0));
        orders.depth.resize(countries);
        for (std::size_t point = 0; point < schedule_points; ++point) {
            orders.depth[0].offered[point] = 10.0 * price_point_multiples[point];
            orders.depth[1].wanted[point] = 12.0 / (0.2 + price_point_multiples[point]);
            orders.depth[2].offered[point] = 4.0 * price_point_multiples[point];
            orders.depth[2].wanted[point] = 6.0 / (0.2 + price_point_multiples[point]);
        }
    }

    struct Prices {
        std::vector<double> supply, use;
    };
    Prices clear(Mechanism& mechanism, const Prices& last, const Prices& previous, Trades& trades) const {
        const MarketInput input{.network = network,
                                .orders = orders,
                                .rules = rules,
                                .use = {},
                                .usual_flow = usual_flow,
                                .last_supply_price = last.supply,
                                .last_use_price = last.use,
                                .previous_supply_price = previous.supply,
                                .previous_use_price = previous.use,
                                .last_shared_rents = {},
                                .memory = memory,
                                .random = Random(1),
                                .tick = 3};
        mechanism.clear(input, trades);
        return {{trades.nodes.supply_price.begin(), trades.nodes.supply_price.end()},
                {trades.nodes.use_price.begin(), trades.nodes.use_price.end()}};
    }
};

constexpr double last_price = 1000.0;

TEST(SpatialAuction, TheStartOfItsSearchDoesNotMatter) {
    const FourCountries world;
    const auto mechanism = make_mechanism("spatial_auction");
    const FourCountries::Prices last{{last_price, last_price, last_price, last_price},
                                     {last_price + 300.0, last_price, last_price, last_price + 50.0}};
    Trades trades;
    const FourCountries::Prices still = world.clear(*mechanism, last, last, trades);
    for (const double change : {0.5, 0.95, 1.02, 3.0, 0.0, std::nan("")}) {
        FourCountries::Prices previous = last;
        for (std::size_t country = 0; country < FourCountries::countries; ++country) {
            previous.supply[country] = last.supply[country] / change;
            previous.use[country] = last.use[country] / change;
        }
        const FourCountries::Prices moving = world.clear(*mechanism, last, previous, trades);
        for (std::size_t country = 0; country < 3; ++country) {
            EXPECT_NEAR(moving.supply[country], still.supply[country], 1e-8 * last_price)
                << country << " after a change by " << change;
            EXPECT_NEAR(moving.use[country], still.use[country], 1e-8 * last_price)
                << country << " after a change by " << change;
        }
        EXPECT_EQ(moving.supply[3], last.supply[3]) << "a node without orders keeps its price";
        EXPECT_EQ(moving.use[3], last.use[3]);
    }
}

/// Extrapolated start prices must not drift by themselves.
TEST(SpatialAuction, PricesComeToRestUnderOrdersThatDoNotChange) {
    const FourCountries world;
    const auto mechanism = make_mechanism("spatial_auction");
    const std::vector<double> high(FourCountries::countries, last_price);
    const std::vector<double> low(FourCountries::countries, 0.9 * last_price);
    FourCountries::Prices last{high, high};
    FourCountries::Prices previous{low, low};
    Trades trades;
    FourCountries::Prices first;
    for (int tick = 0; tick < 30; ++tick) {
        const FourCountries::Prices now = world.clear(*mechanism, last, previous, trades);
        first = tick == 0 ? now : first;
        previous = last;
        last = now;
    }
    for (std::size_t country = 0; country < FourCountries::countries; ++country) {
        EXPECT_NEAR(last.supply[country], first.supply[country], 1e-8 * last_price) << country;
        EXPECT_NEAR(last.use[country], first.use[country], 1e-8 * last_price) << country;
    }
    EXPECT_GT(trades.nodes.sold_t[0], 1.0);
}

}  // namespace
}  // namespace ytterby
