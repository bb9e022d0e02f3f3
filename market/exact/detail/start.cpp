#include "market/exact/detail/start.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace ytterby {

void check_curve(const OrderCurve& curve, bool supply) {
    bool good = curve.price.size() == curve.quantity.size();
    for (std::size_t knot = 0; good && knot < curve.price.size(); ++knot) {
        good = std::isfinite(curve.price[knot]) && std::isfinite(curve.quantity[knot]) && curve.quantity[knot] >= 0.0;
        if (good && knot > 0) {
            const double rise = curve.quantity[knot] - curve.quantity[knot - 1];
            good = curve.price[knot] >= curve.price[knot - 1] && (supply ? rise >= 0.0 : rise <= 0.0);
        }
    }
    if (!good || (!curve.empty() && (supply ? curve.quantity.front() : curve.quantity.back()) != 0.0)) {
        throw std::invalid_argument(supply ? "a supply curve must rise from zero with its price"
                                           : "a use curve must fall to zero with its price");
    }
}

double crossing_price(const ExactMarket& market) {
    double low = 0.0;
    double high = 0.0;
    bool any = false;
    for (const auto* curves : {&market.supply, &market.use}) {
        for (const OrderCurve& curve : *curves) {
            if (!curve.empty()) {
                low = any ? std::min(low, curve.price.front()) : curve.price.front();
                high = any ? std::max(high, curve.price.back()) : curve.price.back();
                any = true;
            }
        }
    }
    for (int turn = 0; turn < 60; ++turn) {
        const double middle = 0.5 * (low + high);
        double surplus = 0.0;
        for (std::size_t node = 0; node < market.supply.size(); ++node) {
            surplus += quantities_at(market.supply[node], middle).most - quantities_at(market.use[node], middle).least;
        }
        (surplus < 0.0 ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

}  // namespace ytterby
