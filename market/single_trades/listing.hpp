#pragma once

#include <cstdint>
#include <span>

#include "market/coupled_goods.hpp"
#include "market/mechanism.hpp"
#include "market/single_order_market.hpp"
#include "market/trades.hpp"

namespace ytterby {

/// The goods of a group as one market of single orders. Node = number of the good in the group x countries + country;
/// lanes are listed good by good in the network's order, caps in the order of `group.limits`; a cap of zero shuts its
/// lanes. A schedule becomes a step wherever it rises: what is offered at a price point beyond the point below is an
/// ask with that point as its limit, what is wanted beyond the point above is a bid, and the trader is the row. So the
/// steps sum to the schedule at each price point; between two points they sum to the schedule at the point where less
/// is traded, or with `pieces` > 1 at that end of a piece of the interval, as the schedule is interpolated. Orders are
/// listed by block and row, asks by rising, bids by falling limit. O(rows x points x pieces).
SingleOrderMarket list_orders(const MarketInput& input, const CoupledGoods& group, std::uint32_t pieces = 1);

/// Sizes the columns of an answer and sets them to no trade: one row per lane, node, row of orders and shared limit.
void reset_trades(const MarketInput& input, Trades& trades);

/// Books the trades of a group: flows over lanes and the parts of their price, prices and volumes of nodes, fills of
/// rows, use and mean rents of shared limits, quality. The buyer pays the lane's delivered price and the trade's rent,
/// which goes to the seller or to the treasury by the rule of the lane's own cap, or else of the first shared limit
/// over it. A node's supply price is the mean of what its sellers got without rents, by volume; its use price is the
/// mean of what its buyers paid plus the preference that they counted (SingleTrade::preference), kept within the price
/// points. A side without trades keeps its price; if it has no orders it takes the price of the other side. A trade
/// that breaks a limit, overfills an order or connects the wrong nodes is a bug (std::logic_error).
void book_trades(const MarketInput& input, const CoupledGoods& group, const SingleOrderMarket& market,
                 std::span<const SingleTrade> booked, Trades& trades);

}  // namespace ytterby
