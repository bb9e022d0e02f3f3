#include "market/spatial_market.hpp"

#include "core/maths.hpp"

namespace ytterby {

double SpatialLane::wedge(double flow) const {
    return preference + preference_slope * log((flow + opening_flow) / (usual_flow + opening_flow));
}

}  // namespace ytterby
