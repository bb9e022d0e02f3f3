#pragma once

#include "agents/deliver.hpp"
#include "agents/economy.hpp"
#include "agents/world.hpp"
#include "core/random.hpp"
#include "market/mechanism.hpp"

namespace ytterby {

/// What people will have seen of this tick when they plan the next: perceived risk and what a
/// rationed lane would be worth.
void observe(const Economy& economy, World& world, const Regime& regime);

/// The market's view of this tick: orders, rules and last tick's prices to start from.
/// Contracts come first: the spot market meets the caps and the usual flows that they leave.
MarketInput market_input(const Economy& economy, const World& world, const Regime& regime, const Deliveries& deliveries,
                         const Orders& orders, const Random& random);

}  // namespace ytterby
