#pragma once

#include "agents/world/economy.hpp"

namespace ytterby {

/// When a new plant earns, and what a dollar of each year is worth to who builds it. Present values are of the day on
/// which it starts to run, as the annual capital cost of the tables is, and over those of its whole life.
class ProjectLife {
public:
    ProjectLife(const Economy& economy, const Cell& cell);

    double starts_years() const { return starts_; }
    double ends_years() const { return starts_ + lasts_; }
    /// Part of the present value of an even income that falls due before so many years from now.
    double part_before(double years) const;
    /// Part that is left of an income which fades from now on at a rate a year.
    double part_fading(double rate_per_year) const;
    /// Capital cost that a change of the interest rate saves, over the capital cost.
    double interest_saved(double change_per_year) const;

private:
    double rate_;    // continuous, a year
    double starts_;  // years from now to the first output
    double lasts_;   // years of output
};

}  // namespace ytterby
