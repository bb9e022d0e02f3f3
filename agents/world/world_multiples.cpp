#include "agents/world/world_multiples.hpp"

namespace ytterby {

std::vector<double> world_multiples(const Economy& economy, const World& world, std::span<const double> use_price) {
    std::vector<double> multiples;
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        double value = 0.0;
        double weight = 0.0;
        for (std::size_t country = 0; country < economy.countries.size(); ++country) {
            const std::size_t node = economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
            value += world.nodes.consumption[node] * use_price[node] / economy.base_price[node];
            weight += world.nodes.consumption[node];
        }
        multiples.push_back(weight > 0.0 ? value / weight : 1.0);
    }
    return multiples;
}

}  // namespace ytterby
