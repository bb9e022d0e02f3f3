#pragma once

#include <span>
#include <vector>

namespace ytterby {

/// A quantity somebody will sell or buy. A step when both limits are equal; otherwise a ramp: nothing at
/// one end (the lower for a seller, the higher for a buyer), all of it at the other.
struct LimitOrder {
    double quantity = 0.0;  // t
    double limit = 0.0;     // USD/t
    double limit_end = 0.0;
};

/// The exact sum of orders: knots ascend in price, equal prices are a jump, within which any quantity is
/// possible at that price. A supply starts from nothing at its first knot and stays at its last quantity
/// above the last; a use starts from its whole quantity and ends with nothing. Empty: nothing at any price.
struct OrderCurve {
    std::vector<double> price;     // USD/t
    std::vector<double> quantity;  // t
    bool endless = false;          // the first price of a supply, the last of a use, stands for any price beyond

    bool empty() const { return price.empty(); }
    /// The most that it can come to.
    double most() const {
        return price.empty() ? 0.0 : (quantity.front() > quantity.back() ? quantity.front() : quantity.back());
    }
};

/// Sums sell orders into a curve, in time that rises with their number. Throws std::invalid_argument for a quantity
/// below zero or a number that is not finite; orders of nothing are left out.
OrderCurve make_supply_curve(std::span<const LimitOrder> orders);
/// Sums buy orders into a curve, likewise.
OrderCurve make_use_curve(std::span<const LimitOrder> orders);

/// The least and the most a curve may come to.
struct QuantityRange {
    double least = 0.0;
    double most = 0.0;
};
/// What is offered or wanted at prices from `low` to `high`, jumps at either end included; O(log n).
QuantityRange quantities_between(const OrderCurve& curve, double low, double high);
inline QuantityRange quantities_at(const OrderCurve& curve, double price) {
    return quantities_between(curve, price, price);
}

/// The share of the orders at exactly this price that are filled when the curve comes to `quantity`; 1
/// where no order is marginal.
double marginal_share(const OrderCurve& curve, double price, double quantity);
/// What a sell order gets to sell at a price, t; a step at exactly that price gets its marginal share.
double sold_of(const LimitOrder& order, double price, double share);
/// What a buy order gets, t.
double bought_of(const LimitOrder& order, double price, double share);

}  // namespace ytterby
