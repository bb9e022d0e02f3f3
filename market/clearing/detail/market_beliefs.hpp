#pragma once

#include <cstddef>
#include <vector>

namespace ytterby {

/// What all traders of a laboratory learn of one shout.
struct Shout {
    bool ask = false;
    double price = 0.0;
    bool accepted = false;
    double contract = 0.0;  // price at which it was accepted
};

/// The probability that a quote at each price of a grid is accepted, from the shouts that led to the last few trades
/// (Gjerstad and Dickhaut 1998). For an ask at price a it is (accepted asks at or above a + bids at or above a) over
/// that sum plus the rejected asks at or below a; for bids the converse. Between prices that were shouted it follows a
/// cubic with level ends; an ask is certainly accepted at the lowest price and certainly not at the highest. A quote
/// must improve on the best of its side; one that meets the best of the other side is certainly accepted.
class MarketBeliefs {
public:
    MarketBeliefs(double lowest_price, double highest_price, double price_step);

    void hear(const Shout& shout);
    /// Updates the probabilities from the shouts so far and the standing quotes, if any.
    void update(bool has_bid, double best_bid, bool has_ask, double best_ask);
    std::size_t prices() const { return ask_chance_.size(); }
    double price(std::size_t at) const { return lowest_ + step_ * static_cast<double>(at); }
    double chance(bool ask, std::size_t at) const { return ask ? ask_chance_[at] : bid_chance_[at]; }

private:
    struct Heard {
        bool ask = false;
        double price = 0.0;
        bool accepted = false;
        bool ended_trade = false;  // whether it was the accepting shout
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
