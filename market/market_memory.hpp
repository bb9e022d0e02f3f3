#pragma once

#include <cstdint>
#include <vector>

namespace ytterby {

/// One seller that a buyer has bought from.
struct Partner {
    static constexpr std::uint32_t none = 0xFFFFFFFFU;
    std::uint32_t row = none;  // the seller's row in Orders::rows
    float tonnes = 0.0F;       // mean delivery, t per tick
};

/// What a mechanism remembers from tick to tick, held in the World: `slots` partners for each row of Orders, row by
/// row. Empty for mechanisms without memory.
struct MarketMemory {
    std::uint32_t slots = 0;
    std::vector<Partner> partners;
};

}  // namespace ytterby
