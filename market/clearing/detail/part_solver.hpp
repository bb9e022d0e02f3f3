#pragma once

#include <vector>

#include "market/clearing/detail/part_flows.hpp"

namespace ytterby {

/// The answer of a part: its prices and rents and what moves, in its unit.
struct PartAnswer {
    PartPrices prices;
    PartFlows flows;
    int steps = 0;
};

/// Clears a part; `part` is left as the problem that was answered. Throws InputError where goods go round without bound
/// and std::runtime_error where no answer is found.
PartAnswer clear_part(MarketPart& part);

}  // namespace ytterby
