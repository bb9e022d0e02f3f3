#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "market/single_order_market.hpp"

namespace ytterby {

/// One order of a trader and what is still unfilled of it.
struct LadderStep {
    double limit = 0.0;       // USD/t
    double left = 0.0;        // t
    std::uint32_t order = 0;  // index in SingleOrderMarket::orders
};

/// One trader's orders on one side at one node, best for the counterparty first: asks rise, bids fall.
struct Ladder {
    std::uint32_t trader = 0;
    std::uint32_t node = 0;
    std::size_t next = 0;  // first step with anything left
    std::size_t end = 0;
    double limit = 0.0;     // of the next step, USD/t
    double traded = 0.0;    // t
    double at_known = 0.0;  // t that the trader would sell or buy at the last price of its node
    double total = 0.0;     // t over all steps

    bool done() const { return next == end; }
};

/// The traders of one side of a market, by trader, then node.
struct LadderSide {
    std::vector<Ladder> ladders;
    std::vector<LadderStep> steps;

    const LadderStep& marginal(const Ladder& ladder) const { return steps[ladder.next]; }
    /// Tonnes that a buyer would still buy at a landed price.
    double wanted_above(const Ladder& ladder, double price) const;
    /// Takes tonnes from the marginal step.
    void take(Ladder& ladder, double quantity);
};

/// Sorts one side's orders into ladders, O(n log n); orders with a quantity of zero are left out. `known_price` per
/// node, USD/t; where it is empty or zero no price is known, and `at_known` counts every order.
LadderSide make_ladders(const SingleOrderMarket& market, bool asks, std::span<const double> known_price);

}  // namespace ytterby
