#pragma once

#include "agents/world/economy.hpp"
#include "simulation/calibration/base_state.hpp"
#include "simulation/scenario/scenario.hpp"

namespace ytterby {

/// Fills the economy's outlook as the scenario chooses: needs by node, planned capacity and hosts by cell, all relative
/// to the start of the run. With constant demand it only copies the shocks.
void lay_out_outlook(const Scenario& scenario, const BaseState& base, Economy& economy);

/// Sets the investment data of every plant cell from the rows of its process, the country's hurdle rate, and what could
/// be built beyond the plan.
void give_expansions(const Scenario& scenario, const BaseState& base, Economy& economy);

}  // namespace ytterby
