#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "market/order_book/book.hpp"
#include "market/order_book/detail/traders.hpp"
#include "market/single_trades/running_lanes.hpp"

namespace ytterby {

/// The books of all hubs, one per node: in a round quotes arrive one by one, trade with standing quotes, and stand
/// until the round ends. The rule `hub` decides in which book a quote stands and which quotes reach it.
class BookHubs {
public:
    BookHubs(const SingleOrderMarket& market, const OrderBookRules& rules, const LastPrices& last);

    /// Runs a round and appends its trades. Afterwards `views()` holds what traders could see.
    void run_round(std::uint32_t round, std::span<Quote> quotes, BookTraders& traders,
                   std::vector<SingleTrade>& trades);
    std::span<const NodeView> views() const { return views_; }
    const OrderBookEffort& effort() const { return effort_; }

private:
    /// A route by which a quote can trade or stand: at home or over a lane.
    struct Route {
        std::uint32_t lane = SingleTrade::at_home;
        double price = 0.0;        // as this side counts it, USD/t
        std::uint32_t oldest = 0;  // number of the oldest quote at the best price there
        bool found = false;
    };
    struct Choice {
        Route best;
        Route second;
    };

    void arrive_ask(std::uint32_t number);
    void arrive_bid(std::uint32_t number);
    /// Country hub: sends an ask to the hub that nets it most, where it trades or stands.
    void send_ask(std::uint32_t number);
    /// The routes to the best and the second-best standing bids for a seller at a node, standing asks for a buyer, and
    /// hubs for an ask.
    Choice best_bids(std::uint32_t node) const;
    Choice best_asks(std::uint32_t node) const;
    Choice best_hubs(std::uint32_t node) const;
    /// Tonnes over a route until the rising preference brings its price to `level`: the cost that a bid counts, or the
    /// netback of an ask from `cost`.
    double until_cost(const Route& route, double level) const;
    double until_netback(const Route& route, double cost, double level) const;
    /// What a buyer counts or pays on top of a lane's delivered price, USD/t.
    struct Terms {
        double preference = 0.0;
        double rent = 0.0;
    };
    Terms terms(std::uint32_t lane) const {
        return lane == SingleTrade::at_home ? Terms{} : Terms{lanes_.preference(lane), lanes_.rent(lane)};
    }
    void trade(std::uint32_t ask, std::uint32_t bid, std::uint32_t lane, double quantity, double price, Terms terms);
    /// Updates the views at the end of a round.
    void update_views();
    /// Moves the rents of caps at the end of a round.
    void move_rents();

    const SingleOrderMarket& market_;
    const OrderBookRules& rules_;
    RunningLanes lanes_;
    std::vector<OrderBook> books_;   // per node
    std::vector<double> hub_price_;  // per node: the price by which asks choose a country hub, USD/t
    std::vector<bool> has_bids_;     // per node
    std::vector<NodeView> views_;
    OrderBookEffort effort_;

    // Of the current round.
    std::span<Quote> quotes_;
    BookTraders* traders_ = nullptr;
    std::vector<SingleTrade>* trades_ = nullptr;
    std::vector<double> sold_t_, sold_usd_, bought_t_, bought_usd_;  // per node
    std::vector<double> gap_;                                        // per lane
    /// Country hub: a part of a quote that was sent to a hub and stands there.
    struct Sent {
        std::uint32_t quote = 0;
        std::uint32_t lane = SingleTrade::at_home;
        Terms terms;  // at the time it was sent
        double left = 0.0;
    };
    std::vector<Sent> sent_;
};

}  // namespace ytterby
