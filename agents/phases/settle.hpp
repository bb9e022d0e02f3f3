#pragma once

#include "agents/phases/deliver.hpp"
#include "agents/phases/plan/plan.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "market/trades.hpp"

namespace ytterby {

class Workers;

/// What a tick decided and the market answered: all that settlement carries out.
struct Settlement {
    const Regime& regime;
    const Scarcity& scarcity;
    const Plan& plan;
    const Deliveries& deliveries;
    const Trades& trades;
};

/// Carries out the tick's deliveries and trades: stocks, cash, duties, freight, rents, states' orders and spending.
/// Every tonne and every dollar goes from one account to another. Commits the plan's expectations and the new prices.
void settle(const Economy& economy, World& world, const Settlement& settlement, Workers& workers);

}  // namespace ytterby
