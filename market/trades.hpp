#pragma once

#include <vector>

#include "core/column.hpp"
#include "market/market_memory.hpp"

namespace ytterby {

/// The tonnes that moved over a lane in a tick and the parts of their price; money in USD. The buyer pays the rent,
/// too. Readers use nearly all parts at once, so they are stored together: one stream of memory instead of eleven.
struct LaneTrade {
    double tonnes = 0.0;
    double fob_usd = 0.0;          // at the origin's supply price
    double export_duty_usd = 0.0;  // to the origin's treasury
    double freight_usd = 0.0;
    double tariff_usd = 0.0;  // to the destination's treasury
    double friction_usd = 0.0;
    double rent_usd = 0.0;              // of lane and shared caps
    double rent_to_treasury_usd = 0.0;  // the part that the origin's treasury gets
    double rent_usd_per_t = 0.0;
    double cap_t = 0.0;  // infinite when nothing limits the lane
    double premium_usd_per_t =
        0.0;  // margin over the usual preference: what buyers over a rationed lane would pay more
};

/// The market's answer at each node: index = TradeNetwork::node.
struct NodeTrades {
    Column<double> supply_price;
    Column<double> use_price;
    Column<double> sold_t;  // by the node's sellers, at home and abroad
    Column<double> bought_t;
    Column<double> domestic_t;
    Column<double> sold_scale;  // tonnes cleared over tonnes offered at the price; 1 up to rounding
    Column<double> bought_scale;
    Column<double> receipt_usd_per_t;  // what sellers get: the price plus their share of rents
    Column<double> landed_usd_per_t;   // what buyers pay on average
    Column<double> price_dispersion;   // coefficient of variation over buyers; 0 where all pay the same

    void resize(std::size_t nodes);
};

/// What each trader sold and bought, if traders at one node do not all get the same price; else empty. One row per row
/// of Orders.
struct RowTrades {
    Column<double> sold_t;
    Column<double> received_usd;
    Column<double> bought_t;
    Column<double> paid_usd;  // landed: with duties, freight, frictions and rents

    bool empty() const { return sold_t.empty(); }
    void resize(std::size_t rows);
};

/// The largest violation of each equilibrium condition. The spatial auction certifies them only if the input asks for
/// it.
struct MarketQuality {
    double worst_balance = 0.0;    // relative to the market's volume
    double worst_arbitrage = 0.0;  // relative to the price scale
    double worst_cap = 0.0;
    int iterations = 0;
    int markets = 0;
};

/// Trades and prices of all goods in one tick.
struct Trades {
    Column<LaneTrade> lanes;  // in the order of the trade network
    NodeTrades nodes;
    RowTrades rows;
    MarketMemory memory;               // what the mechanism will remember
    std::vector<double> shared_rents;  // USD/t, in the order of the rules' shared limits
    std::vector<double> shared_used_t;
    MarketQuality quality;
};

}  // namespace ytterby
