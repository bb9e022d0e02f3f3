#include "market/lane_flow.hpp"

#include "core/maths.hpp"

namespace ytterby {

LaneFlow flow_at(const LaneTerms& terms, double supply_price, double use_price, double rent) {
    const double exponent = exponent_at(terms, supply_price, use_price, rent);
    if (shut_at(terms, exponent)) {
        return {};
    }
    return flow_of(terms, exp(std::min(exponent, most_exponent)));
}

double SpatialLane::wedge(double flow) const {
    return preference + preference_slope * log((flow + opening_flow) / (usual_flow + opening_flow));
}

}  // namespace ytterby
