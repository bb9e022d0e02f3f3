#pragma once

#include <map>
#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// How a state sees the threat that an acquirer country is: a doctrine list, and for all others what their votes tell.
struct ThreatView {
    std::vector<double> doctrine;  // per country; below 0 = not on the list
    double distance_weight = 0.5;  // threat of a country whose affinity is 0

    /// 0 to 1; a state-backed acquirer counts `state_factor` times, at most 1.
    double of(const Economy& economy, CountryId host, CountryId acquirer) const;
    double state_factor = 1.0;
};

/// What losing part of a process's output would mean to the host: its import reliance on the metal, at the stage where
/// it is highest, between a floor for goods that the state calls critical, and 1.
double consequence_of(const Economy& economy, const World& world, CountryId host, const Cell& target, double least);

}  // namespace ytterby
