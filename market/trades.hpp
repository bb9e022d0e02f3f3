#pragma once

#include <vector>

#include "core/column.hpp"
#include "market/market_memory.hpp"

namespace ytterby {

/// What moved over a lane in a tick and what each part of the price came to. One row per lane of
/// the trade network; money in USD, rent included in what the buyer paid.
struct LaneTrades {
    Column<double> tonnes;
    Column<double> fob_usd;             // at the origin's supply price
    Column<double> export_duty_usd;     // to the origin's treasury
    Column<double> freight_usd;
    Column<double> tariff_usd;          // to the destination's treasury
    Column<double> friction_usd;
    Column<double> rent_usd;            // of lane and shared caps
    Column<double> rent_to_treasury_usd;  // the part that the origin's treasury keeps
    Column<double> rent_usd_per_t;
    Column<double> cap_t;               // infinite when nothing limits the lane
    Column<double> premium_usd_per_t;   // margin over the usual preference: what a rationed lane would pay more

    void resize(std::size_t lanes);
};

/// The market's answer at each node: index = TradeNetwork::node.
struct NodeTrades {
    Column<double> supply_price;
    Column<double> use_price;
    Column<double> sold_t;              // by the node's sellers, at home and abroad
    Column<double> bought_t;
    Column<double> domestic_t;
    Column<double> sold_scale;          // tonnes cleared over tonnes offered at the price (1 up to rounding)
    Column<double> bought_scale;
    Column<double> receipt_usd_per_t;   // what sellers get: price plus their share of rents
    Column<double> landed_usd_per_t;    // what buyers pay on average
    Column<double> price_dispersion;    // coefficient of variation over buyers; 0 where all pay the same

    void resize(std::size_t nodes);
};

/// What single traders sold and bought, where traders at one node do not all get the same price; empty
/// where they do. One row per row of Orders.
struct RowTrades {
    Column<double> sold_t;
    Column<double> received_usd;
    Column<double> bought_t;
    Column<double> paid_usd;            // landed: with duties, freight, frictions and rents

    bool empty() const { return sold_t.empty(); }
    void resize(std::size_t rows);
};

/// The largest violation of each equilibrium condition, as certified after clearing; none is looked for where the input asks
/// for no certificate.
struct MarketQuality {
    double worst_balance = 0.0;         // relative to the market's volume
    double worst_arbitrage = 0.0;       // relative to the price scale
    double worst_cap = 0.0;
    int iterations = 0;
    int markets = 0;
};

/// Trades and prices of all goods in one tick.
struct Trades {
    LaneTrades lanes;
    NodeTrades nodes;
    RowTrades rows;
    MarketMemory memory;                // what the mechanism will remember
    std::vector<double> shared_rents;   // USD/t, in the Regime's order of shared limits
    std::vector<double> shared_used_t;
    MarketQuality quality;
};

}  // namespace ytterby
