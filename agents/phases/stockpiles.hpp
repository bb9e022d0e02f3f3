#pragma once

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "market/orders.hpp"
#include "market/trades.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// Writes the states' orders behind those of firms: one row each, in the Regime's order. A purchase bids up to its
/// limit, a release offers from its limit on, at most what its stockpile can bring there.
void add_stock_orders(const Economy& economy, const World& world, const Regime& regime, Orders& orders);

/// Tonnes go into and out of the stockpiles, dollars out of and into the payers' treasuries (account "stockpile").
/// A release takes from the store at home first, then from the policy's other stores in proportion, over lanes that
/// are not closed; the payers bear the freight.
void settle_stock_orders(const Economy& economy, World& world, const Regime& regime, const Orders& orders,
                         const Trades& trades);

/// What treasuries spend at home goes to their countries' outside accounts.
void pay_spending(const Economy& economy, World& world, const StockOrders& orders);

/// Tonnes of a policy's stockpile that can be brought to a country: from the store at home and over open lanes.
double stockpile_within_reach(const Economy& economy, const World& world, const Regime& regime,
                              const StockOrder& order);

}  // namespace ytterby
