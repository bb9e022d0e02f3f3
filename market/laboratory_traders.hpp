#pragma once

#include <cstdint>
#include <vector>

#include "market/laboratory.hpp"

namespace ytterby {

/// What all traders of a laboratory hear of one shout.
struct Shout {
    bool ask = false;
    double price = 0.0;
    bool accepted = false;
    double contract = 0.0;      // price at which it was accepted
};

/// The traders of one session: units, who is still trading, what each quotes, what learners make of a shout.
class LaboratoryCrowd {
public:
    LaboratoryCrowd(const Laboratory& laboratory, const Random& random, std::uint32_t session);

    /// Gives all traders their units again.
    void begin_period(std::uint32_t period);
    /// Traders that have a unit left, in the order of number.
    const std::vector<std::uint32_t>& active() const { return active_; }
    /// Whether both sides have a trader left.
    bool can_trade() const { return active_asks_ > 0 && active_asks_ < active_.size(); }
    bool sells(std::uint32_t trader) const { return traders_[trader].ask; }
    /// Value or cost of the unit that a trader deals in now.
    double worth(std::uint32_t trader) const;
    /// The price that a trader shouts, drawn at the shout's address; nothing if it has none to shout.
    bool quote(std::uint32_t trader, std::uint32_t shout, double& price) const;
    /// A trader has dealt its unit.
    void deal(std::uint32_t trader);
    void hear(const Shout& shout, std::uint32_t number);

private:
    struct Trader {
        bool ask = false;
        std::vector<double> units;      // worth of each, best first
        std::uint32_t dealt = 0;
        // Learners (Cliff and Bruten 1997).
        double margin = 0.0;            // price = worth (1 + margin)
        double speed = 0.0;             // beta
        double momentum = 0.0;          // gamma
        double last_change = 0.0;
    };
    bool is_active(const Trader& trader) const { return trader.dealt < trader.units.size(); }
    double margin_price(const Trader& trader) const;
    void move_margin(Trader& trader, std::uint32_t number, std::uint32_t shout, double heard, bool up);
    void list_active();

    const Laboratory& laboratory_;
    Random random_;
    std::uint32_t session_;
    std::uint32_t period_ = 0;
    std::vector<Trader> traders_;
    std::vector<std::uint32_t> active_;
    std::size_t active_asks_ = 0;
};

}  // namespace ytterby
