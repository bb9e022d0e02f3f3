#include "agents/phases/invest.hpp"

#include <algorithm>
#include <cmath>

#include "agents/phases/lasting_price.hpp"
#include "agents/world/world_multiples.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Share of a stage that leaves it in a tick, given the lead time over all stages.
double leaving_share(double years, std::size_t stages, double tick_years) {
    return std::min(1.0, static_cast<double>(stages) * tick_years / std::max(years, tick_years));
}

/// Moves every stage on by a tick and returns what is finished.
template <std::size_t stages>
double advance(std::array<double, stages>& content, double starts, double leaving) {
    double arriving = starts;
    for (double& stage : content) {
        const double out = leaving * stage;
        stage += arriving - out;
        arriving = out;
    }
    return arriving;
}

/// Starts by kind, t of capacity, per year or per tick.
struct Starts {
    double brownfield = 0.0;
    double greenfield = 0.0;
};

/// What the plan of each cell that grows starts per year at a time, to replace what retires and to add what is planned
/// one lead time later; in the order of `cells`. Many exponentials at a time.
std::vector<Starts> planned_starts(const Economy& economy, const std::vector<std::uint32_t>& cells, double years) {
    const Outlook::Paths& plan = economy.outlook.plan;
    std::vector<double>
        index;  // per cell and kind: planned capacity one lead time later, half a year later and earlier
    index.reserve(6 * cells.size());
    for (const std::uint32_t cell : cells) {
        const Expansion& expansion = economy.cells[cell].expansion;
        for (const double lead : {expansion.brownfield_years, expansion.build_years}) {
            for (const double beside : {0.0, 0.5, -0.5}) {
                index.push_back(plan.log_at(cell, years + lead + beside));
            }
        }
    }
    exp_each(index);
    std::vector<Starts> starts;
    starts.reserve(cells.size());
    for (std::size_t number = 0; number < cells.size(); ++number) {
        const Expansion& expansion = economy.cells[cells[number]].expansion;
        const auto total = [&](const double* at) {
            return expansion.base_capacity_t * std::max(0.0, expansion.retirement_per_year * at[0] + (at[1] - at[2]));
        };
        starts.push_back({expansion.brownfield_share * total(&index[6 * number]),
                          (1.0 - expansion.brownfield_share) * total(&index[6 * number + 3])});
    }
    return starts;
}

/// Mines and refineries whose capacity may grow.
std::vector<std::uint32_t> growing_cells(const Economy& economy) {
    std::vector<std::uint32_t> found;
    for (std::size_t cell = 0; cell < economy.cells.size(); ++cell) {
        const FirmKind kind = economy.cells[cell].kind;
        if ((kind == FirmKind::miner || kind == FirmKind::refiner) && economy.cells[cell].expansion.grows) {
            found.push_back(static_cast<std::uint32_t>(cell));
        }
    }
    return found;
}

/// By process: what the world has under construction beyond the plan will do to margins, as a factor. It goes with
/// capacity and what is being built, over that with what is planned to be.
std::vector<double> pressed_margins(const Economy& economy, const World& world) {
    std::vector<double> counted(economy.processes.size(), 0.0);
    std::vector<double> planned(economy.processes.size(), 0.0);
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        const Cell& cell = economy.cells[index];
        if (cell.expansion.grows) {
            const PlantState& plant = world.plants[index];
            counted[cell.process.index()] +=
                world.cells[index].capacity_t + economy.behaviour.pipeline_awareness * plant.coming();
            planned[cell.process.index()] +=
                world.cells[index].capacity_t + economy.behaviour.pipeline_awareness * plant.planned_building.total();
        }
    }
    for (std::size_t process = 0; process < counted.size(); ++process) {
        const double excess = planned[process] > 0.0 ? counted[process] / planned[process] : 1.0;
        counted[process] = pow(std::clamp(excess, 0.2, 5.0), -economy.behaviour.price_foresight);
    }
    return counted;
}

/// How far a node's own ore cannot leave, and how long that is believed to last, weighted by usual exports.
struct Walled {
    double share = 0.0;
    double months = 0.0;
};
Walled walled_ore(const Economy& economy, const World& world, const LaneRules& rules, const Position& input,
                  CountryId country) {
    const GoodLanes& book = economy.network.goods[input.good.index()];
    double usual = 0.0;
    Walled walled;
    if (!rules.has_rules(input.good)) {
        return walled;
    }
    // Lanes are in the order of their origins.
    const auto first = std::lower_bound(book.lanes.begin(), book.lanes.end(), country,
                                        [](const TradeLane& lane, CountryId origin) { return lane.origin < origin; });
    for (auto number = static_cast<std::size_t>(first - book.lanes.begin());
         number < book.lanes.size() && book.lanes[number].origin == country; ++number) {
        const TradeLane& lane = book.lanes[number];
        const double flow = std::max(lane.base_flow_t, world.lanes.usual_flow[book.first_lane + number]);
        const LaneRule& rule = rules.rule(input.good, lane.origin, lane.destination);
        usual += flow;
        walled.share += flow * (1.0 - rule.believed_open_share());
        walled.months += flow * (1.0 - rule.believed_open_share()) * rule.believed_months();
    }
    if (walled.share > 0.0) {
        walled.months /= walled.share;
        walled.share /= usual;
    }
    return walled;
}

/// What investors look at.
struct InvestorView {
    const Economy& economy;
    const World& world;
    const LaneRules& rules;
    std::vector<double> multiples;                    // per good: world price over that of the base date
    std::vector<double> lasting_use, lasting_supply;  // per node, USD/t
    std::vector<double> pressed;                      // per process: part of a gain in margin that is counted
};
InvestorView view_prices(const Economy& economy, const World& world, const LaneRules& rules) {
    const NodeColumns& nodes = world.nodes;
    return {economy,
            world,
            rules,
            world_multiples(economy, world, nodes.slow_use_price),
            lasting_prices(economy.behaviour, economy.active_nodes, nodes.slow_use_price, nodes.use_anchor),
            lasting_prices(economy.behaviour, economy.active_nodes, nodes.slow_supply_price, nodes.supply_anchor),
            pressed_margins(economy, world)};
}

/// Cost of a tonne of input as investors count it: its slow price at home, not below the floor. Behind a wall that
/// price holds for as long as the wall is believed to last; after that the ore costs what it costs in the world.
double counted_input(const InvestorView& view, const Cell& cell, const Position& input) {
    const std::size_t node = input.node.index();
    const double base = view.economy.base_price[node];
    const double floor = view.economy.behaviour.input_cost_floor_share * base;
    const Walled walled = walled_ore(view.economy, view.world, view.rules, input, cell.country);
    if (walled.share <= 0.0) {
        return std::max(floor, view.lasting_use[node]);
    }
    const double here = std::max(floor, view.world.nodes.slow_use_price[node]);
    const double lasts = judged_part(cell, walled.months);
    const double parity = std::max(here, base * view.multiples[input.good.index()]);
    return here + walled.share * (1.0 - lasts) * (parity - here);
}

/// Margin per tonne of throughput above that of the base date, as investors count it, USD.
double extra_margin(const InvestorView& view, const Cell& cell, const PlantState& plant, const CellSupport* support) {
    double margin = 0.0;
    for (std::size_t number = 0; number < cell.positions.size(); ++number) {
        const Position& position = cell.positions[number];
        const std::size_t node = position.node.index();
        if (number < cell.inputs) {
            margin -= position.per_throughput * counted_input(view, cell, position);
        } else {
            margin += position.per_throughput * view.lasting_supply[node];
        }
    }
    // What the world has under construction beyond the plan will press on the margin once it runs.
    if (margin > 0.0) {
        margin *= view.pressed[cell.process.index()];
    }
    if (support != nullptr) {
        margin += support->lasting_per_throughput(
            cell, [&](std::size_t output) { return view.lasting_supply[cell.positions[output].node.index()]; });
    }
    margin -= cell.conversion_cost_usd_per_t * (plant.cost_factor - 1.0);
    return margin - (cell.reference_revenue_usd_per_t - cell.reference_input_usd_per_t);
}

/// Cost of the next project above that of the last planned one, USD per t: capacity and pipelines ahead of the plan
/// climb the cost curve of projects, whose elasticity is the long-run one of supply.
double crowding(const Behaviour& behaviour, const Cell& cell, const PlantState& plant, double capacity,
                double collected) {
    const double planned =
        collected * (plant.planned_capacity_t + behaviour.pipeline_awareness * plant.planned_building.total());
    const double counted = capacity + behaviour.pipeline_awareness * plant.coming();
    if (planned <= 0.0) {
        return 0.0;
    }
    const double value_added = std::max(0.05 * cell.reference_revenue_usd_per_t,
                                        cell.reference_revenue_usd_per_t - cell.reference_input_usd_per_t);
    const double ratio = std::clamp(counted / planned, 0.01, 10.0);
    return value_added * (pow(ratio, 1.0 / cell.expansion.long_run_elasticity) - 1.0);
}

/// A cell's projects in a tick.
struct Projects {
    const Behaviour& behaviour;
    const Expansion& expansion;
    double tick_years = 0.0;
    double capacity = 0.0;   // t per tick
    double lead_time = 1.0;  // of permits and building, over the usual
    double collected = 1.0;  // scrap over what would be collected without a programme
};

/// What could be built beside the plan is studied once margins clear the hurdle, and built if they still do when the
/// study ends: in full at the hurdle, not at all where they are back at those of the base date.
double decided_beside(const Projects& projects, PlantState& plant) {
    const Behaviour& behaviour = projects.behaviour;
    const double room = std::max(0.0, projects.expansion.potential_t - projects.capacity - plant.coming());
    const double push = std::clamp(plant.profit_index - behaviour.entry_hurdle, 0.0, behaviour.most_starts);
    const double begun = std::min(room, room * push * projects.tick_years / behaviour.entry_years);
    if (behaviour.study_years <= 0.0) {
        return begun;
    }
    const double finished = advance(plant.studied, begun,
                                    leaving_share(projects.lead_time * behaviour.study_years, 2, projects.tick_years));
    return finished * std::clamp(plant.profit_index / std::max(1e-9, behaviour.entry_hurdle), 0.0, 1.0);
}

/// What is started in a tick, given what the plan starts per year.
Starts decide(const Projects& projects, const Starts& plan, PlantState& plant) {
    const auto& [behaviour, expansion, tick_years, capacity, lead_time, collected] = projects;
    const double multiple = std::min(behaviour.most_starts,
                                     exp(std::clamp(behaviour.investment_response * plant.profit_index, -20.0, 20.0)));
    // Where the plan starts nothing, half of what retires still answers to margins.
    const double least = 0.5 * expansion.retirement_per_year * plant.planned_capacity_t;
    const auto answered = [multiple, least, years = tick_years](double planned, double share) {
        return std::max(0.0, planned + std::max(planned, share * least) * (multiple - 1.0)) * years;
    };
    Starts starts{answered(plan.brownfield, expansion.brownfield_share),
                  answered(plan.greenfield, 1.0 - expansion.brownfield_share)};
    double beside = decided_beside(projects, plant);
    if (collected > 1.0) {
        // Recyclers build for the scrap that a programme collects, as margins allow.
        const double lacking = std::max(
            0.0, collected * (plant.planned_capacity_t + plant.planned_building.total()) - capacity - plant.coming());
        beside += lacking * std::min(1.0, multiple) * tick_years / behaviour.entry_years;
    }
    // New plants need a permit; they are asked for as margins were over the time that permits take.
    const double planned_permits = std::max(plan.greenfield, (1.0 - expansion.brownfield_share) * least) * tick_years;
    plant.exploration += std::min(1.0, tick_years / std::max(tick_years, lead_time * expansion.permit_years)) *
                         (multiple - plant.exploration);
    plant.permitted_t += planned_permits * plant.exploration;
    const double fastest = plant.permitted_t * std::min(1.0, 2.0 * tick_years);
    starts.greenfield = std::min(starts.greenfield, fastest);
    plant.permitted_t -= starts.greenfield;
    starts.greenfield += beside;
    return starts;
}

/// Moves pipelines on by a tick: what is started enters, what is finished is added, what is old retires. The plan runs
/// beside it, by the same arithmetic.
void build(const Projects& projects, const Starts& starts, const Starts& plan, PlantState& plant) {
    const Expansion& expansion = projects.expansion;
    const double tick_years = projects.tick_years;
    const auto leaving = [&](double lead_time) {
        return Starts{leaving_share(lead_time * expansion.brownfield_years, 2, tick_years),
                      leaving_share(lead_time * expansion.build_years, 3, tick_years)};
    };
    const Starts leaves = leaving(projects.lead_time);
    plant.started_t = starts.brownfield + starts.greenfield;
    plant.added_t = advance(plant.building.brownfield, starts.brownfield, leaves.brownfield) +
                    advance(plant.building.greenfield, starts.greenfield, leaves.greenfield);
    plant.retired_t = expansion.retirement_per_year * tick_years * projects.capacity;
    const Starts planned_leaves = leaving(1.0);
    const double planned =
        advance(plant.planned_building.brownfield, plan.brownfield * tick_years, planned_leaves.brownfield) +
        advance(plant.planned_building.greenfield, plan.greenfield * tick_years, planned_leaves.greenfield);
    plant.planned_capacity_t += planned - expansion.retirement_per_year * tick_years * plant.planned_capacity_t;
}

/// Margins above those of the base date, in annual capital costs that the investor bears: grants and cheap loans are
/// worth what they save of the capital cost, over what is left to bear.
double profit_index(const InvestorView& view, const Cell& cell, const PlantState& plant, const CellSupport* support,
                    const Projects& projects) {
    const Expansion& expansion = cell.expansion;
    const double own_cost =
        support != nullptr ? own_capital_cost(view.economy, cell, *support) : expansion.capital_cost_usd_per_t;
    const double saved = expansion.capital_cost_usd_per_t - own_cost;
    return (expansion.own_price_share * (extra_margin(view, cell, plant, support) + saved) -
            crowding(projects.behaviour, cell, plant, projects.capacity, projects.collected)) /
           std::max(1e-9, own_cost);
}

/// Counts what was mined, for depletion.
void count_extraction(const Economy& economy, World& world) {
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        const Cell& cell = economy.cells[index];
        if (cell.kind == FirmKind::miner || cell.kind == FirmKind::refiner) {
            world.plants[index].extracted_t +=
                world.cells[index].throughput_t *
                (cell.positions.empty() ? 1.0 : cell.positions[cell.inputs].per_throughput);
        }
    }
}

/// Firms that still exist share what is added and retired by their capacity; entrants share evenly.
void resize_firms(const Cell& cell, double capacity, double added, double retired, FirmColumns& firms) {
    if (capacity > 1e-9 * added) {
        const double factor = 1.0 + (added - retired) / capacity;
        for (std::size_t firm = cell.first_firm; firm < cell.first_firm + cell.firms; ++firm) {
            firms.capacity_t[firm] *= factor;
        }
        return;
    }
    for (std::size_t firm = cell.first_firm; firm < cell.first_firm + cell.firms; ++firm) {
        firms.capacity_t[firm] = added / cell.firms;
        firms.status[firm] = PlantStatus::running;
        firms.state_ticks[firm] = 0;
    }
}

}  // namespace

void fill_pipelines(const Economy& economy, World& world) {
    const double tick_years = 1.0 / economy.ticks_per_year;
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        const Expansion& expansion = economy.cells[index].expansion;
        PlantState& plant = world.plants[index];
        plant.planned_capacity_t = expansion.base_capacity_t;
        if (!expansion.grows || expansion.base_capacity_t <= 0.0) {
            continue;
        }
        const auto plan = [&](double years) {
            return planned_starts(economy, {static_cast<std::uint32_t>(index)}, years).front();
        };
        // Each stage holds what was started as long ago as the stage lies from the start of building.
        const auto fill = [&](auto& stages, double lead, const auto& starts) {
            const double leaving = leaving_share(lead, stages.size(), tick_years);
            for (std::size_t stage = 0; stage < stages.size(); ++stage) {
                const double ago = lead * (static_cast<double>(stage) + 0.5) / static_cast<double>(stages.size());
                stages[stage] = starts(-ago) * tick_years / leaving;
            }
        };
        fill(plant.building.brownfield, expansion.brownfield_years,
             [&](double years) { return plan(years).brownfield; });
        fill(plant.building.greenfield, expansion.build_years, [&](double years) { return plan(years).greenfield; });
        plant.planned_building = plant.building;
        plant.permitted_t =
            economy.behaviour.permit_stock_years *
            std::max(plan(0.0).greenfield, 0.5 * (1.0 - expansion.brownfield_share) * expansion.retirement_per_year *
                                               expansion.base_capacity_t);
    }
}

void invest(const Economy& economy, World& world, const LaneRules& rules, const PlantSupport& support) {
    const InvestorView view = view_prices(economy, world, rules);
    const double tick_years = 1.0 / economy.ticks_per_year;
    count_extraction(economy, world);
    const std::vector<std::uint32_t> growing = growing_cells(economy);
    const std::vector<Starts> plans = planned_starts(economy, growing, static_cast<double>(world.tick) * tick_years);
    for (std::size_t number = 0; number < growing.size(); ++number) {
        const std::size_t index = growing[number];
        const Cell& cell = economy.cells[index];
        PlantState& plant = world.plants[index];
        const CellSupport* helped = support.of(index);
        Projects projects{economy.behaviour, cell.expansion, tick_years, world.cells[index].capacity_t};
        if (helped != nullptr) {
            projects.lead_time = helped->lead_time;
            projects.collected = collected_multiple(economy, world, cell, helped->collect_share);
        }
        plant.profit_index = profit_index(view, cell, plant, helped, projects);
        build(projects, decide(projects, plans[number], plant), plans[number], plant);
        if (plant.added_t > 0.0 || plant.retired_t > 0.0) {
            resize_firms(cell, projects.capacity, plant.added_t, plant.retired_t, world.firms);
        }
    }
}

}  // namespace ytterby
