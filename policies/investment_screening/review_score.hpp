#pragma once

#include <map>
#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// How a state scores the threat of an acquirer country: by a doctrine list, and for all others by their votes.
struct ThreatView {
    std::vector<double> doctrine;  // per country; below 0 = not on the list
    double distance_weight = 0.5;  // threat of a country whose affinity is 0
    double state_factor = 1.0;     // multiplies the threat of state-backed acquirers

    /// The threat, 0 to 1.
    double of(const Economy& economy, CountryId host, CountryId acquirer) const;
};

/// Consequence for the host of losing part of a process's output: its import reliance on the metal, at the stage where
/// that is highest, between the floor `least` and 1.
double consequence_of(const Economy& economy, const World& world, CountryId host, const Cell& target, double least);

}  // namespace ytterby
