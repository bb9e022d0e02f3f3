#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/random.hpp"
#include "market/market_memory.hpp"
#include "market/single_order_market.hpp"

namespace ytterby {

/// How buyers search and how a price is agreed; docs/bilateral.md has the equations and the sources.
struct BilateralRules {
    std::uint32_t sample_size = 6;   // sellers that a buyer asks in a round
    std::uint32_t rounds = 8;        // in a tick
    double seller_share = 0.5;       // of what is bargained over (Nash weight)
    double pace_markup = 0.2;        // of the last price, for all sold before anything was due
    double list_margin = 0.03;       // over the last price: a list price caps what a seller asks
    double first_concession = 0.01;  // from the last price, in the first round; doubles every round
    std::uint32_t slots = 4;         // partners that a buyer remembers
    double half_life_months = 6.0;   // of a partner's strength
};

/// What traders know when a tick begins, per node, USD/t. Empty, or zero at a node: nothing is known there,
/// and only limits and competitors hold prices.
struct KnownPrices {
    std::span<const double> supply;  // what sellers at the node got
    std::span<const double> use;     // what buyers at the node paid, landed
};

/// What the search took, counted. A quote is asked once per buyer, round and seller.
struct BilateralEffort {
    std::uint64_t quotes = 0;
    std::uint64_t quotes_of_partners = 0;
    std::uint64_t deals = 0;
};

/// Search and bargaining: in each round every buyer with unfilled wants, in a drawn order, asks a sample of
/// sellers (its partners first, strangers by size and by how familiar the lane is), compares landed quotes plus
/// the lane's preference, and agrees a price between the best seller's quote and what the next best leaves it.
/// No trade breaks a limit, a lane's cap or a shared cap. Draws are addressed by trader, tick and round, so
/// neither the order of orders nor that of lanes matters. Cost: O(n log n) in orders once and O(sample size x
/// rounds) per buyer. `memory` has `slots` partners per trader (rows up to the largest trader; grown if shorter);
/// deliveries are noted in it, and weigh 1 - `kept` (market/bilateral/partners.hpp). The caller lets it fade, once per
/// tick. Trades are appended in the order in which they were agreed. Throws std::invalid_argument for a node, lane or
/// cap member out of range, or for a number that is not finite or negative where it may not be.
BilateralEffort clear_bilateral(const SingleOrderMarket& market, const BilateralRules& rules, const KnownPrices& known,
                                const Random& random, std::int64_t tick, double kept, MarketMemory& memory,
                                std::vector<SingleTrade>& trades);

}  // namespace ytterby
