#include "market/single_trades/listing.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "tests/market/drawn_markets.hpp"

namespace ytterby {
namespace {

/// Two goods in three countries, a lane between every pair, drawn schedules of a few rows per node.
struct SmallWorld {
    static constexpr std::size_t countries = 3;
    static constexpr std::size_t goods = 2;
    TradeNetwork network;
    Orders orders;
    LaneRules rules{countries, goods};
    std::vector<double> usual_flow, supply_price, use_price;
    MarketMemory memory;

    explicit SmallWorld(std::uint32_t seed) {
        Draws draws(seed);
        network.countries = countries;
        network.goods.resize(goods);
        for (GoodLanes& good : network.goods) {
            for (std::size_t from = 0; from < countries; ++from) {
                for (std::size_t to = 0; to < countries; ++to) {
                    if (from != to) {
                        good.lanes.push_back(
                            {id_at<CountryId>(from), id_at<CountryId>(to), 20.0, 0.0, 100.0, 0.1, 5.0});
                    }
                }
            }
        }
        network.number_lanes();
        usual_flow.assign(network.lane_count, 5.0);
        supply_price.assign(network.node_count(), 1000.0);
        use_price.assign(network.node_count(), 1010.0);
        for (std::size_t node = 0; node < network.node_count(); ++node) {
            orders.points.push_back(make_price_points(draws.between(900.0, 1100.0), 0.0));
            orders.blocks.push_back({id_at<NodeId>(node), static_cast<std::uint32_t>(orders.rows.size()), 4});
            for (int row = 0; row < 4; ++row) {
                orders.rows.push_back(drawn_schedule(draws, row));
            }
        }
    }

    /// Row 0 sells, row 1 buys, row 2 and 3 trade both ways.
    static Schedule drawn_schedule(Draws& draws, int row) {
        Schedule schedule{};
        float net = row == 0 ? 0.0F : static_cast<float>(draws.between(5.0, 10.0));
        for (float& quantity : schedule.net_quantity) {
            quantity = row == 1 ? std::max(0.0F, net) : net;
            net -= draws.chance(0.3) ? 0.0F : static_cast<float>(draws.share());
        }
        return schedule;
    }

    MarketInput input() const {
        return {.network = network,
                .orders = orders,
                .rules = rules,
                .use = {},
                .usual_flow = usual_flow,
                .last_supply_price = supply_price,
                .last_use_price = use_price,
                .previous_supply_price = supply_price,
                .previous_use_price = use_price,
                .last_shared_rents = {},
                .memory = memory,
                .random = Random(1),
                .tick = 3};
    }
    CoupledGoods group(std::vector<std::size_t> numbers) const {
        CoupledGoods made;
        for (const std::size_t number : numbers) {
            made.goods.push_back(id_at<GoodId>(number));
        }
        return made;
    }
};

TEST(SingleOrderListing, StepsSumToTheSchedulesAtEveryPricePoint) {
    const SmallWorld world(1);
    const CoupledGoods both = world.group({0, 1});
    for (const std::uint32_t pieces : {1U, 3U}) {
        const SingleOrderMarket market = list_orders(world.input(), both, pieces);
        EXPECT_EQ(market.nodes, 6U);
        for (std::size_t row = 0; row < world.orders.rows.size(); ++row) {
            const PricePoints& points = world.orders.points[row / 4];
            for (std::size_t point = 0; point < schedule_points; ++point) {
                double net = 0.0;
                for (const SingleOrder& order : market.orders) {
                    if (order.trader == row &&
                        (order.ask ? order.limit <= points.price[point] : order.limit >= points.price[point])) {
                        EXPECT_EQ(order.node, row / 4);
                        net += order.ask ? -order.quantity : order.quantity;
                    }
                }
                const double scheduled = static_cast<double>(world.orders.rows[row].net_quantity[point]);
                EXPECT_NEAR(net, scheduled, 1e-5) << "row " << row << " point " << point;
            }
        }
    }
}

TEST(SingleOrderListing, PiecesFollowTheInterpolatedSchedule) {
    const SmallWorld world(2);
    const CoupledGoods first = world.group({0});
    const SingleOrderMarket market = list_orders(world.input(), first, 50);
    const PricePoints& points = world.orders.points[0];
    for (double price = points.price[3]; price < points.price[12]; price += 7.0) {
        double offered = 0.0;
        for (const SingleOrder& order : market.orders) {
            offered += order.trader == 0 && order.ask && order.limit <= price ? order.quantity : 0.0;
        }
        EXPECT_NEAR(offered, sold_at(world.orders.rows[0], locate(points, price)), 0.03);
    }
}

TEST(SingleOrderListing, LanesAndCapsOfCoupledGoodsShareOneNumbering) {
    SmallWorld world(3);
    const Selector china_out{.origins = {CountryId{0}}, .destinations = {}, .goods = {}};
    world.rules.shared_cap({"quota"}, china_out, 7.0, RentHolder::seller, 0.0);
    world.rules.tariff({.origins = {CountryId{0}}, .destinations = {CountryId{1}}, .goods = {GoodId{1}}}, 0.25);
    const MarketInput input = world.input();
    const std::vector<CoupledGoods> groups = couple_goods(input.rules.shared_limits(), SmallWorld::goods);
    ASSERT_EQ(groups.size(), 1U);
    const SingleOrderMarket market = list_orders(input, groups[0]);
    ASSERT_EQ(market.lanes.size(), 12U);
    EXPECT_EQ(market.lanes[6].from, 3U);
    EXPECT_EQ(market.lanes[6].to, 4U);
    EXPECT_NEAR(market.lanes[6].tariff, 0.25, 1e-9);
    ASSERT_EQ(market.caps.size(), 1U);
    EXPECT_EQ(market.caps[0].cap, 7.0);
    ASSERT_EQ(market.caps[0].members.size(), 4U);
    for (const SharedCap::Member& member : market.caps[0].members) {
        EXPECT_EQ(member.market, 0U);
        EXPECT_EQ(market.lanes[member.lane].from % SmallWorld::countries, 0U);
    }
}

/// One trade at home and one over a lane with duty, freight, tariff and friction.
struct BookedWorld {
    SmallWorld world{4};
    CoupledGoods group = world.group({0});
    SingleOrderMarket market;
    std::vector<SingleTrade> trades;

    BookedWorld() {
        const Selector lane{.origins = {CountryId{0}}, .destinations = {CountryId{1}}, .goods = {GoodId{0}}};
        world.rules.export_duty({"duty"}, lane, 0.1);
        world.rules.tariff(lane, 0.2);
        world.rules.friction({"friction"}, lane, 3.0);
        market = list_orders(world.input(), group);
        const auto order = [&](std::uint32_t node, bool ask) {
            std::uint32_t best = 0;
            for (std::uint32_t number = 0; number < market.orders.size(); ++number) {
                const SingleOrder& here = market.orders[number];
                const bool same = here.node == node && here.ask == ask;
                if (same && (market.orders[best].node != node || market.orders[best].ask != ask ||
                             (ask ? here.limit < market.orders[best].limit : here.limit > market.orders[best].limit))) {
                    best = number;
                }
            }
            return best;
        };
        const std::uint32_t ask = order(0, true), home = order(0, false), abroad = order(1, false);
        const double most =
            std::min({market.orders[ask].quantity, market.orders[home].quantity, market.orders[abroad].quantity});
        const double price = market.orders[ask].limit;
        trades.push_back({ask, home, SingleTrade::at_home, 0.25 * most, price});
        trades.push_back({ask, abroad, 0, 0.5 * most, price * 1.1, 12.0});
    }
};

TEST(SingleOrderListing, BookingBalancesMoneyAndTonnes) {
    const BookedWorld booked;
    Trades trades;
    reset_trades(booked.world.input(), trades);
    book_trades(booked.world.input(), booked.group, booked.market, booked.trades, trades);
    const SpatialLane& lane = booked.market.lanes[0];
    const SingleTrade& home = booked.trades[0];
    const SingleTrade& abroad = booked.trades[1];
    const double landed = lane.delivered(abroad.price);
    EXPECT_NEAR(landed, (abroad.price * 1.1 + 20.0) * 1.2 + 3.0, 1e-6);
    EXPECT_DOUBLE_EQ(trades.lanes[0].tonnes, abroad.quantity);
    double paid = 0.0, received = 0.0, sold = 0.0, bought = 0.0;
    for (std::size_t row = 0; row < trades.rows.sold_t.size(); ++row) {
        paid += trades.rows.paid_usd[row];
        received += trades.rows.received_usd[row];
        sold += trades.rows.sold_t[row];
        bought += trades.rows.bought_t[row];
    }
    const Column<LaneTrade>& lanes = trades.lanes;
    const double between =
        lanes[0].export_duty_usd + lanes[0].freight_usd + lanes[0].tariff_usd + lanes[0].friction_usd;
    EXPECT_NEAR(paid, received + between, 1e-9 * paid);
    EXPECT_NEAR(paid, home.quantity * home.price + abroad.quantity * landed, 1e-9 * paid);
    EXPECT_DOUBLE_EQ(sold, bought);
    EXPECT_NEAR(trades.nodes.supply_price[0], (home.quantity * home.price + abroad.quantity * abroad.price) / sold,
                1e-9);
    EXPECT_NEAR(trades.nodes.use_price[1], landed + 12.0, 1e-9);
    EXPECT_NEAR(trades.nodes.landed_usd_per_t[1], landed, 1e-9);
    EXPECT_EQ(trades.nodes.supply_price[2], 1000.0) << "no trade: the last price";
    EXPECT_EQ(trades.nodes.use_price[2], 1010.0);
    EXPECT_DOUBLE_EQ(trades.nodes.domestic_t[0], home.quantity);
    EXPECT_NEAR(lanes[0].premium_usd_per_t, trades.nodes.use_price[1] - lane.delivered(trades.nodes.supply_price[0]),
                1e-9);
    EXPECT_LT(trades.quality.worst_balance, 1e-12);
    EXPECT_EQ(trades.quality.worst_arbitrage, 0.0);
    EXPECT_EQ(trades.quality.worst_cap, 0.0);
}

TEST(SingleOrderListing, RentsGoToTheHolderOfTheCap) {
    for (const RentHolder holder : {RentHolder::seller, RentHolder::treasury}) {
        BookedWorld booked;
        SingleTrade& abroad = booked.trades[1];
        abroad.rent = 7.0;
        booked.world.rules.shared_cap({"quota"}, {.origins = {CountryId{0}}, .destinations = {}, .goods = {GoodId{0}}},
                                      1e3, holder, 0.0);
        booked.group.limits = {0};
        booked.market = list_orders(booked.world.input(), booked.group);
        Trades trades;
        reset_trades(booked.world.input(), trades);
        book_trades(booked.world.input(), booked.group, booked.market, booked.trades, trades);
        const double rent = 7.0 * abroad.quantity;
        EXPECT_NEAR(trades.lanes[0].rent_usd, rent, 1e-9 * rent);
        EXPECT_EQ(trades.lanes[0].rent_to_treasury_usd,
                  holder == RentHolder::treasury ? trades.lanes[0].rent_usd : 0.0);
        EXPECT_NEAR(trades.shared_rents[0], 7.0, 1e-9);
        EXPECT_NEAR(trades.shared_used_t[0], abroad.quantity, 1e-12);
        double received = 0.0, paid = 0.0;
        for (std::size_t row = 0; row < trades.rows.sold_t.size(); ++row) {
            received += trades.rows.received_usd[row];
            paid += trades.rows.paid_usd[row];
        }
        const Column<LaneTrade>& lanes = trades.lanes;
        const double between = lanes[0].export_duty_usd + lanes[0].freight_usd + lanes[0].tariff_usd +
                               lanes[0].friction_usd + lanes[0].rent_to_treasury_usd;
        EXPECT_NEAR(paid, received + between, 1e-9 * paid);
    }
}

TEST(SingleOrderListing, BookingRefusesTradesThatBreakALimit) {
    const BookedWorld booked;
    const auto book = [&](const SingleTrade& trade) {
        Trades trades;
        reset_trades(booked.world.input(), trades);
        book_trades(booked.world.input(), booked.group, booked.market, std::vector<SingleTrade>{trade}, trades);
    };
    SingleTrade cheap = booked.trades[0];
    cheap.price *= 0.99;
    EXPECT_THROW(book(cheap), std::logic_error);
    SingleTrade expensive = booked.trades[1];
    expensive.price = booked.market.orders[expensive.bid].limit;
    EXPECT_THROW(book(expensive), std::logic_error);
    SingleTrade large = booked.trades[0];
    large.quantity = 1.001 * booked.market.orders[large.ask].quantity;
    EXPECT_THROW(book(large), std::logic_error);
    SingleTrade astray = booked.trades[1];
    astray.lane = 1;
    EXPECT_THROW(book(astray), std::logic_error);
}

}  // namespace
}  // namespace ytterby
