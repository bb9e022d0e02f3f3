#include "market/exact/order_curve.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

#include "core/maths.hpp"
#include "market/exact/detail/price_order.hpp"

namespace ytterby {
namespace {

/// A step, or one end of a ramp, in the order of rising prices.
struct Corner {
    double price = 0.0;
    double jump = 0.0;   // t, of steps
    double slope = 0.0;  // t per USD/t, from here on
    int ramps = 0;       // ramps that begin less ramps that end
};

/// Sums orders along rising prices; a `sign` of -1 reverses prices, for buyers.
OrderCurve sum_orders(std::span<const LimitOrder> orders, double sign) {
    std::vector<Corner> corners;
    corners.reserve(orders.size());
    for (const LimitOrder& order : orders) {
        if (!(order.quantity >= 0.0) || !std::isfinite(order.quantity) || !std::isfinite(order.limit) ||
            !std::isfinite(order.limit_end)) {
            throw std::invalid_argument("an order needs a finite quantity of zero or more and finite limits");
        }
        if (order.quantity == 0.0) {
            continue;
        }
        const double low = std::min(sign * order.limit, sign * order.limit_end);
        const double high = std::max(sign * order.limit, sign * order.limit_end);
        if (low == high || !std::isfinite(order.quantity / (high - low))) {
            corners.push_back({low, order.quantity, 0.0, 0});
        } else {
            const double slope = order.quantity / (high - low);
            corners.push_back({low, 0.0, slope, 1});
            corners.push_back({high, 0.0, -slope, -1});
        }
    }
    std::vector<double> prices;
    prices.reserve(corners.size());
    for (const Corner& corner : corners) {
        prices.push_back(corner.price);
    }
    const std::vector<std::uint32_t> order = order_of_prices(prices);
    OrderCurve curve;
    curve.price.reserve(2 * corners.size());
    curve.quantity.reserve(2 * corners.size());
    CompensatedSum quantity;
    CompensatedSum slope;
    int ramps = 0;
    for (std::size_t index = 0; index < order.size();) {
        const double price = corners[order[index]].price;
        if (ramps > 0) {
            quantity.add(std::max(0.0, slope.total()) * (price - curve.price.back()));
        }
        double jump = 0.0;
        const double before = quantity.total();
        for (; index < order.size() && corners[order[index]].price == price; ++index) {
            const Corner& corner = corners[order[index]];
            jump += corner.jump;
            slope.add(corner.slope);
            ramps += corner.ramps;
        }
        if (ramps == 0) {
            slope = {};
        }
        curve.price.push_back(price);
        curve.quantity.push_back(before);
        if (jump > 0.0) {
            quantity.add(jump);
            curve.price.push_back(price);
            curve.quantity.push_back(quantity.total());
        }
    }
    return curve;
}

double ramp_share(double low, double high, double price) { return std::clamp((price - low) / (high - low), 0.0, 1.0); }

}  // namespace

OrderCurve make_supply_curve(std::span<const LimitOrder> orders) { return sum_orders(orders, 1.0); }

OrderCurve make_use_curve(std::span<const LimitOrder> orders) {
    OrderCurve curve = sum_orders(orders, -1.0);
    std::reverse(curve.price.begin(), curve.price.end());
    std::reverse(curve.quantity.begin(), curve.quantity.end());
    for (double& price : curve.price) {
        price = 0.0 - price;
    }
    return curve;
}

QuantityRange quantities_between(const OrderCurve& curve, double low, double high) {
    if (curve.empty()) {
        return {};
    }
    const auto& price = curve.price;
    const auto value = [&](double where, std::size_t upper) {  // `upper`: first knot at or above `where`
        if (upper == 0) {
            return curve.quantity.front();
        }
        if (upper == price.size()) {
            return curve.quantity.back();
        }
        const double width = price[upper] - price[upper - 1];
        const double share = width > 0.0 ? (where - price[upper - 1]) / width : 0.0;
        return curve.quantity[upper - 1] + share * (curve.quantity[upper] - curve.quantity[upper - 1]);
    };
    const auto before = static_cast<std::size_t>(std::lower_bound(price.begin(), price.end(), low) - price.begin());
    const auto after = static_cast<std::size_t>(std::upper_bound(price.begin(), price.end(), high) - price.begin());
    const double first = value(low, before);
    const double last = value(high, after);
    return {std::min(first, last), std::max(first, last)};
}

double marginal_share(const OrderCurve& curve, double price, double quantity) {
    const QuantityRange range = quantities_at(curve, price);
    return range.most > range.least ? std::clamp((quantity - range.least) / (range.most - range.least), 0.0, 1.0) : 1.0;
}

double sold_of(const LimitOrder& order, double price, double share) {
    const double low = std::min(order.limit, order.limit_end);
    const double high = std::max(order.limit, order.limit_end);
    if (low == high) {
        return order.quantity * (price > low ? 1.0 : price < low ? 0.0 : share);
    }
    return order.quantity * ramp_share(low, high, price);
}

double bought_of(const LimitOrder& order, double price, double share) {
    const double low = std::min(order.limit, order.limit_end);
    const double high = std::max(order.limit, order.limit_end);
    if (low == high) {
        return order.quantity * (price < low ? 1.0 : price > low ? 0.0 : share);
    }
    return order.quantity * (1.0 - ramp_share(low, high, price));
}

}  // namespace ytterby
