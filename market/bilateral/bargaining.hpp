#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/random.hpp"
#include "market/market_memory.hpp"
#include "market/single_order_market.hpp"

namespace ytterby {

/// How buyers search and how a price is agreed; docs/bilateral.md has the equations and their sources.
struct BilateralRules {
    std::uint32_t sample_size = 6;   // sellers that a buyer asks in a round
    std::uint32_t rounds = 8;        // in a tick
    double seller_share = 0.5;       // of the surplus that is bargained over (Nash weight)
    double pace_markup = 0.2;        // on the last price, when all is sold before anything was due
    double list_margin = 0.03;       // over the last price: a list price limits what a seller asks
    double first_concession = 0.01;  // from the last price in the first round; doubles every round
    std::uint32_t slots = 4;         // partners that a buyer remembers
    double half_life_months = 6.0;   // of a partner's strength
};

/// The prices that traders know when a tick begins, per node, USD/t. Empty, or zero at a node: no price is known
/// there, and only limits and competition determine prices.
struct KnownPrices {
    std::span<const double> supply;  // what sellers at the node got
    std::span<const double> use;     // what buyers at the node paid, landed
};

/// Counts of what the search took. A buyer asks a seller for at most one quote per round.
struct BilateralEffort {
    std::uint64_t quotes = 0;
    std::uint64_t quotes_of_partners = 0;
    std::uint64_t deals = 0;
};

/// One market in one tick.
struct BilateralTick {
    const SingleOrderMarket& market;
    const BilateralRules& rules;
    KnownPrices known = {};
    Random random;
    std::int64_t tick = 0;
    double kept = 1.0;  // share of a partner's strength that the tick leaves (market/bilateral/partners.hpp)
};

/// Search and bargaining: in each round every buyer with unfilled bids, in a drawn order, asks a sample of sellers (its
/// partners first, strangers by their size and by how familiar the lane is), compares landed quotes plus the lane's
/// preference, and agrees a price between the best seller's quote and what the next best leaves it. No trade breaks a
/// limit, a lane's cap or a shared cap. Draws are addressed by trader, tick and round, so neither the order of orders
/// nor that of lanes matters. Cost: O(n log n) in orders once and O(sample size x rounds) per buyer. `memory` has
/// `slots` partners per trader (rows up to the largest trader; it grows if it is shorter); deliveries are noted in it
/// with a weight of 1 - `kept`. The caller fades it once per tick. Trades are appended in the order in which they were
/// agreed. Throws std::invalid_argument for a node, lane or cap member out of range, and for a number that is not
/// finite or negative where it may not be.
BilateralEffort clear_bilateral(const BilateralTick& session, MarketMemory& memory, std::vector<SingleTrade>& trades);

}  // namespace ytterby
