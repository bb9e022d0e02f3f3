#include "agents/phases/lasting_price.hpp"

namespace ytterby {

void follow_prices(const std::vector<std::uint32_t>& nodes, double part, std::span<const double> price, double most,
                   std::span<double> slow) {
    std::vector<double> factor;
    factor.reserve(nodes.size());
    for (const std::uint32_t node : nodes) {
        factor.push_back(std::clamp(price[node] / slow[node], 1.0 / most, most));
    }
    pow_each(factor, std::vector<double>(nodes.size(), part));
    for (std::size_t number = 0; number < nodes.size(); ++number) {
        slow[nodes[number]] *= factor[number];
    }
}

std::vector<double> lasting_prices(const Behaviour& behaviour, const std::vector<std::uint32_t>& nodes,
                                   std::span<const double> slow, std::span<const double> anchor) {
    std::vector<double> power;
    power.reserve(nodes.size());
    for (const std::uint32_t node : nodes) {
        power.push_back(heeded_multiple(behaviour, slow[node], anchor[node]));
    }
    pow_each(power, std::vector<double>(nodes.size(), behaviour.price_persistence));
    std::vector<double> prices(slow.size(), 0.0);
    for (std::size_t number = 0; number < nodes.size(); ++number) {
        prices[nodes[number]] = anchor[nodes[number]] * power[number];
    }
    return prices;
}

}  // namespace ytterby
