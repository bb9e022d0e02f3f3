#pragma once

#include <vector>

#include "agents/phases/deliver.hpp"
#include "agents/world/economy.hpp"
#include "market/trades.hpp"

namespace ytterby {

/// An amount of money and the tonnes it was paid for.
struct Turnover {
    double tonnes = 0.0;
    double usd = 0.0;

    void add(double more_tonnes, double more_usd) {
        tonnes += more_tonnes;
        usd += more_usd;
    }
    /// Volume-weighted price, USD/t; NaN where no more than `least` tonnes were traded.
    double price(double least_t = 0.0) const;
};

/// What was really paid at a node in a tick, each price with its volume (definitions: docs/prices.md).
struct NodeQuotes {
    Turnover spot;      // bought on the spot market, as the buyers pay it
    Turnover contract;  // bought under contract, as the buyers pay it
    Turnover fob;       // exports at the border: the sellers' price, export duty and rents, before freight
    Turnover landed;    // imports as the buyers pay them: FOB, freight, tariff, friction
    Turnover domestic;  // home trade
};

/// Quotes of every node; index = TradeNetwork::node.
std::vector<NodeQuotes> quotes_of(const Economy& economy, const Deliveries& deliveries, const Trades& trades);

}  // namespace ytterby
