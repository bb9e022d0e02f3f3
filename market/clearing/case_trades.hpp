#pragma once

#include "market/clearing/case_solver.hpp"

namespace ytterby {

/// Clears a case with a mechanism that trades order by order. Prices are means: a node's price is what its sellers got,
/// or else what its buyers paid. The certificate holds the largest violations of limits, quantities and caps;
/// `efficiency` compares the surplus with that of the competitive equilibrium. Throws std::logic_error for a mechanism
/// that does not trade order by order.
CaseAnswer clear_case_by_trades(const MarketCase& question);

}  // namespace ytterby
