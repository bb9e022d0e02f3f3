#include "agents/phases/produce/produce.hpp"

#include <algorithm>
#include <cmath>

#include "agents/phases/plan/plan.hpp"
#include "agents/phases/support/plant_support.hpp"
#include "agents/phases/support/scrap.hpp"
#include "agents/world/holdings.hpp"
#include "core/maths.hpp"
#include "core/parallel.hpp"

namespace ytterby {
namespace {

/// Sums of one block, combined in block order.
struct BlockTotals {
    CellTotals cell;
    double to_outside = 0.0;  // wages, energy, capital goods minus what final customers paid
    double dividends = 0.0;
    double salvage = 0.0;
    double need = 0.0;
};

/// The firms of one cell that a block holds.
struct FirmRun {
    const Cell& cell;
    const FirmBlock& block;
};

/// Expected margin over the base margin, per USD of base revenue: the dispersion of costs is of the order of the price
/// (docs/model.md, section 7.7).
float relative_margin(const Cell& cell, const World& world, std::size_t offset, double added_cost,
                      const CellSupport* support) {
    double margin = 0.0;
    for (std::size_t number = 0; number < cell.positions.size(); ++number) {
        const Position& position = cell.positions[number];
        const double view = static_cast<double>(world.positions.expectation[position.first_row + offset]);
        // Before a closure a tonne made today earns what one made later will have lost.
        const double today = number < cell.inputs ? -view : view * (1.0 + world.nodes.rush[position.node.index()]);
        margin += today * position.per_throughput;
    }
    if (support != nullptr) {
        margin += support->per_throughput(cell, [&](std::size_t output) {
            return static_cast<double>(world.positions.expectation[cell.positions[output].first_row + offset]);
        });
    }
    const double base = cell.reference_revenue_usd_per_t - cell.reference_input_usd_per_t;
    return static_cast<float>((margin - base - added_cost) / cell.reference_revenue_usd_per_t);
}

/// Whether a plant runs, stops or comes back. It stops once it has expected less than its avoidable cost
/// for some months, restarts once margins have been good for some, and closes when it has stood idle for long.
struct ExitRules {
    float avoidable_margin;                                  // base margin over base revenue
    float cost_share;                                        // of a refiner's margin that is cost at all
    std::uint16_t mothball, restart_wait, restart, closure;  // ticks
    float restart_margin_share;
};
ExitRules exit_rules(const Economy& economy, const Cell& cell) {
    const Behaviour& behaviour = economy.behaviour;
    const double value_added = cell.reference_revenue_usd_per_t - cell.reference_input_usd_per_t;
    const auto ticks = [&](double months) {
        return static_cast<std::uint16_t>(
            std::clamp(std::ceil(months / economy.months_per_tick() - 1e-9), 0.0, 60000.0));
    };
    const double costs =
        cell.kind == FirmKind::refiner ? cell.conversion_cost_usd_per_t / std::max(1e-9, value_added) : 1.0;
    return {static_cast<float>(std::max(0.05, value_added / cell.reference_revenue_usd_per_t)),
            static_cast<float>(std::min(1.0, costs)),
            ticks(behaviour.mothball_months),
            ticks(behaviour.restart_wait_months),
            ticks(economy.processes[cell.process.index()].restart_months),
            ticks(behaviour.closure_months),
            static_cast<float>(behaviour.restart_margin_share)};
}

void review_status(const FirmTraits& traits, const ExitRules& rules, std::size_t firm, float margin, FirmColumns& firms,
                   CellTotals& totals) {
    // Margin above avoidable cost, over base revenue; an avoidable share of the base margin is what stopping saves.
    const float spare = margin + (1.0F - rules.cost_share * traits.avoidable_cost_share[firm]) * rules.avoidable_margin;
    PlantStatus& status = firms.status[firm];
    std::uint16_t& ticks = firms.state_ticks[firm];
    const auto later = [&](bool counts) {
        ticks = counts ? static_cast<std::uint16_t>(std::min(60000, ticks + 1)) : std::uint16_t{0};
    };
    // Owners differ in how long they bear losses, or all plants of a market would stop in the same month.
    const auto borne = [&](std::uint16_t usual) {
        return std::max(1.0F, 2.0F * traits.patience[firm] * static_cast<float>(usual));
    };
    const auto turn = [&](PlantStatus next, std::uint32_t& count) {
        status = next;
        ticks = 0;
        ++count;
    };
    if (status == PlantStatus::running) {
        later(spare < 0.0F);
        if (static_cast<float>(ticks) >= borne(rules.mothball)) {
            turn(PlantStatus::mothballed, totals.mothballed_now);
        }
    } else if (status == PlantStatus::mothballed) {
        later(true);
        if (spare > rules.restart_margin_share * rules.avoidable_margin && ticks >= rules.restart_wait) {
            status = PlantStatus::restarting;
            ticks = 0;
        } else if (static_cast<float>(ticks) >= borne(rules.closure)) {
            totals.closed_t += firms.capacity_t[firm];
            firms.capacity_t[firm] = 0.0;
            turn(PlantStatus::closed, totals.closed_now);
        }
    } else if (status == PlantStatus::restarting) {
        later(true);
        if (ticks >= rules.restart) {
            turn(PlantStatus::running, totals.restarted_now);
        }
    }
    totals.mothballed += status == PlantStatus::mothballed || status == PlantStatus::restarting ? 1U : 0U;
}

/// u moves towards u* = minimum + (1 - minimum) logistic(z0 + kappa relative margin).
float next_run_rate(const FirmTraits& traits, std::size_t firm, float rate, float margin, float minimum, float speed) {
    const float score = traits.run_rate_offset[firm] + traits.run_rate_response[firm] * margin;
    const float target = minimum + (1.0F - minimum) * fast_logistic(score);
    return rate + speed * (target - rate);
}

/// What the plants of a run share in a tick.
struct RunTerms {
    float minimum;           // run rate
    float speed;             // of run rates towards their target
    double months_in_cash;   // ticks of costs that a firm keeps in cash
    double conversion_cost;  // USD per t of throughput, now
    double added_cost;       // of it above that of the base date
    double scrap;            // that support adds for a tonne of capacity, as a factor of the run rate
    double availability;     // share of capacity
    double limit;            // of throughput over capacity by host or scrap, per unit of the rate of the base date
    double credit;           // USD per t of capacity that a firm may owe
};
RunTerms run_terms(const Economy& economy, const World& world, std::size_t index, const CellSupport* support) {
    const Cell& cell = economy.cells[index];
    const PlantState& plant = world.plants[index];
    const Behaviour& behaviour = economy.behaviour;
    const double conversion_cost = cell.conversion_cost_usd_per_t * plant.cost_factor;
    // Scrap that support adds is used beside the rest: at first by plants that run harder, then by those built for it.
    const double collected = collected_multiple(economy, world, cell, support);
    // Host and scrap are shared by what each firm had of them at the base date.
    const double base_rate = cell.base_throughput_t > 0.0 && cell.expansion.base_capacity_t > 0.0
                                 ? cell.base_throughput_t / cell.expansion.base_capacity_t
                                 : 1.0;
    const double scrap =
        collected > 1.0
            ? std::max(1.0, collected * plant.planned_capacity_t / std::max(1e-12, world.cells[index].capacity_t))
            : 1.0;
    return {.minimum = static_cast<float>(economy.processes[cell.process.index()].minimum_run_rate),
            .speed = static_cast<float>(1.0 - pow(1.0 - behaviour.run_rate_speed, economy.months_per_tick())),
            .months_in_cash = behaviour.cash_target_months / economy.months_per_tick(),
            .conversion_cost = conversion_cost,
            .added_cost = conversion_cost - cell.conversion_cost_usd_per_t,
            .scrap = scrap,
            .availability = plant.availability,
            .limit = plant.limit * collected / base_rate,
            .credit = behaviour.credit_months / economy.months_per_tick() * cell.reference_revenue_usd_per_t};
}

/// Turns inputs into outputs, as far as inputs in stock allow; the throughput, t.
double convert(const Cell& cell, std::size_t offset, double wanted, Column<double>& stocks) {
    double throughput = wanted;
    for (std::size_t input = 0; input < cell.inputs; ++input) {
        const Position& position = cell.positions[input];
        const double stock = stocks[position.first_row + offset];
        throughput = std::min(throughput, std::max(0.0, stock) / position.per_throughput);
    }
    for (std::size_t number = 0; number < cell.positions.size(); ++number) {
        const Position& position = cell.positions[number];
        double& stock = stocks[position.first_row + offset];
        stock += (number < cell.inputs ? -throughput : throughput) * position.per_throughput;
    }
    return throughput;
}

/// Bankrupt: creditors write the debt off, and the plant is idle until margins are good.
void write_off(FirmColumns& firms, std::size_t firm, BlockTotals& totals) {
    totals.dividends += firms.cash[firm];
    firms.cash[firm] = 0.0;
    ++totals.cell.bankrupt_now;
    if (firms.status[firm] == PlantStatus::running) {
        firms.status[firm] = PlantStatus::mothballed;
        firms.state_ticks[firm] = 0;
        ++totals.cell.mothballed;
    }
}

void run_plants(const Economy& economy, const FirmRun& run, const CellSupport* support, World& world,
                BlockTotals& totals) {
    const auto& [cell, block] = run;
    const RunTerms terms = run_terms(economy, world, block.cell, support);
    const ExitRules rules = exit_rules(economy, cell);
    for (std::size_t offset = block.first_firm; offset < block.first_firm + block.firms; ++offset) {
        const std::size_t firm = cell.first_firm + offset;
        const float margin = relative_margin(cell, world, offset, terms.added_cost, support);
        review_status(economy.traits, rules, firm, margin, world.firms, totals.cell);
        const double capacity = world.firms.capacity_t[firm];
        float& rate = world.firms.run_rate[firm];
        if (world.firms.status[firm] == PlantStatus::running) {
            rate = rate > 0.0F ? next_run_rate(economy.traits, firm, rate, margin, terms.minimum, terms.speed)
                               : std::max(0.1F, terms.minimum);
        } else {
            rate = 0.0F;
        }
        const double wanted =
            capacity * std::min(std::min(1.0, static_cast<double>(rate) * terms.scrap) * terms.availability,
                                terms.limit * static_cast<double>(economy.traits.base_run_rate[firm]));
        const double throughput = convert(cell, offset, wanted, world.positions.stock);
        const double cost = throughput * terms.conversion_cost;
        double& cash = world.firms.cash[firm];
        cash -= cost;
        totals.to_outside += cost;
        const double reserve = terms.months_in_cash * capacity *
                               static_cast<double>(economy.traits.base_run_rate[firm]) *
                               (terms.conversion_cost + cell.reference_input_usd_per_t);
        const double dividend = std::max(0.0, cash - reserve);
        cash -= dividend;
        totals.dividends += dividend;
        if (cash < -terms.credit * capacity) {
            write_off(world.firms, firm, totals);
        }
        totals.cell.throughput_t += throughput;
        totals.cell.capacity_t += capacity;
        totals.cell.run_rate_sum += static_cast<double>(rate);
        totals.cell.running += throughput > 0.0 ? 1U : 0U;
    }
}

void serve_final_use(const Economy& economy, double credit, const FirmRun& run, World& world, BlockTotals& totals) {
    const auto& [cell, block] = run;
    const Behaviour& behaviour = economy.behaviour;
    const Position& position = cell.positions[0];
    const std::size_t node = position.node.index();
    const double index = world.nodes.need_index[node];
    const double share = exp(world.nodes.log_adaptation[node]) *
                         use_share(economy, position.good, position.node,
                                   std::max(world.nodes.use_price[node] - credit, 0.02 * world.nodes.use_price[node]));
    const double sale_price = (world.nodes.landed_price[node] - credit) * (1.0 + behaviour.manufacturer_margin_share);
    const double months_in_cash = behaviour.cash_target_months / economy.months_per_tick();
    for (std::size_t offset = block.first_firm; offset < block.first_firm + block.firms; ++offset) {
        const std::size_t firm = cell.first_firm + offset;
        const double need = world.firms.capacity_t[firm] * index;
        double& stock = world.positions.stock[position.first_row + offset];
        const double use = std::min(need * share, std::max(0.0, stock));
        stock -= use;
        double& cash = world.firms.cash[firm];
        cash += use * sale_price;
        totals.to_outside -= use * sale_price;
        const double reserve = months_in_cash * need * economy.base_price[node];
        const double dividend = std::max(0.0, cash - reserve);
        cash -= dividend;
        totals.dividends += dividend;
        totals.cell.throughput_t += use;
        totals.cell.capacity_t += world.firms.capacity_t[firm];
        totals.cell.running += use > 0.0 ? 1U : 0U;
        totals.need += need;
    }
}

void close_merchants_books(const Economy& economy, const FirmRun& run, World& world, BlockTotals& totals) {
    const auto& [cell, block] = run;
    const Position& position = cell.positions[0];
    const double base_price = economy.base_price[position.node.index()];
    for (std::size_t offset = block.first_firm; offset < block.first_firm + block.firms; ++offset) {
        const std::size_t firm = cell.first_firm + offset;
        const double reserve = position.cover_months / economy.months_per_tick() * world.firms.capacity_t[firm] *
                               world.nodes.turnover_index[position.node.index()] * base_price;
        double& cash = world.firms.cash[firm];
        const double dividend = std::max(0.0, cash - reserve);
        cash -= dividend;
        totals.dividends += dividend;
        totals.cell.running += 1;
    }
}

/// Output beyond the disposal cover goes to the disposal account at salvage price, and so does everything that a
/// closed plant leaves.
void dispose(const Economy& economy, const FirmRun& run, World& world, BlockTotals& totals) {
    const auto& [cell, block] = run;
    const Behaviour& behaviour = economy.behaviour;
    for (std::size_t number = 0; number < cell.positions.size(); ++number) {
        const Position& position = cell.positions[number];
        const bool input = number < cell.inputs;
        const double salvage = behaviour.salvage_share * world.nodes.supply_price[position.node.index()];
        for (std::size_t offset = block.first_firm; offset < block.first_firm + block.firms; ++offset) {
            const std::size_t firm = cell.first_firm + offset;
            const double limit = behaviour.disposal_months / economy.months_per_tick() * world.firms.capacity_t[firm] *
                                 position.per_throughput;
            double& stock = world.positions.stock[position.first_row + offset];
            if (input && world.firms.status[firm] != PlantStatus::closed) {
                continue;
            }
            const double excess = std::max(0.0, stock - limit);
            stock -= excess;
            world.firms.cash[firm] += excess * salvage;
            totals.salvage += excess * salvage;
            totals.cell.disposed[number] += excess;
        }
    }
}

void sum_holdings(const FirmRun& run, const World& world, CellTotals& totals) {
    const auto& [cell, block] = run;
    for (std::size_t number = 0; number < cell.positions.size(); ++number) {
        const std::size_t first = cell.positions[number].first_row + block.first_firm;
        double sum = 0.0;
        for (std::size_t row = first; row < first + block.firms; ++row) {
            sum += world.positions.stock[row];
        }
        totals.stock[number] = sum;
    }
    for (std::size_t firm = cell.first_firm + block.first_firm; firm < cell.first_firm + block.first_firm + block.firms;
         ++firm) {
        totals.cash_usd += world.firms.cash[firm];
    }
}

void add(const CellTotals& part, CellTotals& cell) {
    cell.throughput_t += part.throughput_t;
    cell.capacity_t += part.capacity_t;
    cell.run_rate_sum += part.run_rate_sum;
    cell.running += part.running;
    cell.mothballed += part.mothballed;
    cell.mothballed_now += part.mothballed_now;
    cell.restarted_now += part.restarted_now;
    cell.closed_now += part.closed_now;
    cell.bankrupt_now += part.bankrupt_now;
    cell.closed_t += part.closed_t;
    cell.cash_usd += part.cash_usd;
    for (std::size_t number = 0; number < CellTotals::most_positions; ++number) {
        cell.stock[number] += part.stock[number];
        cell.disposed[number] += part.disposed[number];
    }
}

/// Production, consumption, need and stock of each node from the totals of its cells.
void sum_nodes(const Economy& economy, World& world, const std::vector<double>& need) {
    NodeColumns& nodes = world.nodes;
    for (Column<double>* column : {&nodes.production, &nodes.consumption, &nodes.need, &nodes.stock}) {
        std::fill(column->begin(), column->end(), 0.0);
    }
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        const Cell& cell = economy.cells[index];
        const CellTotals& totals = world.cells[index];
        for (std::size_t number = 0; number < cell.positions.size(); ++number) {
            const std::size_t node = cell.positions[number].node.index();
            nodes.stock[node] += totals.stock[number];
            if (cell.kind == FirmKind::merchant) {
                continue;
            }
            const double flow = totals.throughput_t * cell.positions[number].per_throughput;
            if (number < cell.inputs) {
                nodes.consumption[node] += flow;
                nodes.need[node] += cell.kind == FirmKind::manufacturer ? need[index] : flow;
            } else {
                nodes.production[node] += flow;
            }
        }
    }
}

}  // namespace

void produce(const Economy& economy, World& world, const PlantRules& rules, const PlantSupport& support,
             Workers& workers) {
    std::vector<BlockTotals> parts(economy.blocks.size());
    workers.for_blocks(economy.blocks.size(), [&](std::size_t index) {
        const FirmBlock& block = economy.blocks[index];
        const Cell& cell = economy.cells[block.cell];
        BlockTotals& totals = parts[index];
        switch (cell.kind) {
            case FirmKind::miner:
            case FirmKind::refiner:
                dispose(economy, {cell, block}, world, totals);
                run_plants(economy, {cell, block}, support.of(block.cell), world, totals);
                break;
            case FirmKind::manufacturer:
                serve_final_use(economy, rules.home_credit_usd_per_t(cell.positions[0].good, cell.country),
                                {cell, block}, world, totals);
                break;
            case FirmKind::merchant:
                close_merchants_books(economy, {cell, block}, world, totals);
                break;
        }
        sum_holdings({cell, block}, world, totals.cell);
    });
    std::vector<double> need(economy.cells.size(), 0.0);
    for (CellTotals& cell : world.cells) {
        cell = {.sold = cell.sold, .bought = cell.bought};
    }
    const std::vector<std::size_t> first_holding = first_holdings(economy, world);
    for (std::size_t index = 0; index < parts.size(); ++index) {
        const std::uint32_t cell = economy.blocks[index].cell;
        add(parts[index].cell, world.cells[cell]);
        need[cell] += parts[index].need;
        const std::size_t country = economy.cells[cell].country.index();
        world.outside[country] += parts[index].to_outside - parts[index].salvage + parts[index].dividends;
        for (std::size_t held = first_holding[cell]; held < first_holding[cell + 1]; ++held) {
            // Profits, and losses written off, go to the owners.
            const Holding& holding = world.holdings[held];
            world.outside[country] -= holding.share * parts[index].dividends;
            world.outside[holding.owner.index()] += holding.share * parts[index].dividends;
        }
    }
    sum_nodes(economy, world, need);
}

}  // namespace ytterby
