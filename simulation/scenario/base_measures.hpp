#pragma once

#include <string>

#include "core/config/config.hpp"
#include "simulation/scenario/scenario.hpp"

namespace ytterby {

/// Checks that the scenario says of each measure in force at the base date what became of it: a policy that is in force
/// before the first tick, or a name in `[base] never`. Data made under a measure that the scenario does not have would
/// be taken for tastes of buyers, which stay for ever. A scenario without any policy is not asked. Sets
/// `ended_at_start`.
void check_base_measures(const ConfigDocument& document, const std::string& path, const BaseData& data,
                         Scenario& scenario, Problems& problems);

}  // namespace ytterby
