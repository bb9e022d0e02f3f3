#pragma once

#include <cmath>
#include <vector>

#include "market/single_order_market.hpp"
#include "tests/market/drawn_markets.hpp"

namespace ytterby {

/// A market of drawn traders, each with a few steps around a price of 1000 USD/t.
struct TraderShape {
    std::uint32_t nodes = 1;
    std::uint32_t sellers = 200;
    std::uint32_t buyers = 200;
    std::uint32_t steps = 4;
    double spread = 0.3;  // of limits around the price
    double lanes_per_pair = 0.0;
    double freight = 50.0;  // USD/t
    double cap = std::numeric_limits<double>::infinity();
    bool equal_size = false;
};

inline SingleOrderMarket drawn_traders(Draws& draws, const TraderShape& shape) {
    SingleOrderMarket market;
    market.nodes = shape.nodes;
    for (std::uint32_t trader = 0; trader < shape.sellers + shape.buyers; ++trader) {
        const bool ask = trader < shape.sellers;
        const std::uint32_t node = shape.nodes > 1 ? draws.below(shape.nodes) : 0;
        const double size = shape.equal_size ? 1.0 : draws.spread(0.3, 3.0);
        for (std::uint32_t step = 0; step < shape.steps; ++step) {
            market.orders.push_back({node, trader, ask, size * draws.between(0.5, 1.5),
                                     1000.0 * (1.0 + shape.spread * draws.between(-1.0, 1.0))});
        }
    }
    for (std::uint32_t from = 0; from < shape.nodes; ++from) {
        for (std::uint32_t to = 0; to < shape.nodes; ++to) {
            if (from != to && draws.chance(shape.lanes_per_pair)) {
                SpatialLane lane;
                lane.from = from;
                lane.to = to;
                lane.freight = shape.freight;
                lane.export_duty = draws.chance(0.2) ? 0.05 : 0.0;
                lane.tariff = draws.chance(0.2) ? 0.1 : 0.0;
                lane.preference_slope = 250.0;
                lane.usual_flow = draws.spread(0.5, 20.0);
                lane.opening_flow = 0.01 * lane.usual_flow;
                lane.preference = -lane.freight;
                lane.cap = draws.chance(0.3) ? draws.share() * shape.cap : std::numeric_limits<double>::infinity();
                market.lanes.push_back(lane);
            }
        }
    }
    return market;
}

/// Landed price that the buyer of a trade pays, USD/t.
inline double landed_price(const SingleOrderMarket& market, const SingleTrade& trade) {
    return trade.lane == SingleTrade::at_home ? trade.price : market.lanes[trade.lane].delivered(trade.price);
}

/// Volume-weighted mean and coefficient of variation of what buyers paid.
struct PaidPrices {
    double tonnes = 0.0;
    double mean = 0.0;
    double variation = 0.0;
};
inline PaidPrices paid_prices(const SingleOrderMarket& market, const std::vector<SingleTrade>& trades) {
    PaidPrices paid;
    for (const SingleTrade& trade : trades) {
        paid.tonnes += trade.quantity;
        paid.mean += trade.quantity * landed_price(market, trade);
    }
    paid.mean /= paid.tonnes;
    for (const SingleTrade& trade : trades) {
        paid.variation += trade.quantity * std::pow(landed_price(market, trade) / paid.mean - 1.0, 2);
    }
    paid.variation = std::sqrt(paid.variation / paid.tonnes);
    return paid;
}

}  // namespace ytterby
