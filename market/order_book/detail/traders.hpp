#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "market/order_book/auction.hpp"

namespace ytterby {

/// A quantity below this share of an order or a quote is rounding and not worth a quote.
inline constexpr double dust = 1e-12;

/// One quote of a trader in a round: one or more of its orders at one price.
struct Quote {
    std::uint32_t trader = 0;  // index in BookTraders
    std::uint32_t node = 0;
    bool ask = false;
    double price = 0.0;      // USD/t: at the seller's node, or landed at the buyer's
    double quantity = 0.0;   // t
    double arrival = 0.0;    // drawn; quotes arrive in rising order of it
    std::uint32_t next = 0;  // its unfilled orders in BookTraders::sorted_: from here
    std::uint32_t end = 0;   // to here
};

/// What traders at a node see when a round ends, USD/t; zero where there is nothing to see.
struct NodeView {
    double mean_sold = 0.0;    // what its sellers got, by volume
    double mean_bought = 0.0;  // what its buyers counted
    double best_bid = 0.0;     // what the best standing bid in their reach would net its sellers
    double best_ask = 0.0;     // what the best standing ask in their reach would cost its buyers
};

/// The traders of a market: their orders, the price that each believes the market pays (its view), and their quotes in
/// a round. A trader quotes its view, or its limit if the view would break it. At the end of a round a trader that
/// could not trade everything at its view concedes in proportion to what is left; one that was filled goes part of the
/// way to a better price if one stands; one that had nothing to trade at its view follows the round's mean price or,
/// without trades, the best quote of the other side. So prices move with excess demand, as in Smith's (1962)
/// hypotheses, and no trader keeps asking more than somebody bids.
class BookTraders {
public:
    BookTraders(const SingleOrderMarket& market, const OrderBookRules& rules, const LastPrices& last);

    /// The quotes of a round in the order of arrival. By the end of round r of n, counted from 0, (r + 1) / n of each
    /// order has come to the market.
    std::span<Quote> quote(std::uint32_t round, const Random& random, std::int64_t tick);
    /// Divides a trade between two quotes among their orders, best limits first (the orders named in `made` are
    /// ignored).
    void deal(Quote& ask, Quote& bid, const SingleTrade& made, std::vector<SingleTrade>& trades);
    /// Updates the traders' views by what they saw in a round, per node.
    void learn(std::span<const NodeView> seen);

    bool quotes_limits() const { return limits_; }

private:
    struct Trader {
        std::uint32_t number = 0;  // SingleOrder::trader
        std::uint32_t node = 0;
        bool ask = false;
        std::uint32_t first = 0;  // its orders in sorted_, best limit first
        std::uint32_t end = 0;
        double view = 0.0;         // USD/t
        double due_at_view = 0.0;  // t in this round, of orders that the view satisfies
        double dealt_at_view = 0.0;
    };
    void add_quote(const Trader& trader, std::uint32_t number, double price, std::uint32_t first, std::uint32_t end);
    double due(std::uint32_t order, double share) const;

    const SingleOrderMarket& market_;
    const OrderBookRules& rules_;
    bool limits_ = false;
    std::vector<Trader> traders_;
    std::vector<std::uint32_t> sorted_;  // orders by trader
    std::vector<double> filled_;         // t, per order
    std::vector<double> due_;            // t left to trade in this round, per order
    std::vector<Quote> quotes_;
};

}  // namespace ytterby
