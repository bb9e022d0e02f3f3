#include "agents/phases/scarcity/flow_curves.hpp"

#include <algorithm>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Largest response of the run rate to the relative margin; as where firms are drawn
/// (simulation/calibration/population.cpp).
constexpr double most_response = 10.0;

/// Plants stop where what they use costs so many times what their product brings: the first and the last of them
/// (assumed, 1.05-1.2 and 1.2-1.6; they differ in what stopping saves).
constexpr double first_stop = 1.1;
constexpr double last_stop = 1.4;

/// Share of the value of a cell's outputs that one of them has at base prices.
double revenue_share(const Economy& economy, const Cell& cell, std::size_t output) {
    const Position& position = cell.positions[output];
    return position.per_throughput * economy.base_price[position.node.index()] /
           std::max(1e-12, cell.reference_revenue_usd_per_t);
}

/// Value added over revenue at base prices.
double value_added_share(const Cell& cell) {
    return std::max(0.05, (cell.reference_revenue_usd_per_t - cell.reference_input_usd_per_t) /
                              std::max(1e-12, cell.reference_revenue_usd_per_t));
}

/// Share of firms whose avoidable costs are covered where margin over value added has changed by so much.
double covered_share(const Behaviour& behaviour, double cost_share, double change) {
    // A logistic in place of the normal distribution of avoidable costs: they differ by less than 0.01.
    const double bearable = (1.0 + change) / cost_share;
    const double spread = std::max(1e-3, behaviour.avoidable_cost_spread);
    return logistic(1.702 * (bearable - behaviour.avoidable_cost_share) / spread);
}

/// Idle plants of a cell; a standing plant alone can be idle.
IdlePlants idle_plants(const Economy& economy, const World& world, std::size_t cell_index, std::size_t output,
                       CountedCapacity counted) {
    const Cell& cell = economy.cells[cell_index];
    const std::uint32_t idle = world.cells[cell_index].mothballed;
    if (idle == 0 || counted != CountedCapacity::standing) {
        return {};
    }
    const double per_month = cell.positions[output].per_throughput / economy.months_per_tick();
    return {per_month * flow_throughput(economy, world, cell_index, output, 1.0, counted) * idle / cell.firms,
            economy.processes[cell.process.index()].restart_months + 0.5 * economy.behaviour.restart_wait_months};
}

void add_supply(const Economy& economy, const World& world, std::size_t cell_index, CountedCapacity counted,
                std::vector<NodeFlow>& flows, GoodId good) {
    const Cell& cell = economy.cells[cell_index];
    if (cell.kind != FirmKind::miner && cell.kind != FirmKind::refiner) {
        return;
    }
    for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
        const Position& position = cell.positions[number];
        if (position.good != good) {
            continue;
        }
        NodeFlow& flow = flows[cell.country.index()];
        const double per_month = position.per_throughput / economy.months_per_tick();
        for (std::size_t point = 0; point < FlowCurve::points; ++point) {
            flow.supply.quantity_t[point] +=
                per_month * flow_throughput(economy, world, cell_index, number, FlowCurve::multiple(point), counted);
        }
        flow.idle.add(idle_plants(economy, world, cell_index, number, counted));
        flow.output_t += per_month * (world.tick == 0 ? cell.base_throughput_t : world.cells[cell_index].throughput_t);
        const double grown = cell.expansion.base_capacity_t > 0.0
                                 ? world.cells[cell_index].capacity_t / cell.expansion.base_capacity_t
                                 : 1.0;
        flow.held_t += position.cover_months / economy.months_per_tick() * position.base_flow_t * grown;
    }
}

/// Adaptation of the users of a good, all over the world.
double world_adaptation(const Economy& economy, const World& world, GoodId good) {
    double need = 0.0;
    double sum = 0.0;
    for (std::size_t country = 0; country < economy.countries.size(); ++country) {
        const std::size_t node = economy.network.node(good, id_at<CountryId>(country)).index();
        need += world.nodes.need[node];
        sum += world.nodes.need[node] * world.nodes.log_adaptation[node];
    }
    return need > 0.0 ? sum / need : 0.0;
}

/// Demand of the users of a good, or of a process for an input: there it is that for the outputs, of whose price the
/// input is a part.
PathDemand demand_of(const Economy& economy, const World& world, std::size_t cell_index, const Position& input) {
    const Cell& cell = economy.cells[cell_index];
    PathDemand demand;
    demand.adjustment_months = economy.behaviour.adaptation_months;
    const auto use_good = [&](GoodId id) {
        const Good& good = economy.goods[id.index()];
        demand.short_elasticity = good.demand_elasticity;
        demand.medium_elasticity = good.medium_run_elasticity;
        demand.first_choke = good.first_choke_multiple;
        demand.last_choke = good.choke_multiple;
    };
    const double months = economy.months_per_tick();
    if (cell.kind == FirmKind::manufacturer) {
        const std::size_t node = input.node.index();
        use_good(input.good);
        demand.need_t = input.base_flow_t * world.nodes.need_index[node] / months;
        demand.log_adaptation = world.nodes.log_adaptation[node];
        return demand;
    }
    const double grown = cell.expansion.base_capacity_t > 0.0
                             ? world.cells[cell_index].capacity_t / cell.expansion.base_capacity_t
                             : 1.0;
    const Position& output = cell.positions[cell.inputs];
    use_good(output.good);
    demand.need_t = input.base_flow_t * grown / months;
    demand.log_adaptation = world_adaptation(economy, world, output.good);
    demand.cost_share = 1.0 - value_added_share(cell);
    return demand;
}

void add_holdings(const Economy& economy, const World& world, std::size_t cell_index, std::vector<NodeFlow>& flows,
                  GoodId good) {
    const Cell& cell = economy.cells[cell_index];
    const double cover = 1.0 / economy.months_per_tick();
    for (std::size_t number = 0; number < cell.positions.size(); ++number) {
        const Position& position = cell.positions[number];
        if (position.good != good) {
            continue;
        }
        NodeFlow& flow = flows[cell.country.index()];
        const std::size_t node = position.node.index();
        if (cell.kind == FirmKind::merchant) {
            flow.held_t += cover * position.cover_months * cell.base_throughput_t * world.nodes.turnover_index[node];
        } else if (number < cell.inputs) {
            const double index = cell.kind == FirmKind::manufacturer ? world.nodes.stock_index[node]
                                                                     : world.plants[cell_index].stock_index;
            flow.held_t += cover * position.cover_months * position.base_flow_t * index;
            add_demand(demand_of(economy, world, cell_index, position), flow.demand);
        }
    }
}

}  // namespace

void IdlePlants::add(const IdlePlants& other) {
    if (other.output_t > 0.0) {
        months += other.output_t / (output_t + other.output_t) * (other.months - months);
        output_t += other.output_t;
    }
}

void end_demand_at(double multiple, PathDemand& demand) {
    demand.first_choke = first_stop * std::max(1.0, multiple);
    demand.last_choke = last_stop * std::max(1.0, multiple);
}

void add_demand(const PathDemand& added, PathDemand& sum) {
    if (added.need_t <= 0.0) {
        return;
    }
    const double part = added.need_t / (sum.need_t + added.need_t);
    const auto mix = [part](double& here, double there) { here += part * (there - here); };
    mix(sum.log_adaptation, added.log_adaptation);
    mix(sum.short_elasticity, added.short_elasticity);
    mix(sum.medium_elasticity, added.medium_elasticity);
    mix(sum.cost_share, added.cost_share);
    mix(sum.first_choke, added.first_choke);
    mix(sum.last_choke, added.last_choke);
    sum.need_t += added.need_t;
}

double flow_throughput(const Economy& economy, const World& world, std::size_t cell_index, std::size_t output,
                       double multiple, CountedCapacity counted) {
    const PlantState& plant = world.plants[cell_index];
    // What is planned to be built replaces what retires and follows need, so only the difference from it counts.
    const double ahead = plant.building.total() - plant.planned_building.total();
    const double capacity =
        world.cells[cell_index].capacity_t + (counted == CountedCapacity::with_building ? ahead : 0.0);
    return capacity > 0.0 ? capacity * flow_rate(economy, world, cell_index, output, multiple) : 0.0;
}

double usual_run_rate(const Cell& cell) {
    return cell.expansion.base_capacity_t > 0.0
               ? std::clamp(cell.base_throughput_t / cell.expansion.base_capacity_t, 0.02, 0.99)
               : 0.9;
}

double flow_rate(const Economy& economy, const World& world, std::size_t cell_index, std::size_t output,
                 double multiple) {
    const Cell& cell = economy.cells[cell_index];
    const Process& process = economy.processes[cell.process.index()];
    const PlantState& plant = world.plants[cell_index];
    const double minimum = process.minimum_run_rate;
    const double base_rate = usual_run_rate(cell);
    const double part = std::clamp((base_rate - minimum) / (1.0 - minimum), 0.02, 0.98);
    const double slope = (1.0 - minimum) * part * (1.0 - part);
    const double response = std::min(most_response, process.supply_elasticity * base_rate / std::max(1e-3, slope));
    const double added = value_added_share(cell);
    const double share = revenue_share(economy, cell, output);
    // Inputs follow the price of what is made of them, so a margin moves with its own part of the value alone.
    const double margin = share * (cell.kind == FirmKind::miner ? 1.0 : added) * (multiple - 1.0);
    const double rate = minimum + (1.0 - minimum) * logistic(log(part / (1.0 - part)) + response * margin);
    const double cost_share =
        cell.kind == FirmKind::refiner
            ? std::min(1.0, cell.conversion_cost_usd_per_t / std::max(1e-9, added * cell.reference_revenue_usd_per_t))
            : 1.0;
    const double running = covered_share(economy.behaviour, cost_share, margin / added) /
                           covered_share(economy.behaviour, cost_share, 0.0);
    return std::min(rate * plant.availability, plant.limit) * std::min(1.0, running);
}

std::vector<NodeFlow> node_flows(const Economy& economy, const World& world, GoodId good, CountedCapacity counted) {
    std::vector<NodeFlow> flows(economy.countries.size());
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        add_supply(economy, world, index, counted, flows, good);
        add_holdings(economy, world, index, flows, good);
    }
    for (std::size_t country = 0; country < flows.size(); ++country) {
        const std::size_t node = economy.network.node(good, id_at<CountryId>(country)).index();
        flows[country].target_t = flows[country].held_t / (1.0 + economy.goods[good.index()].overhang_share);
        // Before the first tick stocks are what is held.
        flows[country].stock_t = world.tick == 0
                                     ? flows[country].held_t
                                     : world.nodes.stock[node] - flows[country].output_t * economy.months_per_tick();
    }
    return flows;
}

}  // namespace ytterby
