#pragma once

#include <span>
#include <vector>

namespace ytterby {

/// A quantity to sell or to buy. A step if both limits are equal; otherwise a ramp from zero at one end (the lower for
/// a seller, the higher for a buyer) to the whole quantity at the other.
struct LimitOrder {
    double quantity = 0.0;  // t
    double limit = 0.0;     // USD/t
    double limit_end = 0.0;
};

/// The exact sum of orders. Knots ascend in price; equal prices form a jump, within which any quantity is possible at
/// that price. A supply is zero at its first knot and keeps its last quantity above its last knot; a use starts from
/// its whole quantity and ends at zero. An empty curve is zero at any price.
struct OrderCurve {
    std::vector<double> price;     // USD/t
    std::vector<double> quantity;  // t
    bool endless = false;          // the first price of a supply, or the last of a use, represents any price beyond

    bool empty() const { return price.empty(); }
    /// Its largest quantity, t.
    double most() const {
        return price.empty() ? 0.0 : (quantity.front() > quantity.back() ? quantity.front() : quantity.back());
    }
};

/// Sums sell orders into a curve, in time proportional to their number. Throws std::invalid_argument for a negative
/// quantity or a number that is not finite; orders of zero are left out.
OrderCurve make_supply_curve(std::span<const LimitOrder> orders);
/// The same for buy orders.
OrderCurve make_use_curve(std::span<const LimitOrder> orders);

/// The least and the most that a curve allows.
struct QuantityRange {
    double least = 0.0;
    double most = 0.0;
};
/// The quantities at prices from `low` to `high`, jumps at either end included; O(log n).
QuantityRange quantities_between(const OrderCurve& curve, double low, double high);
inline QuantityRange quantities_at(const OrderCurve& curve, double price) {
    return quantities_between(curve, price, price);
}

/// The share of the orders at exactly this price that is filled when the curve comes to `quantity`; 1 if no order is
/// marginal.
double marginal_share(const OrderCurve& curve, double price, double quantity);
/// Tonnes of a sell order that are sold at a price; a step at exactly that price gets the marginal share.
double sold_of(const LimitOrder& order, double price, double share);
/// Tonnes of a buy order that are bought.
double bought_of(const LimitOrder& order, double price, double share);

}  // namespace ytterby
