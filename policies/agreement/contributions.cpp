#include "policies/agreement/contributions.hpp"

#include <algorithm>

#include "agents/world/definitions.hpp"

namespace ytterby {

std::vector<std::pair<CountryId, double>> contributions(const Club& club) {
    std::vector<std::pair<CountryId, double>> shares;
    double total = 0.0;
    for (const CountryId member : club.members) {
        double value = 0.0;
        for (const GoodId good : club.goods) {
            const std::size_t node = club.node(good, member);
            value += club.view.world.nodes.need[node] * club.view.economy.base_price[node];
        }
        shares.emplace_back(member, value);
        total += value;
    }
    for (auto& [member, share] : shares) {
        share = total > 0.0 ? share / total : 1.0 / static_cast<double>(shares.size());
    }
    return shares;
}

double shortage(const Club& club, GoodId good, CountryId member, double days, double unmet) {
    const NodeColumns& nodes = club.view.world.nodes;
    const std::size_t node = club.node(good, member);
    // Stocks are first counted at the end of tick 0.
    if (nodes.need[node] <= 0.0 || club.view.tick() == 0) {
        return 0.0;
    }
    if (unmet_need(nodes.need[node], nodes.consumption[node]) >= unmet * nodes.need[node]) {
        return 1.0;
    }
    const double held = days_of_stock(nodes.stock[node], nodes.need[node], club.view.economy.months_per_tick());
    return days > 0.0 ? std::clamp(2.0 * (1.0 - held / days), 0.0, 1.0) : 0.0;
}

}  // namespace ytterby
