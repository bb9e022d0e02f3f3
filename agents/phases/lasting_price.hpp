#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "agents/world/behaviour.hpp"
#include "core/maths.hpp"

namespace ytterby {

/// A price over its anchor as far as the long view takes it seriously. A price at a multiple of the anchor says
/// that the market is broken, not what the metal will be worth: what lies beyond the outlier multiple teaches
/// nothing (a bounded influence, as in Huber 1964), up and down alike.
inline double heeded_multiple(const Behaviour& behaviour, double price, double anchor) {
    return std::clamp(price / anchor, 1.0 / behaviour.outlier_multiple, behaviour.outlier_multiple);
}

/// Moves the slow prices or anchors of nodes by part of their distance from the price, in logarithms; what lies beyond
/// a multiple `most` of them, up or down, counts as that.
void follow_prices(const std::vector<std::uint32_t>& nodes, double part, std::span<const double> price, double most,
                   std::span<double> slow);

/// What investors expect a price to be over the life of a plant: slow prices return most of the way to their anchor.
inline double lasting_price(const Behaviour& behaviour, double slow, double anchor) {
    return slow == anchor ? slow : anchor * pow(heeded_multiple(behaviour, slow, anchor), behaviour.price_persistence);
}
/// The same for many nodes at once; by node, of the others nothing.
std::vector<double> lasting_prices(const Behaviour& behaviour, const std::vector<std::uint32_t>& nodes,
                                   std::span<const double> slow, std::span<const double> anchor);

}  // namespace ytterby
