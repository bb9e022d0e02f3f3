#pragma once

#include <cstdint>
#include <vector>

#include "market/clearing/detail/market_part.hpp"

namespace ytterby {

/// The prices of a part's places and the rents of its shared caps, in its unit.
struct PartPrices {
    enum class Kind : std::uint8_t {
        found,
        above_all,  // demand is not met at any price
        below_all,  // supply finds no buyer at any price
        free,       // any price clears
    };
    std::vector<Wide> price;  // of places without a price: one at which the part's problem is solved
    std::vector<Kind> kind;
    std::vector<Wide> rent;
    std::vector<bool> endless;  // per cap: its rent has no end, as a demand behind it is not met at any price
    int steps = 0;

    bool found(std::uint32_t place) const { return kind[place] == Kind::found; }
};

/// The middle of the highest and the lowest prices that clear with the quantities of the point; the one end where there
/// is no other. Rents of shared caps are the smallest that clear (least sum of squares). Where only fixed quantities
/// trade, the lowest price is zero.
PartPrices choose_prices(const MarketPart& part, const PartPoint& point);

/// Where one side of a node trades and the other does not, moves the idle one's price as near to the other's as its own
/// orders and lanes allow. `quantity` per activity.
void follow_trading_side(const MarketPart& part, const std::vector<Wide>& quantity, PartPrices& prices);

}  // namespace ytterby
