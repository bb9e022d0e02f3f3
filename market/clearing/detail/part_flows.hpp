#pragma once

#include <vector>

#include "market/clearing/detail/part_prices.hpp"

namespace ytterby {

/// What moves in a part, in its unit.
struct PartFlows {
    std::vector<Wide> quantity;  // per activity
    std::vector<Wide> unmet;     // per place: demand that is not met at any price
};

/// Chooses among the quantities that clear at the same prices, one rule after another: as little demand unmet and as
/// large a volume as can be, as little supply left over as can be; the same share of orders at the margin (least sum
/// of quantity x share squared, likewise of what floors and ceilings leave over and of fixed demand that is not met);
/// as much as possible at home; then lanes that tie in proportion to usual + opening flow (least sum of flow squared
/// over it), with the tier within a rate quota before the one above it.
PartFlows choose_flows(const MarketPart& part, const PartPoint& point, PartPrices& prices);

}  // namespace ytterby
