#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/random.hpp"
#include "market/spatial_market.hpp"

namespace ytterby {

/// Random markets with shared caps over them.
struct DrawnMarkets {
    std::vector<SpatialMarket> markets;
    std::vector<SharedCap> caps;
};

/// Draws from one seed: each call takes the next address.
class Draws {
public:
    explicit Draws(std::uint32_t seed) : random_(seed) {}
    double share() { return random_.uniform(0U, Purpose::test, 0, next_++); }
    double between(double low, double high) { return low + (high - low) * share(); }
    /// Uniform in the logarithm.
    double spread(double low, double high) { return low * std::pow(high / low, share()); }
    bool chance(double probability) { return share() < probability; }
    std::uint32_t below(std::uint32_t bound) { return random_.below(bound, 1U, Purpose::test, 0, next_++); }

private:
    Random random_;
    std::uint32_t next_ = 0;
};

/// What makes a drawn market hard.
struct DrawnShape {
    std::uint32_t nodes = 10;
    double lanes_per_pair = 0.5;
    double supplied = 0.7, used = 0.8;  // share of nodes that have a curve
    double flat = 0.0;                  // share of flat pieces of curves
    double stiffest = 0.25;             // least preference slope, in prices; the largest is 0.25
    double closed = 0.1;                // share of lanes with a cap of zero
    double capped = 0.1;
    double duties = 0.2;
    double cost_spread = 0.5;  // costs and values differ by up to e to this
};

/// A rising or falling curve over 16 knots whose pieces may be flat.
inline Curve drawn_curve(Draws& draws, double middle, double size, bool rising, double flat) {
    Curve curve;
    double quantity = 0.0;
    double price = middle * draws.between(0.1, 0.3);
    for (int knot = 0; knot < 16; ++knot) {
        curve.price.push_back(price);
        curve.quantity.push_back(quantity);
        price *= draws.between(1.05, 1.5);
        quantity += draws.chance(flat) ? 0.0 : size * draws.share() / 8.0;
    }
    if (!rising) {
        std::reverse(curve.quantity.begin(), curve.quantity.end());
    }
    return curve;
}

inline SpatialMarket drawn_market(Draws& draws, const DrawnShape& shape, double price) {
    SpatialMarket market;
    market.supply.resize(shape.nodes);
    market.use.resize(shape.nodes);
    for (std::uint32_t node = 0; node < shape.nodes; ++node) {
        const double size = draws.spread(1.0, 1000.0);
        const double local = price * std::exp(shape.cost_spread * draws.between(-1.0, 1.0));
        if (draws.chance(shape.supplied)) {
            market.supply[node] = drawn_curve(draws, local, size, true, shape.flat);
        }
        if (draws.chance(shape.used)) {
            market.use[node] = drawn_curve(draws, local, size * draws.between(0.3, 1.3), false, shape.flat);
        }
    }
    for (std::uint32_t from = 0; from < shape.nodes; ++from) {
        for (std::uint32_t to = 0; to < shape.nodes; ++to) {
            if (from == to || !draws.chance(shape.lanes_per_pair)) {
                continue;
            }
            SpatialLane lane;
            lane.from = from;
            lane.to = to;
            lane.usual_flow = draws.chance(0.3) ? 0.0 : draws.spread(0.1, 100.0);
            lane.opening_flow = 0.01 * lane.usual_flow + 1e-3;
            lane.preference_slope = price * draws.spread(shape.stiffest, 0.25);
            lane.preference = 0.1 * price * draws.between(-0.5, 0.5);
            lane.freight = 0.1 * price * draws.share();
            lane.export_duty = draws.chance(shape.duties) ? 0.5 * draws.share() : 0.0;
            lane.tariff = draws.chance(shape.duties) ? 0.5 * draws.share() : 0.0;
            lane.friction = draws.chance(shape.duties) ? 0.2 * price * draws.share() : 0.0;
            lane.cap = draws.chance(shape.closed)   ? 0.0
                       : draws.chance(shape.capped) ? draws.spread(0.1, 100.0)
                                                    : lane.cap;
            market.lanes.push_back(lane);
        }
    }
    return market;
}

/// Caps over random lanes of all the markets.
inline void draw_caps(Draws& draws, DrawnMarkets& drawn, std::uint32_t count) {
    for (std::uint32_t cap = 0; cap < count; ++cap) {
        SharedCap shared;
        for (std::uint32_t market = 0; market < drawn.markets.size(); ++market) {
            for (std::uint32_t number = 0; number < drawn.markets[market].lanes.size(); ++number) {
                if (draws.chance(0.2)) {
                    shared.members.push_back({market, number});
                }
            }
        }
        shared.cap = draws.spread(1.0, 300.0);
        drawn.caps.push_back(std::move(shared));
    }
}

/// An answer to start from: one price everywhere.
inline SpatialClearing start_at(const std::vector<SpatialMarket>& markets, double price) {
    SpatialClearing clearing;
    for (const SpatialMarket& market : markets) {
        SpatialMarketClearing one;
        one.supply_price.assign(market.supply.size(), price);
        one.use_price.assign(market.supply.size(), price);
        clearing.markets.push_back(std::move(one));
    }
    return clearing;
}

}  // namespace ytterby
