#include "agents/phases/invest.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "agents/phases/investment/believed_prices.hpp"
#include "agents/phases/investment/project_life.hpp"
#include "agents/phases/investment/project_supply.hpp"
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

/// What investors look at.
struct InvestorView {
    const Economy& economy;
    const World& world;
};

/// Weights of the years of belief in the present value of a plant's life; they add up to one.
std::array<double, believed_years.size()> year_weights(const ProjectLife& life) {
    std::array<double, believed_years.size()> weights{};
    double before = 0.0;
    for (std::size_t year = 0; year < weights.size(); ++year) {
        const double part =
            year + 1 < weights.size() ? life.part_before(0.5 * (believed_years[year] + believed_years[year + 1])) : 1.0;
        weights[year] = part - before;
        before = part;
    }
    return weights;
}

/// Mean price at a node over the life of a plant, in present values, as investors expect it (docs/model.md, section
/// 7.13): what it is believed to be in years to come, and what is left of today's distance from that, which fades.
class PriceBelief {
public:
    PriceBelief(const InvestorView& view, const Cell& cell)
        : view_(view),
          weights_(year_weights(ProjectLife(view.economy, cell))),
          fading_(ProjectLife(view.economy, cell).part_fading(view.economy.behaviour.price_reversion)) {}

    double at(const Position& position, bool supplies) const {
        const World& world = view_.world;
        const std::size_t node = position.node.index();
        const std::size_t nodes = view_.economy.network.node_count();
        const double base = view_.economy.base_price[node];
        const double now = supplies ? world.nodes.slow_supply_price[node] : world.nodes.slow_use_price[node];
        double lasting = 0.0;
        for (std::size_t year = 0; year < weights_.size(); ++year) {
            lasting += weights_[year] * world.believed.multiple[year * nodes + node];
        }
        return base * lasting + fading_ * (now - base * world.believed.multiple[node]);
    }

private:
    const InvestorView& view_;
    std::array<double, believed_years.size()> weights_;
    double fading_;
};

/// What a project is worth to who builds it, over that of a planned one (NPV / capex): every dollar counts once, and
/// all of them alike, whether they come from prices, credits, floors, grants or cheap loans.
ProjectValue project_value(const InvestorView& view, const Cell& cell, const PlantState& plant,
                           const CellSupport* support) {
    const PriceBelief prices(view, cell);
    double margin = -cell.conversion_cost_usd_per_t * (plant.cost_factor - 1.0) -
                    (cell.reference_revenue_usd_per_t - cell.reference_input_usd_per_t);
    double planned = 0.0;
    for (std::size_t number = 0; number < cell.positions.size(); ++number) {
        const Position& position = cell.positions[number];
        const bool supplies = number >= cell.inputs;
        const double sign = (supplies ? 1.0 : -1.0) * position.per_throughput;
        margin += sign * prices.at(position, supplies);
        planned += sign * view.economy.base_price[position.node.index()] *
                   (planned_multiple(view.economy, view.world, position.good) - 1.0);
    }
    double given = 0.0;
    if (support != nullptr) {
        margin +=
            support->lasting_margin(cell, [&](std::size_t output) { return prices.at(cell.positions[output], true); });
        given = support->given(view.economy, cell);
    }
    const double cost = std::max(1e-9, cell.expansion.capital_cost_usd_per_t);
    return {(margin - planned) / cost + given, margin / cost + given};
}

/// A cell's projects in a tick.
struct Projects {
    const Economy& economy;
    const Cell& cell;
    double tick_years = 0.0;
    double capacity = 0.0;    // t per tick
    double lead_time = 1.0;   // of permits and building, over the usual
    CalledCapacity called{};  // what projects that pay come to, with what stands
};

/// Projects beside the plan are studied as they come to pay, and built as far as they still do when the study ends.
double decided_beside(const Projects& projects, PlantState& plant) {
    const Behaviour& behaviour = projects.economy.behaviour;
    const double built = projects.capacity + plant.building.total();
    const double missing =
        projects.called.with_others - std::max(projects.called.on_curve, projects.capacity + plant.coming());
    const double begun = std::max(0.0, missing) * std::min(1.0, projects.tick_years / behaviour.start_years);
    if (behaviour.study_years <= 0.0) {
        return begun;
    }
    const double studied = plant.studied[0] + plant.studied[1] + begun;
    const double finished = advance(plant.studied, begun,
                                    leaving_share(projects.lead_time * behaviour.study_years, 2, projects.tick_years));
    return studied > 0.0 ? finished * std::clamp((projects.called.total() - built) / studied, 0.0, 1.0) : 0.0;
}

/// What is started in a tick, given what the plan starts per year: that, and part of what is missing to the capacity
/// that is called for.
Starts decide(const Projects& projects, const Starts& plan, PlantState& plant) {
    const Behaviour& behaviour = projects.economy.behaviour;
    const Expansion& expansion = projects.cell.expansion;
    const double tick_years = projects.tick_years;
    const double planned = plan.brownfield + plan.greenfield;
    // Where the plan starts nothing, half of what retires still measures what the trade can start.
    const double usual = std::max(planned, 0.5 * expansion.retirement_per_year * plant.planned_capacity_t);
    const double have = projects.capacity + plant.building.total();
    // What stands beside the plan is no surplus as long as it is called for.
    const double missing = have < projects.called.on_curve ? projects.called.on_curve - have
                                                           : std::min(0.0, projects.called.total() - have);
    // What stands off the plan retires like the rest.
    const double retires = expansion.retirement_per_year * (projects.capacity - plant.planned_capacity_t);
    const double wanted =
        std::clamp(planned + retires + missing / behaviour.start_years, 0.0, behaviour.most_starts * usual);
    const double added = (wanted - planned) * tick_years;
    Starts starts{plan.brownfield * tick_years + expansion.brownfield_share * added,
                  plan.greenfield * tick_years + (1.0 - expansion.brownfield_share) * added};
    starts.brownfield = std::max(0.0, starts.brownfield);
    const double beside = decided_beside(projects, plant);
    // New plants need a permit; they are asked for as projects paid over the time that permits take.
    const double multiple = usual > 0.0 ? wanted / usual : 1.0;
    const double planned_permits = std::max(plan.greenfield, (1.0 - expansion.brownfield_share) * usual) * tick_years;
    plant.exploration += std::min(1.0, tick_years / std::max(tick_years, projects.lead_time * expansion.permit_years)) *
                         (multiple - plant.exploration);
    plant.permitted_t += planned_permits * plant.exploration;
    const double fastest = plant.permitted_t * std::min(1.0, 2.0 * tick_years);
    starts.greenfield = std::clamp(starts.greenfield, 0.0, fastest);
    plant.permitted_t -= starts.greenfield;
    starts.greenfield += beside;
    return starts;
}

/// Moves pipelines on by a tick: what is started enters, what is finished is added, what is old retires. The plan runs
/// beside it, by the same arithmetic.
void build(const Projects& projects, const Starts& starts, const Starts& plan, PlantState& plant) {
    const Expansion& expansion = projects.cell.expansion;
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

void invest(const Economy& economy, World& world, const PlantSupport& support) {
    const InvestorView view{economy, world};
    const double tick_years = 1.0 / economy.ticks_per_year;
    count_extraction(economy, world);
    const std::vector<std::uint32_t> growing = growing_cells(economy);
    const std::vector<Starts> plans = planned_starts(economy, growing, static_cast<double>(world.tick) * tick_years);
    for (std::size_t number = 0; number < growing.size(); ++number) {
        const std::size_t index = growing[number];
        const Cell& cell = economy.cells[index];
        PlantState& plant = world.plants[index];
        const CellSupport* helped = support.of(index);
        const ProjectValue value = project_value(view, cell, plant, helped);
        plant.profit_index = value.above_base;
        const Projects projects{.economy = economy,
                                .cell = cell,
                                .tick_years = tick_years,
                                .capacity = world.cells[index].capacity_t,
                                .lead_time = helped != nullptr ? helped->lead_time : 1.0,
                                .called = called_capacity(economy, cell, plant, value)};
        build(projects, decide(projects, plans[number], plant), plans[number], plant);
        if (plant.added_t > 0.0 || plant.retired_t > 0.0) {
            resize_firms(cell, projects.capacity, plant.added_t, plant.retired_t, world.firms);
        }
    }
}

}  // namespace ytterby
