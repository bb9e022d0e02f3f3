#pragma once

#include "market/exact/solver.hpp"

namespace ytterby {

/// Throws std::invalid_argument unless the curve is finite, monotone, and starts (supply) or ends (use) at nothing.
void check_curve(const OrderCurve& curve, bool supply);

/// Where all that is offered meets all that is wanted, if everything were in one place, USD/t; 0 without orders.
double crossing_price(const ExactMarket& market);

}  // namespace ytterby
