#pragma once

#include <array>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// Years ahead for which investors form a belief about prices (assumed: before, while and after others build).
inline constexpr std::array<double, 4> believed_years{3.0, 6.0, 10.0, 20.0};

/// Prices in years to come, over those of the base date: where needs, the cost curves of projects, and the duties,
/// tariffs and caps that are believed to be in force then meet, without stocks (docs/model.md, section 7.13). With
/// measures, with what can be built by then of the projects that such prices call for; without, once all is built.
/// Found anew where measures and steps of need change, and once a year.
void renew_believed_prices(const Economy& economy, const World& world, const Regime& regime, BelievedPrices& believed);

/// Long-run price of a good at which what is planned is worth building, over that of the base date.
double planned_multiple(const Economy& economy, const World& world, GoodId good);

}  // namespace ytterby
