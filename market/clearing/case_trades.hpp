#pragma once

#include "market/clearing/case_solver.hpp"

namespace ytterby {

/// Clears a case by a mechanism that trades order by order. Prices are means: a node's is what its sellers got, else
/// what its buyers paid. The certificate says by how much any trade breaks a limit or a cap; `efficiency` compares the
/// surplus with that of the competitive equilibrium. Throws std::logic_error for a mechanism that does not.
CaseAnswer clear_case_by_trades(const MarketCase& question);

}  // namespace ytterby
