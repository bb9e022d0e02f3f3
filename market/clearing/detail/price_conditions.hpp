#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "market/clearing/detail/part_prices.hpp"

namespace ytterby {

/// A range that may lack either end.
struct PriceRange {
    std::optional<Wide> low, high;

    void at_least(const Wide& value) { low = !low || *low < value ? value : *low; }
    void at_most(const Wide& value) { high = !high || value < *high ? value : *high; }
};

/// The values that an activity's response allows at a quantity.
PriceRange values_at(const MarketPart& part, std::size_t activity, const Wide& quantity);

/// A sum of prices and rents that may not exceed a limit.
struct PriceCondition {
    struct Term {
        std::uint32_t number = 0;  // a place, or places + a cap
        Wide factor;
    };
    std::vector<Term> terms;
    Wide limit;
};

/// What prices and rents must meet, so that no activity would move another quantity.
struct PriceConditions {
    std::vector<PriceRange> range;           // per place: by its own orders and curves
    std::vector<PriceCondition> conditions;  // by links
};

/// Places with a kind other than found and caps with endless rents take no part.
PriceConditions price_conditions(const MarketPart& part, const PartPoint& point, const PartPrices& prices);

}  // namespace ytterby
