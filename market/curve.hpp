#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace ytterby {

/// A piecewise-linear quantity over price, constant outside its knots: t per tick against USD/t.
/// Knots ascend strictly in price. An empty curve is zero everywhere.
struct Curve {
    std::vector<double> price;
    std::vector<double> quantity;

    bool empty() const { return price.empty(); }

    struct Point {
        double quantity = 0.0;
        double slope = 0.0;     // to the right of a knot, t per USD/t
    };
    /// Value and slope at a price.
    Point at(double where) const {
        if (price.empty()) {
            return {};
        }
        if (where < price.front()) {
            return {quantity.front(), 0.0};
        }
        if (where >= price.back()) {
            return {quantity.back(), 0.0};
        }
        const auto upper = std::upper_bound(price.begin(), price.end(), where);
        const auto knot = static_cast<std::size_t>(upper - price.begin()) - 1;
        const double width = price[knot + 1] - price[knot];
        const double slope = (quantity[knot + 1] - quantity[knot]) / width;
        const double share = (where - price[knot]) / width;
        return {quantity[knot] + share * (quantity[knot + 1] - quantity[knot]), slope};
    }
    double most() const { return price.empty() ? 0.0 : std::max(quantity.front(), quantity.back()); }
};

}  // namespace ytterby
