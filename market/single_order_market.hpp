#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "market/spatial_market.hpp"

namespace ytterby {

/// One order of one trader: an ask sells at its limit or above, a bid buys at its limit or below. A bid's limit is a
/// landed price at its node, an ask's is the price at its own node.
struct SingleOrder {
    std::uint32_t node = 0;
    std::uint32_t trader = 0;  // the same for all orders of a trader; opaque
    bool ask = true;
    double quantity = 0.0;  // t
    double limit = 0.0;     // USD/t
};

/// One good as mechanisms that trade order by order see it: single orders, lanes, caps. Goods that a shared cap couples
/// form one market, whose nodes are numbered good by good.
struct SingleOrderMarket {
    std::size_t nodes = 0;
    std::vector<SingleOrder> orders;
    std::vector<SpatialLane> lanes;
    std::vector<SharedCap> caps;  // the market of all members is 0
};

/// Tonnes that one order sold to another. The buyer pays the lane's delivered price and any rent.
struct SingleTrade {
    static constexpr std::uint32_t at_home = 0xFFFFFFFFU;
    std::uint32_t ask = 0;  // index in SingleOrderMarket::orders
    std::uint32_t bid = 0;
    std::uint32_t lane = at_home;  // index in SingleOrderMarket::lanes
    double quantity = 0.0;         // t
    double price = 0.0;            // USD/t that the seller gets
    double preference = 0.0;       // USD/t that the buyer counts on top of the price and does not pay
    double rent = 0.0;             // USD/t that the buyer pays for scarce room on the lane
};

}  // namespace ytterby
