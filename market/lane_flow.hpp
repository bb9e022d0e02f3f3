#pragma once

#include <algorithm>

#include "market/spatial_solver.hpp"

namespace ytterby {

/// What flows over a lane at given prices, and how fast that rises with its margin.
struct LaneFlow {
    double flow = 0.0;
    double slope = 0.0;     // t per USD/t of margin
};

/// A lane with what its flow is computed from again and again.
struct LaneTerms {
    const SpatialLane* lane = nullptr;
    double pass_through = 1.0;      // of the origin's price into the delivered price
    double fixed_cost = 0.0;        // delivered price of a tonne that is free at the origin, plus the preference, USD/t
    double per_slope = 0.0;         // 1 / preference slope
    double scale = 0.0;             // usual + opening flow
    double shut_exponent = 0.0;     // at or below it nothing flows: e^-z <= 1 / (1 + z)

    explicit LaneTerms(const SpatialLane& source)
        : lane(&source),
          pass_through(source.pass_through()),
          fixed_cost(source.delivered(0.0) + source.preference),
          per_slope(1.0 / source.preference_slope),
          scale(source.usual_flow + source.opening_flow),
          shut_exponent(std::max(-40.0, -source.usual_flow / source.opening_flow)) {}
};

/// The flow at which the origin preference eats up what is left of the margin, between zero and the cap.
LaneFlow flow_at(const LaneTerms& terms, double supply_price, double use_price, double rent);

}  // namespace ytterby
