#pragma once

#include <vector>

#include "statistics/factorial_effects.hpp"
#include "statistics/student_interval.hpp"

namespace ytterby {

/// The part of a package's effect that is due to each lever: the change of the metric when it joins, averaged over all
/// orders in which the package can be assembled (Shapley 1953). The parts add up to the whole, replicate by replicate.
struct Attribution {
    std::vector<Estimate> levers;
    Estimate whole;  // all levers on against all off
};

/// Exact, from the full factorial: k 2^(k-1) differences.
Attribution attribute(const FactorialResponse& response, double level);

}  // namespace ytterby
