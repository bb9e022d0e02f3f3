#pragma once

#include <cstdint>
#include <span>

#include "market/coupled_goods.hpp"
#include "market/mechanism.hpp"
#include "market/single_order_market.hpp"
#include "market/trades.hpp"

namespace ytterby {

/// The goods of a group as one market of single orders. Node = number of the good in the group x countries +
/// country; lanes stand good after good, in the network's order; caps in the order of `group.limits`, one of
/// nothing shuts its lanes. A schedule is cut into a step wherever it rises: what is offered at a price point
/// beyond the one below is an ask with that point as its limit, what is wanted at a point beyond the one above is a
/// bid, and the trader is the row. So at a price point the steps sum to the schedule, and between two points to
/// the schedule at the cautious one of them, or with `pieces` > 1 at the cautious end of a piece of the interval,
/// as the schedule is interpolated. Orders stand in the order of blocks and rows, asks by rising, bids by falling
/// limit. O(rows x points x pieces).
SingleOrderMarket state_orders(const MarketInput& input, const CoupledGoods& group, std::uint32_t pieces = 1);

/// Makes the columns of an answer in which nothing was traded: one row per lane, node and row of orders, and per
/// shared limit. Prices stay as they were, caps are not yet known.
void begin_trades(const MarketInput& input, Trades& trades);

/// Books the trades of a group: flows over lanes and what made up their price, prices and volumes of nodes, fills
/// of rows, use and mean rents of shared limits, quality. The buyer pays the lane's delivered price and the
/// trade's rent, which goes to the seller or to the treasury, as the lane's own cap says or else the first shared
/// limit over it. A node's supply price is what its sellers got on average without rents, by volume; its use price
/// what its buyers paid with the preference that they counted (SingleTrade::preference), kept within the price
/// points. A side without trades keeps its price, or takes the other side's when it has no orders.
/// A trade that breaks a limit, overfills an order or runs between wrong nodes is a bug (std::logic_error).
void book_trades(const MarketInput& input, const CoupledGoods& group, const SingleOrderMarket& market,
                 std::span<const SingleTrade> booked, Trades& trades);

}  // namespace ytterby
