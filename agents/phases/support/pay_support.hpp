#pragma once

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/plant_rules.hpp"

namespace ytterby {

struct PlantSupport;

/// Pays for the tick what policies have promised plants, out of the treasury account of each: support of output to the
/// firms, by what they ran; grants for building begun to the owners; the cost of loans and of collection to the outside
/// account. A policy with too little in its fund pays all claims of the tick in the same proportion; what it owes
/// stands in World::support for it to see. Arrears and claims on owners follow.
void pay_plants(const Economy& economy, World& world, const PlantRules& rules, const PlantSupport& support);

/// Pays credits for buyers: takes back from the outside accounts what lanes were charged too much or too little, and
/// books the credits to the treasuries. Users got theirs in settle.
void pay_buyers(const Economy& economy, World& world, const PlantRules& rules);

}  // namespace ytterby
