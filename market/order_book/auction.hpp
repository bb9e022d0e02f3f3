#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/random.hpp"
#include "market/purposes.hpp"
#include "market/single_order_market.hpp"

namespace ytterby {

/// Where orders meet: each country has a book of its own, or every standing order is seen by all.
enum class Hub { country, world };

/// What traders ask and bid: what they have learnt that the market pays, or straight their limits.
enum class Quotes { learned, limits };

/// How a continuous double auction runs over a tick; docs/order_book.md has the rules and their sources.
struct OrderBookRules {
    Hub hub = Hub::world;
    Quotes quotes = Quotes::learned;
    std::uint32_t rounds = 20;  // in a tick: trading days of a month; a part of each order comes in each
    double concession = 0.1;    // a trader that sold or bought nothing in a round moves its quote by this share
    double follow = 0.5;        // share of the way to a better price on view that a served trader goes in a round
};

/// What traders know when a tick begins, per node of the stated market, USD/t. Empty, or not positive at any node
/// that has orders: nothing is known, and everybody quotes limits.
struct LastPrices {
    std::span<const double> supply;  // what sellers at the node got
    std::span<const double> use;     // what buyers at the node paid, landed, with the preference that they counted
    std::span<const double> shared_rents = {};  // per shared cap; may be shorter
};

/// What the auction took.
struct OrderBookEffort {
    std::uint64_t quotes = 0;  // orders submitted to a book
    std::uint64_t fills = 0;   // of one quote by another
};

/// A continuous double auction with price-time priority (Smith 1962) over the orders of a market, appending trades in
/// the order in which they were made. Quotes arrive one by one in an order drawn by trader, round and step
/// (purposes::order_arrival), so the order in which `market` lists its orders does not matter; each trades at
/// once with the best standing quote that it can reach and that satisfies it, at the standing quote's price, and
/// what is left stands until the round ends. World hub: a bid compares asks by landed cost (delivered price and
/// preference) over open lanes, an ask compares bids by what they leave it. Country hub: an ask goes to the book
/// of the country whose last price leaves it most and waits there, as part of its lane's flow; bids stay at home.
/// No trade breaks a limit, a lane's cap or a shared cap.
/// Throws std::invalid_argument for a node, lane or cap member out of range or a number that is not finite.
OrderBookEffort clear_order_book(const SingleOrderMarket& market, const OrderBookRules& rules, const Random& random,
                                 std::int64_t tick, std::vector<SingleTrade>& trades, const LastPrices& last = {});

}  // namespace ytterby
