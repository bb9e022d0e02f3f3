#pragma once

#include "agents/world/economy.hpp"
#include "simulation/calibration/base_state.hpp"
#include "simulation/scenario/scenario.hpp"

namespace ytterby {

/// Fills the economy's outlook from the scenario's choice: needs by node, planned capacity and hosts by
/// cell, all relative to the start of the run. Does nothing for constant demand but take over the shocks.
void lay_out_outlook(const Scenario& scenario, const BaseState& base, Economy& economy);

/// Gives every plant cell what its process's investment rows say, with the country's hurdle rate, and what
/// could be built beside the plan.
void give_expansions(const Scenario& scenario, const BaseState& base, Economy& economy);

}  // namespace ytterby
