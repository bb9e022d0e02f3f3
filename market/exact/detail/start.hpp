#pragma once

#include "market/exact/solver.hpp"

namespace ytterby {

/// Throws std::invalid_argument unless the curve is finite, monotone, and starts (supply) or ends (use) at zero.
void check_curve(const OrderCurve& curve, bool supply);

/// The price at which total supply would equal total use if all nodes were one, USD/t; 0 without orders.
double crossing_price(const ExactMarket& market);

}  // namespace ytterby
