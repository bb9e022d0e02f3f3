#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "market/spatial_market.hpp"

namespace ytterby {

/// One order of one trader: sells at the limit or dearer, buys at the limit or cheaper. A bid's limit is a
/// landed price at its node, an ask's is the price at its own node.
struct SingleOrder {
    std::uint32_t node = 0;
    std::uint32_t trader = 0;  // orders of one trader share it; opaque
    bool ask = true;
    double quantity = 0.0;  // t
    double limit = 0.0;     // USD/t
};

/// One good as markets of single trades see it: orders one by one, lanes, caps. The goods that a shared cap
/// couples stand side by side in one market: their nodes are numbered one good after the other.
struct SingleOrderMarket {
    std::size_t nodes = 0;
    std::vector<SingleOrder> orders;
    std::vector<SpatialLane> lanes;
    std::vector<SharedCap> caps;  // members' market is 0
};

/// Tonnes that one order sold to another. The buyer pays `delivered` of the price over the lane, and any rent.
struct SingleTrade {
    static constexpr std::uint32_t at_home = 0xFFFFFFFFU;
    std::uint32_t ask = 0;  // index in SingleOrderMarket::orders
    std::uint32_t bid = 0;
    std::uint32_t lane = at_home;  // index in SingleOrderMarket::lanes
    double quantity = 0.0;         // t
    double price = 0.0;            // USD/t that the seller gets
    double preference = 0.0;       // USD/t that the buyer counted against the lane beside its price, not paid
    double rent = 0.0;             // USD/t that the buyer pays for scarce room on the lane
};

}  // namespace ytterby
