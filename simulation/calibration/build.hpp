#pragma once

#include <memory>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "core/random.hpp"
#include "simulation/calibration/base_state.hpp"
#include "simulation/scenario/scenario.hpp"

namespace ytterby {

/// A scenario as agents: the constant economy and the state at the base date.
struct Simulation {
    Economy economy;
    World world;
    std::shared_ptr<const BaseState> base;  // large, so shared with other scenarios of the same data
};

/// Derives the initial state by inversion (docs/model.md, section 5): firms produce their observed output, users buy
/// what they are observed to use, origin preferences are the lane margins that make the balanced flows an equilibrium
/// under the measures in force, stocks are at target, and expectations are these prices.
Simulation build_simulation(const Scenario& scenario);

/// Splits the cells of the base state into firms with traits (population.cpp).
void populate(const Scenario& scenario, const BaseState& base, const Random& random, Economy& economy);

/// Sets stocks, cash, run rates and views to their base values (initial_world.cpp).
World initial_world(const Scenario& scenario, Economy& economy, const BaseState& base);

/// Sets origin preferences so that the market clears at the base flows under the regime in force, and records the risk
/// and licence values that buyers and sellers are used to (initial_world.cpp).
void invert_preferences(const Scenario& scenario, Economy& economy, World& world);

/// Puts a share of the base flows under contract, with staggered expiries and captive shares (sign_contracts.cpp).
void sign_contracts(const Scenario& scenario, const BaseState& base, const Random& random, Economy& economy,
                    World& world);

}  // namespace ytterby
