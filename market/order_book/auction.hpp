#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/random.hpp"
#include "market/purposes.hpp"
#include "market/single_order_market.hpp"

namespace ytterby {

/// Where orders meet: in one book per country, or in one market in which all traders see every standing order.
enum class Hub { country, world };

/// What traders quote: the price that they have learnt the market pays, or their limits.
enum class Quotes { learned, limits };

/// How a continuous double auction runs over a tick; docs/order_book.md has the rules and their sources.
struct OrderBookRules {
    Hub hub = Hub::world;
    Quotes quotes = Quotes::learned;
    std::uint32_t rounds = 20;  // in a tick: trading days of a month; each brings a part of each order
    double concession = 0.1;    // share by which a trader that traded nothing in a round moves its quote
    double follow = 0.5;        // share of the way to a better visible price that a filled trader goes in a round
};

/// The prices that traders know when a tick begins, per node of the market, USD/t. If they are empty, or not positive
/// at a node that has orders, no price is known and all traders quote limits.
struct LastPrices {
    std::span<const double> supply;  // what sellers at the node got
    std::span<const double> use;     // what buyers at the node paid, landed, plus the preference that they counted
    std::span<const double> shared_rents = {};  // per shared cap; may be shorter
};

/// Counts of what the auction took.
struct OrderBookEffort {
    std::uint64_t quotes = 0;  // orders submitted to a book
    std::uint64_t fills = 0;   // of one quote by another
};

/// A continuous double auction with price-time priority (Smith 1962) over the orders of a market; trades are appended
/// in the order in which they were made. Quotes arrive one by one in an order drawn by trader, round and step
/// (purposes::order_arrival), so the order in which `market` lists its orders does not matter. Each trades at once with
/// the best standing quote that it can reach and that satisfies it, at the standing quote's price; the rest stands
/// until the round ends. World hub: a bid compares asks by landed cost (delivered price plus preference) over open
/// lanes, an ask compares bids by what they net. Country hub: an ask goes to the book of the country whose last price
/// nets it most and waits there as part of its lane's flow; bids stay at home. No trade breaks a limit, a lane's cap or
/// a shared cap. Throws std::invalid_argument for a node, lane or cap member out of range or a number that is not
/// finite.
OrderBookEffort clear_order_book(const SingleOrderMarket& market, const OrderBookRules& rules, const Random& random,
                                 std::int64_t tick, std::vector<SingleTrade>& trades, const LastPrices& last = {});

}  // namespace ytterby
