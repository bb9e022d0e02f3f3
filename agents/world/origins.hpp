#pragma once

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// Share of a node's stock that was made in a country.
double origin_share(const Economy& economy, const World& world, GoodId good, CountryId where, CountryId made_in);

/// Stock that is there to be sold: of producers and merchants, t.
double stock_for_sale(const Economy& economy, const World& world, GoodId good, CountryId where);

}  // namespace ytterby
