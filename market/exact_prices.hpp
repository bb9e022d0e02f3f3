#pragma once

#include "market/balance_network.hpp"

namespace ytterby {

/// Moves a balanced network to the mean of its highest and lowest prices at its present flows (see
/// clear_exact), and clears flows that are nothing but rounding.
void centre_prices(BalanceNetwork& network);

/// Chooses among the flows that are in equilibrium at the network's prices (see clear_exact): the largest
/// volume, marginal orders alike, tied lanes by weight, `weights` per link, t. `tolerance`: shares of the
/// price that count as nothing. False if the choice failed; the network is then as before.
bool choose_flows(BalanceNetwork& network, std::span<const double> weights, double tolerance);

}  // namespace ytterby
