#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "agents/world/behaviour.hpp"
#include "core/maths.hpp"

namespace ytterby {

/// Moves the slow prices or anchors of nodes by part of their distance from the price, in logarithms; what lies beyond
/// a multiple `most` of them, up or down, counts as that.
void follow_prices(const std::vector<std::uint32_t>& nodes, double part, std::span<const double> price, double most,
                   std::span<double> slow);

}  // namespace ytterby
