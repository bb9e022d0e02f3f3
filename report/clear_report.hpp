#pragma once

#include <string>

#include "market/clearing/case_solver.hpp"

namespace ytterby {

/// What a cleared case came to, as tables for a terminal.
std::string clear_text(const MarketCase& question, const CaseAnswer& answer);

/// The same as JSON (docs/clear.md): nodes, flows, orders, shared_caps, surplus, certificate. What has no value, the
/// price of a node without orders or an unbounded surplus, is null.
std::string clear_json(const MarketCase& question, const CaseAnswer& answer);

/// What the sessions of a laboratory came to, period by period, with 95 % confidence intervals.
std::string laboratory_text(const LaboratoryReport& report);
std::string laboratory_json(const LaboratoryReport& report);

}  // namespace ytterby
