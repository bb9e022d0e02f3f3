#pragma once

#include "agents/economy.hpp"
#include "agents/plan.hpp"
#include "agents/world.hpp"
#include "market/trades.hpp"

namespace ytterby {

class Workers;

/// Carries out the tick's trades: stocks, cash, duties, freight, rents. Every tonne and every
/// dollar goes from one account to another. Commits the plan's expectations and the new prices.
void settle(const Economy& economy, World& world, const Plan& plan, const Trades& trades, Workers& workers);

}  // namespace ytterby
