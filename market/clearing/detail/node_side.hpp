#pragma once

#include <limits>
#include <vector>

#include "market/clearing/case.hpp"
#include "market/exact/order_curve.hpp"

namespace ytterby {

/// The orders and curves of one side of a node, straight from the case: sums of their quantities and of the areas under
/// them.
class NodeSide {
public:
    explicit NodeSide(bool supply) : supply_(supply) {}
    void add(const CaseOrder& order);
    void add(const CaseCurve& curve);
    /// Puts the best orders first; call it after the last `add`.
    void sort();

    /// Cost of the best tonnes of a supply or value of those of a use, USD.
    double area(double price, double tonnes) const;
    /// The least and the most that this side's curves come to at prices from `low` to `high`, t.
    QuantityRange curves_between(double low, double high) const;
    /// The price at which this side comes to a quantity.
    double price_for(double tonnes, double low, double high) const;
    double fixed() const { return fixed_; }
    /// Whether all that is offered or wanted here is so at any price.
    bool is_fixed() const { return steps_.empty() && bends_.empty(); }
    /// What curves come to at a price beyond all that are printed; infinite where they have no end.
    double beyond_prices() const;
    /// The largest quantity that the side names.
    double size() const;

private:
    std::vector<LimitOrder> steps_;
    std::vector<LimitOrder> level_;  // curves of one price, likewise in `steps_`
    std::vector<const CaseCurve*> bends_;
    double fixed_ = 0.0;
    bool supply_ = true;
};

/// The two sides of every node: supplies at even indices, uses at odd ones.
std::vector<NodeSide> node_sides_of(const MarketCase& source);

}  // namespace ytterby
