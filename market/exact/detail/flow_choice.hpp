#pragma once

#include <span>

#include "market/exact/detail/balance_network.hpp"

namespace ytterby {

/// Chooses among the flows that are in equilibrium at the network's prices by the rules of clear_exact: the largest
/// volume, marginal orders alike, as much as possible at home, tied lanes by weight. `weights` per link, t. Prices that
/// differ by less than `tolerance`, a share of the price, are equal. False if the choice failed; the network is then
/// unchanged.
bool choose_flows(BalanceNetwork& network, std::span<const double> weights, double tolerance);

}  // namespace ytterby
