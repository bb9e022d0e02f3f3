#pragma once

#include <cstddef>
#include <vector>

#include "agents/world/economy.hpp"

namespace ytterby {

/// What growth costs: the plan climbs the cost curves of projects like everybody, so more need is more expensive, and
/// less is used (docs/model.md, section 7.12). Indices by year of the run, 1 at the start.
class PlannedCosts {
public:
    using ByYear = std::vector<double>;

    PlannedCosts(const Economy& economy, std::size_t knots);

    /// One round: given what would be made by process, finds its cost and what is used at that; half the way, so that
    /// rounds settle.
    void follow(const std::vector<ByYear>& throughput);

    /// By good: use over what needs would have used at prices of the base date.
    const std::vector<ByYear>& use_left() const { return use_left_; }
    /// By good: price over that of the base date.
    const std::vector<ByYear>& price() const { return price_; }
    /// By process: capacity of the sectors that stand, without what others build beside the plan.
    const std::vector<ByYear>& standing() const { return standing_; }

private:
    struct Room {
        double tonnes;              // of capacity beside that of the base date, over all that stands then
        double capital_over_value;  // capital cost over the value left at the base date
    };
    /// A process in the world.
    struct Curve {
        double base_t = 0.0;
        double elasticity = 1.0;
        double own_share = 1.0;
        bool climbs = false;  // recycling does not: it follows scrap
        std::vector<Room> rooms;
    };

    double beside_plan(const Curve& curve, double multiple) const;
    double multiple_of(const Curve& curve, double index, double free) const;
    void set_prices(std::size_t knot, const ByYear& multiples);

    const Economy& economy_;
    std::size_t knots_;
    std::vector<Curve> curves_;
    std::vector<ByYear> use_left_, price_, standing_;
};

}  // namespace ytterby
