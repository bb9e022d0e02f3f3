#pragma once

#include <array>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// Years ahead for which investors form a belief about prices (assumed: before, while and after others build).
inline constexpr std::array<double, 4> believed_years{3.0, 6.0, 10.0, 20.0};

/// What measures make of prices in years to come: prices under the duties, tariffs and caps that are believed to be in
/// force then, with the projects that such prices call for as far as they can be built by then, over prices without
/// measures had all gone to plan (docs/model.md, section 7.13). Found anew where beliefs change and once a year.
void renew_believed_prices(const Economy& economy, const World& world, const Regime& regime, BelievedPrices& believed);

/// The factor at a node in so many of `believed_years`; exactly 1 without measures.
inline double believed_multiple(const BelievedPrices& believed, std::size_t nodes, std::size_t year, std::size_t node) {
    return believed.multiple.empty() ? 1.0 : believed.multiple[year * nodes + node];
}

}  // namespace ytterby
