#include "simulation/world_check.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "agents/phases/investment/believed_prices.hpp"
#include "core/config/diagnostics.hpp"

namespace ytterby {
namespace {

[[noreturn]] void refuse_shape(std::string what) {
    throw InputError(Problem{.key = "checkpoint",
                             .what = std::move(what),
                             .why = "it is not of this scenario",
                             .suggestion = "start the run anew"});
}

bool has_cell(const Economy& economy, std::size_t cell) { return cell < economy.cells.size(); }
bool has_country(const Economy& economy, CountryId country) { return country.index() < economy.countries.size(); }

void check_accounts(const Economy& economy, const World& world) {
    for (const auto& [account, balances] : world.treasury) {
        if (balances.size() != economy.countries.size()) {
            refuse_shape("account " + account + " is of " + std::to_string(balances.size()) + " countries");
        }
    }
}

void check_deals(const Economy& economy, const World& world) {
    const DealState& state = world.deals;
    const auto has_parties = [&](const Deal& deal) {
        const bool rival = !deal.runner_up.exists() || has_country(economy, deal.runner_up);
        return has_cell(economy, deal.cell) && has_country(economy, deal.acquirer) && rival;
    };
    for (const Holding& holding : world.holdings) {
        if (!has_cell(economy, holding.cell) || !has_country(economy, holding.owner)) {
            refuse_shape("a holding is of sector " + std::to_string(holding.cell) + " and country " +
                         std::to_string(holding.owner.value));
        }
    }
    for (const Deal& deal : state.deals) {
        if (!has_parties(deal) || deal.after > state.deals.size()) {
            refuse_shape("a deal is of sector " + std::to_string(deal.cell) + " and country " +
                         std::to_string(deal.acquirer.value));
        }
    }
    for (const Seeker& seeker : state.seekers) {
        if (seeker.deal >= state.deals.size() || !has_country(economy, seeker.acquirer)) {
            refuse_shape("an investor seeks for deal " + std::to_string(seeker.deal));
        }
    }
    if (state.funds_usd.size() != (economy.deals.enabled ? economy.countries.size() : 0)) {
        refuse_shape("funds are of " + std::to_string(state.funds_usd.size()) + " countries");
    }
}

void check_deal_steps(const Economy& economy, const World& world) {
    for (const DealStep& step : world.deals.steps) {
        if (step.number >= world.deals.deals.size() || !has_cell(economy, step.deal.cell) ||
            !has_country(economy, step.deal.acquirer) ||
            (step.deal.runner_up.exists() && !has_country(economy, step.deal.runner_up))) {
            refuse_shape("a step is of a deal that does not exist");
        }
    }
}

void check_stockpiles(const World& world) {
    for (const auto& [policy, tonnes] : world.stockpiles) {
        if (tonnes.size() != world.nodes.stock.size()) {
            refuse_shape("the stockpile of " + policy + " is of " + std::to_string(tonnes.size()) + " nodes");
        }
    }
}

void check_support(const Economy& economy, const World& world) {
    for (const auto& [policy, ledger] : world.support) {
        for (const std::vector<double>* sums : {&ledger.claimed_usd, &ledger.paid_usd}) {
            if (!sums->empty() && sums->size() != economy.cells.size()) {
                refuse_shape("payments of " + policy + " are of " + std::to_string(sums->size()) + " sectors");
            }
        }
    }
}

/// The range of a column's values.
struct Bounds {
    double low = 0.0;
    double high = 0.0;
};

/// Far beyond the values of any run; sums and products of such numbers are still finite.
constexpr Bounds price{1e-12, 1e15};
constexpr Bounds tonnes{0.0, 1e15};
constexpr Bounds stock{-1e-6, 1e15};  // the laws allow this much rounding
constexpr Bounds share{0.0, 1.0 + 1e-6};
constexpr Bounds index{0.0, 1e9};
constexpr Bounds logarithm{-100.0, 100.0};
constexpr Bounds money{-1e21, 1e21};
constexpr Bounds remembered{-1e18, 1e18};  // by policies: tonnes, dollars, ticks; they fit into integers
/// What a subsidy leaves for the records (policies/subsidy/book.cpp): without a budget, infinitely much money is left.
constexpr Bounds account{-1e21, std::numeric_limits<double>::infinity()};

/// Refuses a column with a value out of bounds.
template <class Column>
void require(const char* name, const Column& column, Bounds bounds) {
    for (const auto value : column) {
        if (!(static_cast<double>(value) >= bounds.low && static_cast<double>(value) <= bounds.high)) {
            throw InputError(
                Problem{.key = "checkpoint",
                        .what = std::string("world.") + name + " holds " + std::to_string(value),
                        .why = "no run produces such a value",
                        .suggestion = "resume from an older checkpoint, or start the run anew with --overwrite"});
        }
    }
}

void check_nodes(const NodeColumns& nodes) {
    for (const auto& [name, column] : {std::pair{"nodes.supply_price", &nodes.supply_price},
                                       {"nodes.use_price", &nodes.use_price},
                                       {"nodes.previous_supply_price", &nodes.previous_supply_price},
                                       {"nodes.previous_use_price", &nodes.previous_use_price},
                                       {"nodes.landed_price", &nodes.landed_price},
                                       {"nodes.supply_anchor", &nodes.supply_anchor},
                                       {"nodes.use_anchor", &nodes.use_anchor},
                                       {"nodes.year_price", &nodes.year_price},
                                       {"nodes.slow_use_price", &nodes.slow_use_price},
                                       {"nodes.slow_supply_price", &nodes.slow_supply_price}}) {
        require(name, *column, price);
    }
    require("nodes.risk", nodes.risk, logarithm);
    require("nodes.front_load_months", nodes.front_load_months, index);
    require("nodes.demand_shock", nodes.demand_shock, logarithm);
    require("nodes.rush", nodes.rush, share);
    require("nodes.licence_value", nodes.licence_value, money);
    require("nodes.log_adaptation", nodes.log_adaptation, logarithm);
    require("nodes.scarcity_mark", nodes.scarcity_mark, share);
    for (const auto& [name, column] : {std::pair{"nodes.need_index", &nodes.need_index},
                                       {"nodes.stepped", &nodes.stepped},
                                       {"nodes.stock_index", &nodes.stock_index},
                                       {"nodes.intensity", &nodes.intensity},
                                       {"nodes.turnover_index", &nodes.turnover_index}}) {
        require(name, *column, index);
    }
    for (const auto& [name, column] : {std::pair{"nodes.usual_bought", &nodes.usual_bought},
                                       {"nodes.usual_imports", &nodes.usual_imports},
                                       {"nodes.new_in_use", &nodes.new_in_use},
                                       {"nodes.old_in_use", &nodes.old_in_use},
                                       {"nodes.production", &nodes.production},
                                       {"nodes.consumption", &nodes.consumption},
                                       {"nodes.need", &nodes.need},
                                       {"nodes.bought", &nodes.bought},
                                       {"nodes.sold", &nodes.sold},
                                       {"nodes.imports", &nodes.imports},
                                       {"nodes.exports", &nodes.exports}}) {
        require(name, *column, tonnes);
    }
    require("nodes.stock", nodes.stock, stock);
}

}  // namespace

void check_shape(const Economy& economy, const World& world) {
    if (world.tick < 0) {
        refuse_shape("its tick is " + std::to_string(world.tick));
    }
    check_accounts(economy, world);
    if (!world.lanes.waivers.empty() && world.lanes.waivers.size() != world.lanes.flow.size()) {
        refuse_shape("waivers are of " + std::to_string(world.lanes.waivers.size()) + " lanes");
    }
    for (const Column<double>* column :
         {&world.references.multiple, &world.references.standing, &world.references.lasting, &world.references.plain,
          &world.references.plain_used}) {
        if (!column->empty() && column->size() != economy.network.node_count()) {
            refuse_shape("reference prices are of " + std::to_string(column->size()) + " nodes");
        }
    }
    const std::size_t believed = world.believed.multiple.size();
    if ((believed != 0 || world.tick > 0) && believed != believed_years.size() * economy.network.node_count()) {
        refuse_shape("believed prices are of " + std::to_string(believed) + " nodes and years");
    }
    if (world.believed.imports.size() != believed) {
        refuse_shape("believed imports are of " + std::to_string(world.believed.imports.size()) + " nodes and years");
    }
    if (believed != 0 && world.believed.found_for.size() != economy.goods.size()) {
        refuse_shape("believed prices are of " + std::to_string(world.believed.found_for.size()) + " goods");
    }
    check_deals(economy, world);
    check_stockpiles(world);
    check_support(economy, world);
    check_deal_steps(economy, world);
    const MarketMemory& memory = world.market_memory;
    if (memory.slots == 0 ? !memory.partners.empty() : memory.partners.size() % memory.slots != 0) {
        refuse_shape("partners do not fill " + std::to_string(memory.slots) + " places each");
    }
    check_values(world);
}

void check_values(const World& world) {
    check_nodes(world.nodes);
    require("references.multiple", world.references.multiple, index);
    require("references.standing", world.references.standing, index);
    require("references.lasting", world.references.lasting, index);
    require("references.plain", world.references.plain, tonnes);
    require("references.plain_used", world.references.plain_used, tonnes);
    require("believed.multiple", world.believed.multiple, index);
    require("believed.imports", world.believed.imports, index);
    require("lanes.usual_flow", world.lanes.usual_flow, tonnes);
    require("lanes.flow", world.lanes.flow, tonnes);
    require("lanes.rent", world.lanes.rent, money);
    require("lanes.premium", world.lanes.premium, money);
    require("firms.run_rate", world.firms.run_rate, share);
    require("firms.cash", world.firms.cash, money);
    require("firms.capacity_t", world.firms.capacity_t, tonnes);
    require("positions.stock", world.positions.stock, stock);
    require("positions.trend_expectation", world.positions.trend_expectation, money);
    require("positions.expectation", world.positions.expectation, money);
    require("origin_share", world.origin_share, share);
    require("world_demand_shock", world.world_demand_shock, logarithm);
    require("shared_rents", world.shared_rents, money);
    require("outside", world.outside, money);
    for (const auto& [policy, held] : world.stockpiles) {
        require("stockpiles", held, stock);
    }
    for (const auto& [policy, series] : world.memory) {
        for (const auto& [name, numbers] : series) {
            require("memory", numbers, name == "account" ? account : remembered);
        }
    }
}

}  // namespace ytterby
