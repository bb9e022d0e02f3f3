#pragma once

#include "agents/phases/deliver.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "core/random.hpp"
#include "market/mechanism.hpp"

namespace ytterby {

/// The market's view of this tick: orders, rules and last tick's prices to start from.
/// Contracts come first: the spot market meets the caps and the usual flows that they leave.
MarketInput market_input(const Economy& economy, const World& world, const Regime& regime, const Deliveries& deliveries,
                         const Orders& orders, const Random& random);

}  // namespace ytterby
