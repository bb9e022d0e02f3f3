#pragma once

#include <limits>
#include <vector>

#include "market/clearing/case.hpp"

namespace ytterby {

/// A case whose rate quotas are lanes of their own: one within the quota, one above it.
class CaseQuestion {
public:
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    explicit CaseQuestion(const MarketCase& source);

    const MarketCase& source;
    std::vector<SpatialLane> lanes;
    std::vector<SharedCap> caps;         // shared caps of the case, then caps of lanes with a rate quota
    std::vector<std::size_t> lane_in;    // per lane of the case: its lane here
    std::vector<std::size_t> lane_over;  // per lane of the case: the tier above its rate quota; none without
    std::vector<std::size_t> quota_cap;  // per lane of the case: its cap over both tiers; none without
};

}  // namespace ytterby
