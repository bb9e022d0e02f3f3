#include "agents/phases/slow_price.hpp"

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

}  // namespace ytterby
