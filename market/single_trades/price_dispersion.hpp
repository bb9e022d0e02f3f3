#pragma once

#include "market/orders.hpp"
#include "market/trades.hpp"

namespace ytterby {

/// Fills NodeTrades::price_dispersion: at each node the standard deviation of the landed price over buyers, weighted
/// by tonnes and divided by the mean price (a coefficient of variation). Zero where all pay the same, where nothing was
/// bought, and everywhere if `rows` is empty. O(rows), in row order of each block.
void measure_price_dispersion(const Orders& orders, const RowTrades& rows, NodeTrades& nodes);

}  // namespace ytterby
