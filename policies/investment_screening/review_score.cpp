#include "policies/investment_screening/review_score.hpp"

#include <algorithm>

#include "agents/world/indicators.hpp"

namespace ytterby {
namespace {

/// Affinity without data (assumed, 0.3-0.7).
constexpr double unknown_affinity = 0.5;

}  // namespace

double ThreatView::of(const Economy& economy, CountryId host, CountryId acquirer) const {
    double threat = doctrine.empty() ? -1.0 : doctrine[acquirer.index()];
    if (threat < 0.0) {
        const double affinity = economy.affinity.empty()
                                    ? unknown_affinity
                                    : economy.affinity[host.index() * economy.countries.size() + acquirer.index()];
        threat = distance_weight * (1.0 - affinity);
    }
    const bool backed = !economy.deals.state_backed.empty() && economy.deals.state_backed[acquirer.index()] != 0;
    return std::clamp(threat * (backed ? state_factor : 1.0), 0.0, 1.0);
}

double consequence_of(const Economy& economy, const World& world, CountryId host, const Cell& target, double least) {
    double most = least;
    for (std::size_t number = target.inputs; number < target.positions.size(); ++number) {
        const std::string& metal = economy.goods[target.positions[number].good.index()].metal;
        for (std::size_t good = 0; good < economy.goods.size(); ++good) {
            if (economy.goods[good].metal == metal) {
                most = std::max(most, import_reliance(economy, world, host, id_at<GoodId>(good)));
            }
        }
    }
    return std::min(1.0, most);
}

}  // namespace ytterby
