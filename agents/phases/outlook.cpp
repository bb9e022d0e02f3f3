#include "agents/phases/outlook.hpp"

#include <algorithm>
#include <cmath>

#include "agents/phases/support/scrap.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/purposes.hpp"
#include "agents/world/world.hpp"
#include "core/maths.hpp"
#include "core/random.hpp"

namespace ytterby {
namespace {

/// An AR(1) step in logarithms: what is left after the tick, and a new draw.
class NoiseStep {
public:
    NoiseStep(double monthly_spread, double monthly_persistence, double months)
        : kept_(pow(monthly_persistence, months)), spread_(monthly_spread * std::sqrt(months)) {}
    void advance(double& shock, const Random& random, std::size_t entity, Purpose purpose, std::int64_t tick) const {
        shock = kept_ * shock + spread_ * random.normal(static_cast<std::uint32_t>(entity), purpose, tick);
    }

private:
    double kept_;
    double spread_;
};

/// The named noise: on each country's use of each good, on the world's use of each good, on each
/// sector's output. What is off draws nothing.
void shake(const Economy& economy, World& world, const Random& random) {
    const Behaviour& behaviour = economy.behaviour;
    const double months = economy.months_per_tick();
    if (behaviour.demand_noise > 0.0) {
        const NoiseStep step(behaviour.demand_noise, behaviour.demand_noise_persistence, months);
        for (const std::uint32_t node : economy.active_nodes) {
            step.advance(world.nodes.demand_shock[node], random, node, purposes::demand_shock, world.tick);
        }
    }
    if (behaviour.world_demand_noise > 0.0) {
        const NoiseStep step(behaviour.world_demand_noise, behaviour.world_demand_noise_persistence, months);
        for (std::size_t good = 0; good < world.world_demand_shock.size(); ++good) {
            step.advance(world.world_demand_shock[good], random, good, purposes::world_demand_shock, world.tick);
        }
    }
    if (behaviour.supply_noise > 0.0) {
        const NoiseStep step(behaviour.supply_noise, behaviour.supply_noise_persistence, months);
        for (std::size_t cell = 0; cell < world.plants.size(); ++cell) {
            if (economy.cells[cell].expansion.base_capacity_t > 0.0) {
                step.advance(world.plants[cell].outage_log, random, cell, purposes::supply_outage, world.tick);
            }
        }
    }
}

/// What the dated steps of need come to at a place.
double stepped_need(const Outlook& outlook, GoodId good, CountryId country, std::int64_t tick) {
    double index = 1.0;
    for (const Outlook::Shock& shock : outlook.shocks) {
        if (shock.kind == Outlook::Shock::Kind::demand_step && shock.in_force(tick) && shock.covers(good, country)) {
            index *= 1.0 + shock.share;
        }
    }
    return index;
}

/// What dated losses leave of a cell's capacity: one that hits any of its outputs hits the plant.
double left_by_losses(const Outlook& outlook, const Cell& cell, std::int64_t tick) {
    double left = 1.0;
    for (const Outlook::Shock& shock : outlook.shocks) {
        const bool hit = std::any_of(cell.positions.begin() + cell.inputs, cell.positions.end(),
                                     [&](const Position& output) { return shock.covers(output.good, cell.country); });
        if (shock.kind == Outlook::Shock::Kind::supply_loss && shock.in_force(tick) && hit) {
            left *= 1.0 - shock.share;
        }
    }
    return left;
}

void set_needs(const Economy& economy, World& world, double years) {
    NodeColumns& nodes = world.nodes;
    const double towards_year = 1.0 - exp(-economy.months_per_tick() / 12.0);
    const double restock_years = economy.behaviour.restock_months / 12.0;
    const bool noisy = economy.behaviour.demand_noise > 0.0 || economy.behaviour.world_demand_noise > 0.0;
    // Indices by active node, many exponentials at a time. Stocks are built for the needs of the time when they will be
    // full.
    std::vector<double> needs, later_needs, noise;
    for (const std::uint32_t node : economy.active_nodes) {
        needs.push_back(economy.outlook.need.log_at(node, years));
        later_needs.push_back(economy.outlook.need.log_at(node, years + restock_years));
        noise.push_back(
            noisy ? nodes.demand_shock[node] + world.world_demand_shock[economy.network.good_of(node).index()] : 0.0);
    }
    exp_each(needs);
    exp_each(later_needs);
    exp_each(noise);
    for (std::size_t number = 0; number < economy.active_nodes.size(); ++number) {
        const std::uint32_t node = economy.active_nodes[number];
        double index = needs[number];
        double later = later_needs[number];
        if (!economy.outlook.shocks.empty()) {
            const GoodId good = economy.network.good_of(node);
            const CountryId country = economy.network.country_of(node);
            const double stepped = stepped_need(economy.outlook, good, country, world.tick);
            nodes.stepped[node] += towards_year * (stepped - nodes.stepped[node]);
            index *= stepped;
            later *= nodes.stepped[node];
        }
        nodes.stock_index[node] = later * nodes.intensity[node];
        nodes.need_index[node] = index * nodes.intensity[node] * noise[number];
    }
}

/// Scrap that recyclers may draw on beside this year's: their stocks (assumed, 0.05-0.3).
constexpr double scrap_stock_share = 0.15;

/// Unit costs rise no further than this with depletion; mines stop long before (assumed, 10-10,000).
constexpr double most_expensive_grade = 1000.0;

void set_plants(const Economy& economy, World& world, double years) {
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        const Cell& cell = economy.cells[index];
        if (cell.kind != FirmKind::miner && cell.kind != FirmKind::refiner) {
            continue;
        }
        PlantState& plant = world.plants[index];
        plant.availability = economy.behaviour.supply_noise > 0.0 ? std::min(1.0 / 0.9, exp(plant.outage_log)) : 1.0;
        if (!economy.outlook.shocks.empty()) {
            plant.availability *= left_by_losses(economy.outlook, cell, world.tick);
        }
        const double grown =
            cell.expansion.base_capacity_t > 0.0 ? world.cells[index].capacity_t / cell.expansion.base_capacity_t : 1.0;
        if (cell.host_multiple < std::numeric_limits<double>::infinity() && grown > 0.0) {
            plant.limit = cell.host_multiple / grown *
                          (economy.outlook.host.empty() ? 1.0 : economy.outlook.host.at(index, years));
        } else if (economy.processes[cell.process.index()].recycles && cell.expansion.base_capacity_t > 0.0 &&
                   grown > 0.0) {
            const std::size_t node = cell.positions[cell.inputs].node.index();
            plant.limit = (1.0 + scrap_stock_share) * cell.base_throughput_t / cell.expansion.base_capacity_t *
                          collected(economy, world, cell, 0.0) / grown * economy.end_of_life_index(world, node);
        }
        plant.stock_index =
            economy.outlook.plan.empty()
                ? 1.0
                : exp(economy.outlook.plan.growth(index, years) * economy.behaviour.restock_months / 12.0);
        plant.cost_factor = 1.0;
        if (economy.outlook.depletes) {
            plant.cost_factor = std::min(most_expensive_grade, pow(1.0 + plant.extracted_t / cell.expansion.reserves_t,
                                                                   economy.behaviour.grade_elasticity)) *
                                exp(-economy.outlook.cost_decline_per_year * years);
        }
    }
}

}  // namespace

void follow_outlook(const Economy& economy, World& world, const Random& random) {
    const double years = static_cast<double>(world.tick) / economy.ticks_per_year;
    shake(economy, world, random);
    set_needs(economy, world, years);
    set_plants(economy, world, years);
}

}  // namespace ytterby
