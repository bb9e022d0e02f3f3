#pragma once

#include <cstddef>
#include <vector>

namespace ytterby {

/// What all traders of a laboratory hear of one shout.
struct Shout {
    bool ask = false;
    double price = 0.0;
    bool accepted = false;
    double contract = 0.0;  // price at which it was accepted
};

/// How likely a quote at each price of a grid is to be taken, judged by the shouts that led to the last few trades
/// (Gjerstad and Dickhaut 1998). An ask at a is the likelier taken the more asks at or above a were, and the more bids
/// stood at or above a, against the asks at or below a that were not; bids the other way round. Between prices that
/// were shouted the chance follows a cubic with level ends; an ask is surely taken at the lowest price, surely not at
/// the highest. A quote must better its side's best; one that meets the other side's best is surely taken.
class MarketBeliefs {
public:
    MarketBeliefs(double lowest_price, double highest_price, double price_step);

    void hear(const Shout& shout);
    /// Works the chances out from what was heard; `has_bid`, `has_ask`: whether a quote stands, at what price.
    void settle(bool has_bid, double best_bid, bool has_ask, double best_ask);
    std::size_t prices() const { return ask_chance_.size(); }
    double price(std::size_t at) const { return lowest_ + step_ * static_cast<double>(at); }
    double chance(bool ask, std::size_t at) const { return ask ? ask_chance_[at] : bid_chance_[at]; }

private:
    struct Heard {
        bool ask = false;
        double price = 0.0;
        bool accepted = false;
        bool ended_trade = false;  // the shout that made the trade
    };
    struct Knot {
        double price = 0.0;
        double chance = 0.0;
    };
    void forget();
    std::vector<Knot> knots(bool ask) const;
    void fill(bool ask, std::vector<double>& chances) const;

    double lowest_;
    double highest_;
    double step_;
    std::vector<Heard> heard_;
    std::vector<double> ask_chance_, bid_chance_;  // per price of the grid
};

}  // namespace ytterby
