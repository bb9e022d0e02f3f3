#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace ytterby {

/// A piecewise-linear quantity over price: t per tick against USD/t. Knots ascend strictly in price. An empty curve is
/// zero everywhere. Below its knots a supply falls linearly to zero at a price of zero. A use falls linearly to zero at
/// twice its last price and grows like 1 / price below its first: what is free finds a taker. So every market has an
/// equilibrium at positive prices.
struct Curve {
    std::vector<double> price;
    std::vector<double> quantity;

    bool empty() const { return price.empty(); }

    struct Point {
        double quantity = 0.0;
        double slope = 0.0;  // to the right of a knot, t per USD/t
    };
    /// Supply and its slope at a price.
    Point supply_at(double where) const {
        std::size_t knot = 0;
        return supply_at(where, knot);
    }
    /// The same, with the knot before the price as a hint: the one found last is tried first, and updated.
    Point supply_at(double where, std::size_t& knot) const {
        if (is_after(knot, where)) {
            return on_segment(knot, where);
        }
        if (!price.empty() && where < price.front()) {
            const double slope = quantity.front() / price.front();
            return where > 0.0 ? Point{slope * where, slope} : Point{};
        }
        return at(where, knot);
    }
    /// Use and its slope at a price.
    Point use_at(double where) const {
        std::size_t knot = 0;
        return use_at(where, knot);
    }
    Point use_at(double where, std::size_t& knot) const {
        if (is_after(knot, where)) {
            return on_segment(knot, where);
        }
        if (!price.empty() && where > price.back()) {
            const double slope = -quantity.back() / price.back();
            return where < 2.0 * price.back() ? Point{quantity.back() + slope * (where - price.back()), slope}
                                              : Point{};
        }
        if (!price.empty() && where < price.front() && where > 0.0) {
            const double taken = quantity.front() * price.front() / where;
            return {taken, -taken / where};
        }
        return at(where, knot);
    }
    /// Value and slope at a price, constant outside the knots; NaN counts as a price above them.
    Point at(double where) const {
        std::size_t knot = 0;
        return at(where, knot);
    }
    double most() const { return price.empty() ? 0.0 : std::max(quantity.front(), quantity.back()); }

private:
    Point at(double where, std::size_t& knot) const {
        if (price.empty()) {
            return {};
        }
        if (where < price.front()) {
            return {quantity.front(), 0.0};
        }
        if (!(where < price.back())) {
            return {quantity.back(), 0.0};
        }
        const auto upper = std::upper_bound(price.begin(), price.end(), where);
        knot = static_cast<std::size_t>(upper - price.begin()) - 1;
        return on_segment(knot, where);
    }
    /// Whether a price lies between a knot and the next.
    bool is_after(std::size_t knot, double where) const {
        return knot + 1 < price.size() && where >= price[knot] && where < price[knot + 1];
    }
    Point on_segment(std::size_t knot, double where) const {
        const double width = price[knot + 1] - price[knot];
        const double slope = (quantity[knot + 1] - quantity[knot]) / width;
        const double share = (where - price[knot]) / width;
        return {quantity[knot] + share * (quantity[knot + 1] - quantity[knot]), slope};
    }
};

}  // namespace ytterby
