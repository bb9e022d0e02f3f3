#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "market/single_order_market.hpp"
#include "market/single_trades/trader_ladders.hpp"

namespace ytterby {

/// A route by which a node can be supplied: from home or over one lane.
struct SupplyRoute {
    std::uint32_t from = 0;
    std::uint32_t lane = SingleTrade::at_home;
    double familiarity = 0.0;  // t per tick that usually take it
};

/// Which sellers a buyer can ask: it meets a stranger with a probability proportional to the familiarity of the route
/// (usual plus opening flow) and, among the sellers at its origin, to their size. Only sellers with something left and
/// routes with room are met, as of the opening of the round.
class SellerSearch {
public:
    /// Sellers' ladders are numbered as in `sellers`. The familiarity of home is what sellers there offer at the last
    /// price beyond their usual exports, but no more than buyers there want beyond their usual imports, and at least
    /// `opening_share` of the offer; that of a lane without usual and opening flow is the offer at its origin.
    SellerSearch(const SingleOrderMarket& market, const LadderSide& sellers, const LadderSide& buyers);

    /// Recomputes the weights for a round. `room` in t per lane.
    void open_round(const LadderSide& sellers, const std::vector<double>& room);

    struct Met {
        std::uint32_t seller = none;
        std::uint32_t lane = SingleTrade::at_home;
    };
    static constexpr std::uint32_t none = 0xFFFFFFFFU;
    /// The stranger that a buyer at a node meets with a draw in (0, 1); none if no seller can be asked. O(log n).
    Met meet(std::uint32_t node, double draw) const;
    /// A seller given by its trader number, and the route from it; none if it offers nothing or no route leads to the
    /// node. O(log lanes).
    Met find(std::uint32_t node, std::uint32_t trader, const LadderSide& sellers) const;

    /// The share of an offer that counts where nothing is traded yet, like x0 of the origin preference (assumed,
    /// 0.1-5 %).
    static constexpr double opening_share = 0.01;

private:
    std::uint32_t first_trader_ = 0;
    std::vector<std::uint32_t> seller_of_;     // per trader, from the first one on
    std::vector<SupplyRoute> routes_;          // by destination, then origin, home included
    std::vector<std::size_t> first_route_;     // per node
    std::vector<double> route_sum_;            // running sums of weights within a node
    std::vector<std::uint32_t> node_sellers_;  // sellers by node
    std::vector<std::size_t> first_seller_;    // per node
    std::vector<double> size_sum_;             // running sums of sizes within a node
};

}  // namespace ytterby
