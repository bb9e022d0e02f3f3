#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "market/order_book/book.hpp"
#include "market/order_book/detail/traders.hpp"
#include "market/single_trades/running_lanes.hpp"

namespace ytterby {

/// The books of all hubs in one round: quotes arrive one by one, trade with what stands, and stand until the round
/// ends. A book for each node; where they stand and who reaches them is what `hub` says.
class BookHubs {
public:
    BookHubs(const SingleOrderMarket& market, const OrderBookRules& rules, const LastPrices& last);

    /// Plays a round and appends its trades. Afterwards `views()` holds what there was to see.
    void play(std::uint32_t round, std::span<Quote> quotes, BookTraders& traders, std::vector<SingleTrade>& trades);
    std::span<const NodeView> views() const { return views_; }
    const OrderBookEffort& effort() const { return effort_; }

private:
    /// A way for a quote to trade or to stand: at home or over a lane.
    struct Way {
        std::uint32_t lane = SingleTrade::at_home;
        double price = 0.0;        // what this side counts for it, USD/t
        std::uint32_t oldest = 0;  // arrival of the order there
        bool found = false;
    };
    struct Choice {
        Way best;
        Way second;
    };

    void arrive_ask(std::uint32_t number);
    void arrive_bid(std::uint32_t number);
    /// Country hub: an ask is sent to the hub that leaves it most and trades or stands there.
    void send_ask(std::uint32_t number);
    /// Where a seller (buyer) at a node finds the best standing bid (ask), and the best way after it.
    Choice best_bids(std::uint32_t node) const;
    Choice best_asks(std::uint32_t node) const;
    Choice best_hubs(std::uint32_t node) const;
    /// Tonnes over a way before its preference makes `level` of it: what a bid counts, or what an ask nets from `cost`.
    double until_cost(const Way& way, double level) const;
    double until_netback(const Way& way, double cost, double level) const;
    /// What goes with a lane beside its price at the time of a trade, USD/t.
    struct Terms {
        double preference = 0.0;
        double rent = 0.0;
    };
    Terms terms(std::uint32_t lane) const {
        return lane == SingleTrade::at_home ? Terms{} : Terms{lanes_.preference(lane), lanes_.rent(lane)};
    }
    void trade(std::uint32_t ask, std::uint32_t bid, std::uint32_t lane, double quantity, double price, Terms terms);
    /// Writes down what the round has shown, and moves the rents of caps.
    void see();
    void see_rooms();

    const SingleOrderMarket& market_;
    const OrderBookRules& rules_;
    RunningLanes lanes_;
    std::vector<OrderBook> books_;   // per node
    std::vector<double> hub_price_;  // per node: what asks go by in country hubs, USD/t
    std::vector<bool> has_bids_;     // per node: whether anybody buys there
    std::vector<NodeView> views_;
    OrderBookEffort effort_;

    // Of the round that is played.
    std::span<Quote> quotes_;
    BookTraders* traders_ = nullptr;
    std::vector<SingleTrade>* trades_ = nullptr;
    std::vector<double> sold_t_, sold_usd_, bought_t_, bought_usd_;  // per node
    std::vector<double> gap_;                                        // per lane
    /// Country hub: what a standing ask is part of.
    struct Sent {
        std::uint32_t quote = 0;
        std::uint32_t lane = SingleTrade::at_home;
        Terms terms;  // when it was sent
        double left = 0.0;
    };
    std::vector<Sent> sent_;
};

}  // namespace ytterby
