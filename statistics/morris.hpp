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

/// The overall effect of a factor (Morris 1991; Campolongo, Cariboni and Saltelli 2007).
struct MorrisScreening {
    Estimate mean;           // mu: mean of the elementary effects
    Estimate mean_size;      // mu*: mean of their sizes
    double deviation = 0.0;  // sigma: standard deviation; large relative to mu* with interactions or curvature
};

/// One result a factor; NaN for factors without an elementary effect.
std::vector<MorrisScreening> morris_screening(const std::vector<ElementaryEffect>& effects, std::size_t factors,
                                              double level);

}  // namespace ytterby
