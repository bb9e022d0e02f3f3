#include "market/lane_flow.hpp"

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// The exponent of the preference is limited so that flows stay finite; far beyond any real wedge.
constexpr double most_exponent = 200.0;

}  // namespace

LaneFlow flow_at(const LaneTerms& terms, double supply_price, double use_price, double rent) {
    const double exponent = (use_price - supply_price * terms.pass_through - terms.fixed_cost - rent) * terms.per_slope;
    if (exponent <= terms.shut_exponent && (exponent > -40.0 || terms.scale <= 1e15 * terms.lane->opening_flow)) {
        return {};
    }
    const double scaled = terms.scale * exp(std::min(exponent, most_exponent));
    const double flow = scaled - terms.lane->opening_flow;
    if (flow <= 0.0) {
        return {};
    }
    if (flow >= terms.lane->cap) {
        return {terms.lane->cap, 0.0};
    }
    return {flow, scaled * terms.per_slope};
}

double SpatialLane::wedge(double flow) const {
    return preference + preference_slope * log((flow + opening_flow) / (usual_flow + opening_flow));
}

}  // namespace ytterby
