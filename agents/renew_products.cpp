#include <algorithm>

#include "agents/economy.hpp"
#include "agents/expansion.hpp"
#include "agents/world.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

/// What use per product comes to in the long run at a slow price: a constant elasticity, what the short
/// run has not already given, down to where nothing else will do.
double wanted_intensity(const Good& good, double price_multiple) {
    const double elasticity = std::max(0.0, good.long_run_elasticity - good.demand_elasticity);
    return std::clamp(pow(price_multiple, -elasticity), good.least_intensity, 1.0 / good.least_intensity);
}

/// Moves a slow price towards the price, in logarithms.
void follow(double& slow, double price, double part) {
    if (slow != price) {
        slow *= pow(price / slow, part);
    }
}

}  // namespace

void renew_products(const Economy& economy, World& world) {
    const Behaviour& behaviour = economy.behaviour;
    NodeColumns& nodes = world.nodes;
    const double tick_years = 1.0 / economy.ticks_per_year;
    const double towards_slow = 1.0 - exp(-economy.months_per_tick() / behaviour.slow_price_months);
    const double towards_year = 1.0 - exp(-tick_years);
    const double towards_wanted = 1.0 - exp(-tick_years / behaviour.substitution_years);
    const double fastest_down = pow(1.0 - behaviour.fastest_substitution_per_year, tick_years);
    const double fastest_up = pow(1.0 - behaviour.fastest_substitution_per_year * behaviour.return_share, -tick_years);
    std::vector<double> passing;        // per good: share of a half-life's content that leaves it in a tick
    passing.reserve(economy.goods.size());
    for (const Good& good : economy.goods) {
        passing.push_back(1.0 - exp(-2.0 / good.lifetime_years * tick_years));
    }
    for (const std::uint32_t node : economy.active_nodes) {
        const std::size_t good = economy.network.good_of(node).index();
        const Good& about = economy.goods[good];
        follow(nodes.slow_use_price[node], nodes.use_price[node], towards_slow);
        follow(nodes.slow_supply_price[node], nodes.supply_price[node], towards_slow);
        const double base = economy.base_turnover[node];
        if (base > 0.0) {
            const double turnover = std::max(nodes.production[node], nodes.consumption[node]) / base;
            nodes.turnover_index[node] += towards_year * (turnover - nodes.turnover_index[node]);
        }
        if (nodes.need[node] <= 0.0 || about.stage == "ore") {
            continue;
        }
        const double wanted = wanted_intensity(about, nodes.slow_use_price[node] / economy.base_price[node]);
        if (wanted != nodes.intensity[node]) {
            nodes.intensity[node] *= std::clamp(pow(wanted / nodes.intensity[node], towards_wanted), fastest_down, fastest_up);
        }
        const double ageing = passing[good] * nodes.new_in_use[node];
        nodes.old_in_use[node] += ageing - passing[good] * nodes.old_in_use[node];
        nodes.new_in_use[node] += nodes.consumption[node] - ageing;
    }
}

}  // namespace ytterby
