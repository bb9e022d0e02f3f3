#pragma once

#include <cstdint>
#include <vector>

#include "market/clearing/detail/market_beliefs.hpp"
#include "market/clearing/laboratory.hpp"
#include "market/order_book/book.hpp"

namespace ytterby {

/// The traders of one session: their units, quotes and learning, and which of them are still trading.
class LaboratoryCrowd {
public:
    LaboratoryCrowd(const Laboratory& laboratory, const Random& random, std::uint32_t session);

    /// Renews the units of all traders.
    void begin_period(std::uint32_t period);
    std::uint32_t count() const { return static_cast<std::uint32_t>(traders_.size()); }
    /// Whether both sides have a trader left.
    bool can_trade() const { return active_asks_ > 0 && active_asks_ < active_.size(); }
    bool sells(std::uint32_t trader) const { return traders_[trader].ask; }
    /// Value or cost of the unit that a trader trades now.
    double worth(std::uint32_t trader) const;
    /// Draws the next trader, and the price that it shouts given the standing quotes, at the shout's address. The
    /// period is over if no trader wants to shout; a trader without a price to shout passes.
    enum class Turn { shouts, passes, over };
    Turn turn(std::uint32_t shout, const OrderBook& book, std::uint32_t& trader, double& price);
    /// Records that a trader has traded its unit.
    void deal(std::uint32_t trader);
    /// Lets all traders learn from a shout.
    void hear(const Shout& shout, std::uint32_t number);

private:
    struct Trader {
        bool ask = false;
        std::vector<double> units;  // worth of each, best first
        std::uint32_t dealt = 0;
        // Learners (Cliff and Bruten 1997).
        double margin = 0.0;    // price = worth (1 + margin)
        double speed = 0.0;     // beta
        double momentum = 0.0;  // gamma
        double last_change = 0.0;
    };
    bool is_active(const Trader& trader) const { return trader.dealt < trader.units.size(); }
    bool random_price(std::uint32_t trader, std::uint32_t shout, double& price) const;
    Turn best_expected(std::uint32_t shout, const OrderBook& book, std::uint32_t& trader, double& price);
    double margin_price(const Trader& trader) const;
    void move_margin(Trader& trader, std::uint32_t number, std::uint32_t shout, double heard, bool up);
    void list_active();

    const Laboratory& laboratory_;
    Random random_;
    std::uint32_t session_;
    std::uint32_t period_ = 0;
    std::vector<Trader> traders_;
    std::vector<std::uint32_t> active_;  // traders with a unit left, by number
    MarketBeliefs beliefs_;
    std::size_t active_asks_ = 0;
};

}  // namespace ytterby
