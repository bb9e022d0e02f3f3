#pragma once

#include <cstddef>
#include <vector>

#include "statistics/student_interval.hpp"

namespace ytterby {

/// One move of one factor in a trajectory: the metric's change over the factor's, in units of its whole range.
struct ElementaryEffect {
    std::size_t factor = 0;
    double value = 0.0;
};

/// What a factor does on the whole (Morris 1991; Campolongo, Cariboni and Saltelli 2007).
struct MorrisScreening {
    Estimate mean;           // mu: mean of the elementary effects
    Estimate mean_size;      // mu*: mean of their sizes
    double deviation = 0.0;  // sigma: standard deviation; large beside mu* where the factor interacts or bends
};

/// One screening a factor, from at least one elementary effect each (else all NaN).
std::vector<MorrisScreening> morris_screening(const std::vector<ElementaryEffect>& effects, std::size_t factors,
                                              double level);

}  // namespace ytterby
