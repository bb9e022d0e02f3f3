#pragma once

#include "market/exact/detail/balance_network.hpp"

namespace ytterby {

/// Quantities below this share of the volume are rounding.
inline constexpr double negligible_share = 1e-10;

/// Moves a balanced network to the mean of its highest and lowest prices at its present flows (see clear_exact), and
/// sets flows within rounding of a bound to that bound.
void centre_prices(BalanceNetwork& network);

/// Where one side of a node trades and the other is idle, moves the idle side's price as near to the other's as its own
/// orders and its links allow; home links tell which sides share a node.
void follow_trading_side(BalanceNetwork& network);

}  // namespace ytterby
