#pragma once

#include <string>

#include "market/clearing/case_solver.hpp"

namespace ytterby {

/// The answer to a case, as tables for a terminal.
std::string clear_text(const MarketCase& question, const CaseAnswer& answer);

/// The same as JSON (docs/clear.md): nodes, flows, orders, shared_caps, surplus, certificate. A value that does not
/// exist, such as the price of a node without orders or an unbounded surplus, is null.
std::string clear_json(const MarketCase& question, const CaseAnswer& answer);

/// The results of a laboratory's sessions, period by period, with 95 % confidence intervals.
std::string laboratory_text(const LaboratoryReport& report);
std::string laboratory_json(const LaboratoryReport& report);

}  // namespace ytterby
