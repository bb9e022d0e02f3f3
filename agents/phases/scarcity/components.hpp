#pragma once

#include <cstdint>
#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// A lane that measures are expected to restrict.
struct Wall {
    CountryId origin;
    CountryId destination;
    double usual_t = 0.0;                            // per tick
    std::vector<const ExpectedMeasure*> measures{};  // in the order of the rules

    /// Tonnes per tick that are expected to pass in a tick, at most the usual flow; `awaited_too`: measures that are
    /// not in force yet are expected to come.
    double open_share(std::int64_t now, std::int64_t tick, bool awaited_too) const;
};

/// The walls of a good: lanes that some measure is expected to restrict in a tick or later, and that no waiver opens.
std::vector<Wall> walls_of(const Regime& regime, GoodId good, std::int64_t now);

/// Groups of countries that lanes without walls tie, by country: a lane against a wall ties nothing, since the closed
/// side is the cheap one; a country that neither makes, needs nor trades a good is in a group of its own. Numbers count
/// from 0.
std::vector<std::uint32_t> tied_countries(const Economy& economy, const World& world, GoodId good,
                                          const std::vector<Wall>& walls);

}  // namespace ytterby
