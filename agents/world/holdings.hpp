#pragma once

#include <cstddef>
#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// Who owns what at the base date.
std::vector<Holding> holdings_of_base(const Economy& economy);

/// Place of the first holding of each cell, and one past the last: holdings are in the order of cells.
std::vector<std::size_t> first_holdings(const Economy& economy, const World& world);

/// Part of a sector that its own country holds.
double home_share(const World& world, std::size_t cell);

/// Adds to what a country holds in a sector, or takes from it; a holding of nothing is dropped.
void change_holding(World& world, std::size_t cell, CountryId owner, double share, double offtake_share);

}  // namespace ytterby
