#include "agents/phases/products.hpp"

#include <algorithm>
#include <iterator>

#include "agents/phases/slow_price.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Nodes where products hold the good and could hold less of it.
std::vector<std::uint32_t> nodes_with_products(const Economy& economy, const NodeColumns& nodes) {
    std::vector<std::uint32_t> found;
    std::copy_if(
        economy.active_nodes.begin(), economy.active_nodes.end(), std::back_inserter(found), [&](std::uint32_t node) {
            return nodes.need[node] > 0.0 && economy.goods[economy.network.good_of(node).index()].stage != "ore";
        });
    return found;
}

/// Moves what use per product comes to towards what the slow price would make of it in the long run: a constant
/// elasticity, what the short run has not already given, down to where nothing else will do.
void substitute(const Economy& economy, const std::vector<std::uint32_t>& users, double towards_wanted,
                double fastest_down, double fastest_up, NodeColumns& nodes) {
    std::vector<double> wanted;
    std::vector<double> exponent;
    for (const std::uint32_t node : users) {
        const Good& good = economy.goods[economy.network.good_of(node).index()];
        wanted.push_back(nodes.slow_use_price[node] / economy.base_price[node]);
        exponent.push_back(-std::max(0.0, good.long_run_elasticity - good.medium_run_elasticity));
    }
    pow_each(wanted, exponent);
    for (std::size_t number = 0; number < users.size(); ++number) {
        const double least = economy.goods[economy.network.good_of(users[number]).index()].least_intensity;
        wanted[number] = std::clamp(wanted[number], least, 1.0 / least) / nodes.intensity[users[number]];
    }
    exponent.assign(users.size(), towards_wanted);
    pow_each(wanted, exponent);
    for (std::size_t number = 0; number < users.size(); ++number) {
        nodes.intensity[users[number]] *= std::clamp(wanted[number], fastest_down, fastest_up);
    }
}

/// Use gives way to prices in months, and comes back as fast: towards what the medium-run elasticity adds to the
/// short-run one.
void adapt(const Economy& economy, const std::vector<std::uint32_t>& users, NodeColumns& nodes) {
    const double towards = 1.0 - exp(-economy.months_per_tick() / economy.behaviour.adaptation_months);
    for (const std::uint32_t node : users) {
        const Good& good = economy.goods[economy.network.good_of(node).index()];
        const double wanted = -(good.medium_run_elasticity - good.demand_elasticity) *
                              log(nodes.use_price[node] / economy.base_price[node]);
        nodes.log_adaptation[node] += towards * (wanted - nodes.log_adaptation[node]);
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
    std::vector<double> passing;  // per good: share of a half-life's content that leaves it in a tick
    passing.reserve(economy.goods.size());
    for (const Good& good : economy.goods) {
        passing.push_back(1.0 - exp(-2.0 / good.lifetime_years * tick_years));
    }
    constexpr double all_of_it = 1e100;
    follow_prices(economy.active_nodes, towards_slow, nodes.use_price, all_of_it, nodes.slow_use_price);
    follow_prices(economy.active_nodes, towards_slow, nodes.supply_price, all_of_it, nodes.slow_supply_price);
    for (const std::uint32_t node : economy.active_nodes) {
        const double base = economy.base_turnover[node];
        if (base > 0.0) {
            const double turnover = std::max(nodes.production[node], nodes.consumption[node]) / base;
            nodes.turnover_index[node] += towards_year * (turnover - nodes.turnover_index[node]);
        }
    }
    const std::vector<std::uint32_t> users = nodes_with_products(economy, nodes);
    adapt(economy, users, nodes);
    substitute(economy, users, towards_wanted, fastest_down, fastest_up, nodes);
    for (const std::uint32_t node : users) {
        const std::size_t good = economy.network.good_of(node).index();
        const double ageing = passing[good] * nodes.new_in_use[node];
        nodes.old_in_use[node] += ageing - passing[good] * nodes.old_in_use[node];
        nodes.new_in_use[node] += nodes.consumption[node] - ageing;
    }
}

}  // namespace ytterby
