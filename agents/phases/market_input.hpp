#pragma once

#include <vector>

#include "agents/phases/deliver.hpp"
#include "agents/phases/plan/plan.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "core/random.hpp"
#include "market/mechanism.hpp"
#include "rules/lane_rules.hpp"

namespace ytterby {

/// What a tick brings to the market.
struct MarketContext {
    const Economy& economy;
    const World& world;
    const LaneRules& rules;
    const std::vector<double>& owner_prefers;  // of owner_preferences
    const std::vector<double>& habits;         // of habitual_flows
    const Deliveries& deliveries;
    const Plan& plan;
    const Random& random;
    Workers& workers;
    bool certify = true;
};

/// The market's view of a tick: anonymous orders, rules, and last tick's prices to start from.
/// Contracts come first: the spot market meets the caps and the usual flows that they leave.
MarketInput market_input(const MarketContext& context);

}  // namespace ytterby
