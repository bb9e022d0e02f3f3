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

/// The exponent of a lane's flow at given prices.
inline double exponent_at(const LaneTerms& terms, double supply_price, double use_price, double rent) {
    return (use_price - supply_price * terms.pass_through - terms.fixed_cost - rent) * terms.per_slope;
}

/// Whether an exponent is too low for any flow.
inline bool shut_at(const LaneTerms& terms, double exponent) {
    return exponent <= terms.shut_exponent && (exponent > -40.0 || terms.scale <= 1e15 * terms.lane->opening_flow);
}

/// The exponent of the preference is limited so that flows stay finite; far beyond any real wedge.
inline constexpr double most_exponent = 200.0;
/// The least exponent that `exp_each` takes.
inline constexpr double least_exponent = -700.0;

/// The flow of a lane that is not shut, given e to its exponent.
inline LaneFlow flow_of(const LaneTerms& terms, double power) {
    const double scaled = terms.scale * power;
    const double flow = scaled - terms.lane->opening_flow;
    if (flow <= 0.0) {
        return {};
    }
    if (flow >= terms.lane->cap) {
        return {terms.lane->cap, 0.0};
    }
    return {flow, scaled * terms.per_slope};
}

/// The flow at which the origin preference eats up what is left of the margin, between zero and the cap.
LaneFlow flow_at(const LaneTerms& terms, double supply_price, double use_price, double rent);

}  // namespace ytterby
