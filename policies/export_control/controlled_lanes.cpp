#include "policies/export_control/controlled_lanes.hpp"

#include <cstdint>

namespace ytterby {

std::vector<CoveredLane> covered_lanes(const TradeNetwork& network, const Selector& selector) {
    std::vector<CoveredLane> covered;
    for (const GoodId good : selector.goods) {
        const GoodLanes& book = network.goods[good.index()];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const TradeLane& lane = book.lanes[number];
            if (selector.covers(lane.origin, lane.destination, good)) {
                covered.push_back({good, &lane, book.first_lane + number});
            }
        }
    }
    return covered;
}

bool is_exempt(const PolicyView& view, const CoveredLane& lane) {
    const auto& waivers = view.world.lanes.waivers;
    return !waivers.empty() && (waivers[lane.index] & static_cast<std::uint8_t>(BanKind::export_control)) != 0;
}

}  // namespace ytterby
