#pragma once

#include <vector>

#include "agents/phases/deliver.hpp"
#include "agents/phases/plan/foresight.hpp"
#include "agents/phases/scarcity/scarcity.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "market/orders.hpp"
#include "rules/regime.hpp"

namespace ytterby {

class Workers;
struct PlantSupport;

/// What firms decided this tick from last tick's state: their orders and the views behind them.
/// A plain value; nothing in the World has changed yet.
struct Plan {
    Orders orders;
    Column<float> trend_expectation;        // per position row, USD/t
    Column<float> expectation;              // per position row, USD/t
    std::vector<double> front_load_months;  // per node, after this tick
    SellersView sellers;                    // what sellers expect of announced closures
    std::vector<NodeDepth> block_depth;     // workspace: depth of each block and position
};

/// What firms plan with: last tick's state, this tick's rules, and what contracts leave.
struct PlanContext {
    const Economy& economy;
    const World& world;
    const Regime& regime;
    const Scarcity& scarcity;
    const PlantSupport& support;
    const Deliveries& deliveries;
    Workers& workers;
};

/// Updates expectations and writes one schedule per firm and good. Reads the World, changes nothing
/// in it. Firms plan with what contracts leave: sellers offer what they keep after delivering, buyers ask for
/// what they want beyond what arrives. The memory of an earlier plan is used again.
Plan make_plan(const PlanContext& context, Plan&& earlier);

/// Use of a good at a price relative to use at the base price: constant elasticity, times the share of
/// end uses whose choke price is higher (docs/model.md, section 7.3).
double use_share(const Economy& economy, GoodId good, NodeId node, double price);

}  // namespace ytterby
