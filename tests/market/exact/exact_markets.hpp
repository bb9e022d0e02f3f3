#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "market/exact/solver.hpp"
#include "tests/market/drawn_markets.hpp"

namespace ytterby {

/// What a drawn exact market looks like.
struct ExactShape {
    const char* name = "";
    std::uint32_t nodes = 8;
    int orders = 20;       // per curve
    double ramps = 0.0;    // share of orders that are ramps
    double duties = 0.0;   // share of lanes with ad valorem duties up to half
    double elastic = 0.0;  // share of lanes with a preference slope
    bool whole = false;    // prices and quantities are small whole numbers: ties everywhere
    std::size_t goods = 1;
    int caps = 0;            // shared, each over about 30 % of all lanes
    double lanes = 0.5;      // share of pairs with a lane
    double capped = 0.1;     // share of lanes with a cap of their own
    double banned = 0.0;     // share of lanes with a cap of zero
    double present = 0.75;   // share of curves that are not empty
    double stiffest = 1e-3;  // least preference slope, in prices; the largest is 0.25
    double freight = 0.3;    // the largest, in prices
    double apart = 0.0;      // asks are higher by this share of the price: little is traded
    double sizes = 100.0;    // the largest order over the smallest
};

/// Goods with the caps they share.
struct ExactGroup {
    std::vector<ExactMarket> markets;
    std::vector<SharedCap> caps;
};

inline ExactMarket drawn_exact(Draws& draws, const ExactShape& shape) {
    ExactMarket market;
    const double scale = shape.whole ? 20.0 : draws.spread(1.0, 1e5);
    const auto price = [&](double low, double high) {
        const double value = scale * draws.between(low, high);
        return shape.whole ? std::round(value) : value;
    };
    const auto orders = [&](double apart) {
        std::vector<LimitOrder> made;
        const double shift = apart + draws.between(-0.3, 0.3);
        for (int order = 0; order < shape.orders; ++order) {
            const double limit = price(0.5 + shift, 1.5 + shift);
            const double end = draws.chance(shape.ramps) ? price(0.5 + shift, 1.5 + shift) : limit;
            made.push_back({shape.whole ? 1.0 + draws.below(5) : draws.spread(0.1, 0.1 * shape.sizes), limit, end});
        }
        return draws.chance(shape.present) ? made : std::vector<LimitOrder>{};
    };
    for (std::uint32_t node = 0; node < shape.nodes; ++node) {
        market.supply.push_back(make_supply_curve(orders(shape.apart)));
        market.use.push_back(make_use_curve(orders(0.0)));
    }
    for (std::uint32_t from = 0; from < shape.nodes; ++from) {
        for (std::uint32_t to = 0; to < shape.nodes; ++to) {
            if (from == to || !draws.chance(shape.lanes)) {
                continue;
            }
            SpatialLane made;
            made.from = from;
            made.to = to;
            made.freight = price(0.0, shape.freight);
            if (draws.chance(shape.duties)) {
                made.export_duty = 0.5 * draws.share();
                made.tariff = 0.5 * draws.share();
            }
            if (draws.chance(shape.elastic)) {
                made.preference_slope = scale * draws.spread(shape.stiffest, 0.25);
                made.usual_flow = draws.spread(0.1, 30.0);
                made.opening_flow = 0.01 * made.usual_flow + 1e-3;
            }
            if (draws.chance(shape.capped)) {
                made.cap = shape.whole ? draws.below(6) : draws.spread(0.1, 20.0);
            }
            if (draws.chance(shape.banned)) {
                made.cap = 0.0;
            }
            market.lanes.push_back(made);
        }
    }
    return market;
}

inline ExactGroup drawn_group(Draws& draws, const ExactShape& shape) {
    ExactGroup group;
    for (std::size_t good = 0; good < shape.goods; ++good) {
        group.markets.push_back(drawn_exact(draws, shape));
    }
    for (int cap = 0; cap < shape.caps; ++cap) {
        SharedCap shared;
        for (std::uint32_t good = 0; good < group.markets.size(); ++good) {
            for (std::uint32_t number = 0; number < group.markets[good].lanes.size(); ++number) {
                if (draws.chance(0.3)) {
                    shared.members.push_back({good, number});
                }
            }
        }
        shared.cap = shape.whole ? draws.below(60) : draws.spread(1.0, 100.0);
        group.caps.push_back(shared);
    }
    return group;
}

}  // namespace ytterby
