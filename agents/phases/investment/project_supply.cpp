#include "agents/phases/investment/project_supply.hpp"

#include <algorithm>
#include <limits>

#include "agents/phases/support/scrap.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

/// The least value left, over that of the base date, at which a cost curve is read (technical).
constexpr double least_value = 0.02;
/// Share of a sector's potential below which nothing is called: no plant is smaller (assumed, 0.005-0.05).
constexpr double least_plant = 0.01;

}  // namespace

double base_value_left(const Economy& economy, const Cell& cell) {
    if (economy.processes[cell.process.index()].recycles) {
        return base_scrap_price(cell);
    }
    return std::max(0.05 * cell.reference_revenue_usd_per_t,
                    cell.reference_revenue_usd_per_t - cell.reference_input_usd_per_t);
}

CalledCapacity called_capacity(const Economy& economy, const Cell& cell, const PlantState& plant, ProjectValue value) {
    const Expansion& expansion = cell.expansion;
    CalledCapacity called{planned_with_building(plant), 0.0};
    const double planned = called.on_curve;
    if (planned > 0.0 && value.above_plan != 0.0) {
        const double gain = value.above_plan * expansion.capital_cost_usd_per_t / base_value_left(economy, cell);
        const double elasticity = economy.processes[cell.process.index()].recycles
                                      ? economy.behaviour.collection_elasticity
                                      : expansion.long_run_elasticity;
        const double answer = pow(std::max(least_value, 1.0 + gain), elasticity);
        called.on_curve = planned * (1.0 + expansion.own_price_share * (answer - 1.0));
    }
    const double room = std::max(0.0, expansion.potential_t - planned);
    const double share = std::clamp(value.above_base / economy.behaviour.hurdle, 0.0, 1.0);
    called.with_others = room > 0.0 && share >= least_plant ? planned + room * share : 0.0;
    if (cell.host_multiple < std::numeric_limits<double>::infinity()) {
        // Nobody builds recovery for which its host has nothing to give.
        called.on_curve = std::min(called.on_curve, std::max(planned, cell.host_multiple * expansion.base_capacity_t));
    }
    return called;
}

}  // namespace ytterby
