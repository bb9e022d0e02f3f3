#include "market/clearing/detail/case_question.hpp"

#include <algorithm>
#include <cmath>

namespace ytterby {

CaseQuestion::CaseQuestion(const MarketCase& asked) : source(asked) {
    quota_cap.assign(source.lanes.size(), none);
    for (const CaseSharedCap& shared : source.caps) {
        caps.push_back({{}, shared.cap});
    }
    for (std::size_t number = 0; number < source.lanes.size(); ++number) {
        const CaseLane& lane = source.lanes[number];
        lane_in.push_back(lanes.size());
        lane_over.push_back(none);
        if (!lane.rate_quota) {
            lanes.push_back(lane.with_tariffs(lane.terms.tariff, lane.specific_tariff));
            continue;
        }
        const RateQuota& quota = *lane.rate_quota;
        lane_over.back() = lanes.size() + 1;
        lanes.push_back(lane.with_tariffs(quota.tariff_in, quota.specific_in));
        lanes.push_back(lane.with_tariffs(quota.tariff_over, quota.specific_over));
        lanes[lane_in[number]].cap = std::min(lane.terms.cap, quota.quota);
        if (std::isfinite(lane.terms.cap)) {
            quota_cap[number] = caps.size();
            caps.push_back(
                {{{0, static_cast<std::uint32_t>(lane_in[number])}, {0, static_cast<std::uint32_t>(lane_over[number])}},
                 lane.terms.cap});
            lanes.back().cap = lane.terms.cap;
        }
    }
    for (std::size_t number = 0; number < source.caps.size(); ++number) {
        for (const std::uint32_t lane : source.caps[number].lanes) {
            for (const std::size_t tier : {lane_in[lane], lane_over[lane]}) {
                if (tier == none) {
                    continue;
                }
                if (source.caps[number].cap <= 0.0) {  // a limit of zero shuts its lanes exactly
                    lanes[tier].cap = 0.0;
                }
                caps[number].members.push_back({0, static_cast<std::uint32_t>(tier)});
            }
        }
    }
}

}  // namespace ytterby
