#pragma once

#include <string>

#include "simulation/build.hpp"

namespace ytterby {

/// The table a run prints at its end: for each good the model's price, the largest producers and the
/// reliance of the United States beside the data of the base year.
std::string baseline_table(const Scenario& scenario, const Simulation& simulation);

}  // namespace ytterby
