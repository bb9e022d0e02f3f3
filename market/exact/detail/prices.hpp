#pragma once

#include "market/exact/detail/balance_network.hpp"

namespace ytterby {

/// Moves a balanced network to the mean of its highest and lowest prices at its present flows (see
/// clear_exact), and clears flows that are nothing but rounding.
void centre_prices(BalanceNetwork& network);

/// Where one side of a node trades and the other does not, moves the idle side's price as near to the other's as its
/// own orders and its links allow; home links tell which sides share a node.
void follow_trading_side(BalanceNetwork& network);

/// Chooses among the flows that are in equilibrium at the network's prices (see clear_exact): the largest
/// volume, marginal orders alike, tied lanes by weight, `weights` per link, t. `tolerance`: shares of the
/// price that count as nothing. False if the choice failed; the network is then as before.
bool choose_flows(BalanceNetwork& network, std::span<const double> weights, double tolerance);

}  // namespace ytterby
