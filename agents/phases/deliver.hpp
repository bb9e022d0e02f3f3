#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "market/trades.hpp"
#include "rules/lane_rules.hpp"

namespace ytterby {

class Workers;

/// What the firms of a cell deliver or take under contract in one position. Firms share it by their
/// flow at the base date; a seller gives at most what it has in stock.
struct PositionDelivery {
    double share = 0.0;      // t per t of the firm's base flow
    double usd_per_t = 0.0;  // mean price that the sellers get (FOB) or the buyers pay (landed)

    /// Tonnes of one firm.
    double sold_t(double base_flow_t, double stock_t) const {
        return std::min(share * base_flow_t, std::max(0.0, stock_t));
    }
    double bought_t(double base_flow_t) const { return share * base_flow_t; }
};

/// A firm's flow in a position at the base date, t per tick.
inline double base_flow_of(const FirmTraits& traits, std::size_t firm, const Position& position) {
    return traits.capacity_t[firm] * static_cast<double>(traits.base_run_rate[firm]) * position.per_throughput;
}

/// What moved under contract at a node.
struct NodeDelivery {
    double sold_t = 0.0;
    double received_usd = 0.0;  // FOB
    double bought_t = 0.0;
    double paid_usd = 0.0;  // landed
    double domestic_t = 0.0;
    double domestic_usd = 0.0;
};

/// Deliveries under long-term contracts in one tick, before the spot market. A plain value; empty where
/// nothing is under contract. Per contract, per lane, per node, and per position [cell x most_positions].
struct Deliveries {
    std::vector<double> allowed_t;        // what the rules let through of the volume
    std::vector<double> tonnes;           // what was delivered
    std::vector<double> price_usd_per_t;  // FOB
    std::vector<PositionDelivery> positions;
    std::vector<NodeDelivery> nodes;
    Column<LaneTrade> lanes;            // no rents: contract tonnes pass at the index price
    Column<double> lane_t;              // per lane: t delivered; counts against the lane's cap
    std::vector<double> shared_used_t;  // in the order of the shared limits

    bool empty() const { return tonnes.empty(); }
    PositionDelivery at(std::size_t cell, std::size_t position) const {
        return empty() ? PositionDelivery{} : positions[cell * CellTotals::most_positions + position];
    }
};

/// Index price of a contract in the coming tick, USD/t FOB: (1 - discount) x base price x mean of the
/// benchmark's price over its base price, within floor and cap.
double contract_price(const Economy& economy, const World& world, const Offtake& offtake);

/// What every contract delivers: its volume, as far as rules, the buyer's storage and the seller's stock
/// allow, captive tonnes first. Reads last tick's world, changes nothing.
Deliveries deliver_contracts(const Economy& economy, const World& world, const LaneRules& rules, Workers& workers);

}  // namespace ytterby
