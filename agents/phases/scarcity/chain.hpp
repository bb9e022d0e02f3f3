#pragma once

#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// A cell that makes one good of another.
struct ChainLink {
    GoodId input;
    GoodId output;
    CountryId country;
    double output_t = 0.0;  // per month, last tick; of the base date before the first
    double input_t = 0.0;   // per month, as usual for the capacity that stands
};

/// Goods in an order in which inputs come before what is made of them.
std::vector<GoodId> chain_order(const Economy& economy);

/// Cells that make a good of another one.
std::vector<ChainLink> links_into(const Economy& economy, const World& world, GoodId output);
/// Cells that make another good of this one.
std::vector<ChainLink> links_from(const Economy& economy, const World& world, GoodId input);

}  // namespace ytterby
