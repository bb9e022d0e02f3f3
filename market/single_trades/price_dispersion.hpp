#pragma once

#include "market/orders.hpp"
#include "market/trades.hpp"

namespace ytterby {

/// Fills NodeTrades::price_dispersion from what the rows paid: at each node the standard deviation of landed
/// price over buyers, weighted by tonnes, over the mean price (a coefficient of variation). Zero where all pay
/// the same, where nobody bought, and everywhere when `rows` is empty. O(rows), in row order of each block.
void measure_price_dispersion(const Orders& orders, const RowTrades& rows, NodeTrades& nodes);

}  // namespace ytterby
