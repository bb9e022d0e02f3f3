#pragma once

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// Value of a project less its cost, over its capital cost (NPV / capex), at the cost of the last project that stands.
struct ProjectValue {
    double above_plan = 0.0;  // over that of a planned project at planned prices
    double above_base = 0.0;  // over that of one at prices of the base date
};

/// Capacity that is called for in the end, t per tick, with what stands and what is being built. Projects differ in
/// cost, so more of them pay where a project is worth more (docs/model.md, section 7.13).
struct CalledCapacity {
    /// On the cost curve of a sector that stands, whose elasticity is the long-run one of supply; the plan is a point
    /// of the same curve, at planned prices.
    double on_curve = 0.0;
    /// With projects beside the plan, up to the sector's potential. At prices of the base date they are worth from the
    /// hurdle down to nothing, evenly: the best of them is about to be built, and as many follow as a gain in value
    /// lifts over it.
    double with_others = 0.0;

    double total() const { return on_curve > with_others ? on_curve : with_others; }
};
CalledCapacity called_capacity(const Economy& economy, const Cell& cell, const PlantState& plant, ProjectValue value);

/// Planned capacity with what is planned to be under construction, t per tick.
inline double planned_with_building(const PlantState& plant) {
    return plant.planned_capacity_t + plant.planned_building.total();
}

/// USD per t of throughput that is left for what a cell's output grows from: value added, or of a recycler what it can
/// pay for scrap. At prices of the base date.
double base_value_left(const Economy& economy, const Cell& cell);

}  // namespace ytterby
