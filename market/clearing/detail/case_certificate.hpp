#pragma once

#include <vector>

#include "market/clearing/case_solver.hpp"

namespace ytterby {

/// Recomputes every condition from the case and the printed answer alone. Each violation is a share of the numbers that
/// it compares: of an order's own quantity, of what its node or lane trades, of the prices at both ends of a lane.
std::vector<CaseCondition> certify_case(const MarketCase& source, const CaseAnswer& answer);

}  // namespace ytterby
