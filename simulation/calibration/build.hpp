#pragma once

#include <memory>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "core/random.hpp"
#include "simulation/calibration/base_state.hpp"
#include "simulation/scenario/scenario.hpp"

namespace ytterby {

/// A scenario turned into agents: the constant economy and the state at the base date.
struct Simulation {
    Economy economy;
    World world;
    std::shared_ptr<const BaseState> base;  // shared with other scenarios of the same data: it is large
};

/// Inverts the initial state (model section 9): firms at their observed output, values in use
/// through observed use, origin preferences equal to the lane margins that make the balanced flows
/// an equilibrium under the measures in force, stocks at target, expectations at these prices.
Simulation build_simulation(const Scenario& scenario);

/// Splits the cells of the base state into firms with traits (population.cpp).
void populate(const Scenario& scenario, const BaseState& base, const Random& random, Economy& economy);

/// Puts stocks, cash, run rates and views at their base values (initial_world.cpp).
World initial_world(const Scenario& scenario, Economy& economy, const BaseState& base);

/// Sets origin preferences so that the base flows clear under the regime in force, and keeps what
/// buyers and sellers have got used to (initial_world.cpp).
void invert_preferences(const Scenario& scenario, Economy& economy, World& world);

/// Puts a share of the base flows under contract, with staggered expiries and captive shares (sign_contracts.cpp).
void sign_contracts(const Scenario& scenario, const BaseState& base, const Random& random, Economy& economy,
                    World& world);

}  // namespace ytterby
