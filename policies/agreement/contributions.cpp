#include "policies/agreement/contributions.hpp"

#include <algorithm>
#include <limits>

#include "agents/world/indicators.hpp"

namespace ytterby {
namespace {

constexpr double days_per_month = 365.25 / 12.0;

}  // namespace

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

double days_of_stock(const Club& club, GoodId good, CountryId member) {
    const std::size_t node = club.node(good, member);
    const double need = club.view.world.nodes.need[node];
    return need > 0.0 ? club.view.world.nodes.stock[node] / need * club.view.economy.months_per_tick() * days_per_month
                      : std::numeric_limits<double>::infinity();
}

double shortage(const Club& club, GoodId good, CountryId member, double days, double unmet) {
    // Stocks are first counted at the end of tick 0.
    if (club.view.world.nodes.need[club.node(good, member)] <= 0.0 || club.view.tick() == 0) {
        return 0.0;
    }
    if (unmet_share(club.view.economy, club.view.world, member, good) >= unmet) {
        return 1.0;
    }
    return days > 0.0 ? std::clamp(2.0 * (1.0 - days_of_stock(club, good, member) / days), 0.0, 1.0) : 0.0;
}

}  // namespace ytterby
