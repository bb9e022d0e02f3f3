#include <algorithm>
#include <cmath>

#include "agents/phases/invest.hpp"
#include "agents/phases/origins.hpp"
#include "agents/phases/plan/foresight.hpp"
#include "agents/world/holdings.hpp"
#include "core/maths.hpp"
#include "policies/policy.hpp"
#include "simulation/calibration/build.hpp"

namespace ytterby {
namespace {

void fill_nodes(const Economy& economy, const BaseState& base, NodeColumns& nodes) {
    const std::size_t count = economy.network.node_count();
    for (Column<double>* column :
         {&nodes.supply_price, &nodes.use_price, &nodes.previous_supply_price, &nodes.previous_use_price,
          &nodes.landed_price, &nodes.supply_anchor, &nodes.use_anchor, &nodes.year_price, &nodes.slow_use_price,
          &nodes.slow_supply_price}) {
        column->assign(economy.base_price.begin(), economy.base_price.end());
    }
    for (Column<double>* column :
         {&nodes.risk, &nodes.front_load_months, &nodes.rush, &nodes.usual_bought, &nodes.usual_imports,
          &nodes.demand_shock, &nodes.production, &nodes.consumption, &nodes.need, &nodes.bought, &nodes.sold,
          &nodes.imports, &nodes.exports, &nodes.stock, &nodes.log_adaptation, &nodes.scarcity_mark, &nodes.new_in_use,
          &nodes.old_in_use}) {
        column->assign(count, 0.0);
    }
    for (Column<double>* column : {&nodes.licence_value, &nodes.need_index, &nodes.stepped, &nodes.stock_index,
                                   &nodes.intensity, &nodes.turnover_index}) {
        column->assign(count, 1.0);
    }
    for (std::size_t good = 0; good < base.goods.size(); ++good) {
        for (std::size_t country = 0; country < economy.countries.size(); ++country) {
            const std::size_t node = economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
            const GoodBase& source = base.goods[good];
            const double ticks = economy.ticks_per_year;
            nodes.production[node] = nodes.sold[node] = source.production[country] / ticks;
            nodes.consumption[node] = nodes.need[node] = nodes.bought[node] = nodes.usual_bought[node] =
                source.use[country] / ticks;
            nodes.imports[node] = (source.use[country] - source.flow[country][country]) / ticks;
            nodes.exports[node] = (source.production[country] - source.flow[country][country]) / ticks;
        }
    }
}

void fill_firms(const Economy& economy, World& world) {
    const std::size_t firms = economy.traits.size();
    world.firms.run_rate.resize(firms);
    world.firms.capacity_t = economy.traits.capacity_t;
    world.firms.status.assign(firms, PlantStatus::running);
    world.firms.state_ticks.assign(firms, 0);
    world.firms.cash.assign(firms, 0.0);
    world.positions.stock.assign(economy.position_rows, 0.0);
    world.positions.trend_expectation.assign(economy.position_rows, 0.0F);
    world.positions.expectation.assign(economy.position_rows, 0.0F);
    const double cash_ticks = economy.behaviour.cash_target_months / economy.months_per_tick();
    for (const Cell& cell : economy.cells) {
        for (std::uint32_t k = 0; k < cell.firms; ++k) {
            const std::size_t firm = cell.first_firm + k;
            const double flow =
                economy.traits.capacity_t[firm] * static_cast<double>(economy.traits.base_run_rate[firm]);
            world.firms.run_rate[firm] = economy.traits.base_run_rate[firm];
            double cash = cash_ticks * flow * (cell.conversion_cost_usd_per_t + cell.reference_input_usd_per_t);
            for (const Position& position : cell.positions) {
                const double base_price = economy.base_price[position.node.index()];
                const double cover_ticks = position.cover_months / economy.months_per_tick();
                const double own_flow = flow * position.per_throughput;
                // A seller starts with its target and the tick's output, as after producing.
                world.positions.stock[position.first_row + k] =
                    cover_ticks * own_flow + (position.side == Side::sells ? own_flow : 0.0);
                world.positions.trend_expectation[position.first_row + k] = static_cast<float>(base_price);
                world.positions.expectation[position.first_row + k] = static_cast<float>(base_price);
                if (cell.kind == FirmKind::manufacturer) {
                    cash = cash_ticks * flow * base_price;
                }
                if (cell.kind == FirmKind::merchant) {
                    cash = cover_ticks * flow * base_price;
                }
            }
            world.firms.cash[firm] = cash;
        }
    }
}

/// Metal in products at the base date: past use, which grew at its past rate, passes through two stages of life.
void fill_products(const Scenario& scenario, Economy& economy, NodeColumns& nodes) {
    economy.base_turnover.assign(economy.network.node_count(), 0.0);
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        double growth = 0.0;
        for (const auto& [process, recycling] : scenario.data.outlook.recycling) {
            if (recycling.good == economy.goods[good].name && scenario.outlook.demand != "constant") {
                growth = recycling.past_growth;
            }
        }
        const double passing = 1.0 - exp(-2.0 / economy.goods[good].lifetime_years / economy.ticks_per_year);
        const double grown = exp(growth / economy.ticks_per_year) - 1.0 + passing;
        for (std::size_t country = 0; country < economy.countries.size(); ++country) {
            const std::size_t node = economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
            economy.base_turnover[node] = std::max(nodes.production[node], nodes.consumption[node]);
            if (economy.goods[good].stage != "ore") {
                nodes.new_in_use[node] = nodes.consumption[node] / grown;
                nodes.old_in_use[node] = passing * nodes.new_in_use[node] / grown;
            }
        }
    }
    economy.base_old_in_use.assign(nodes.old_in_use.begin(), nodes.old_in_use.end());
}

}  // namespace

World initial_world(const Scenario& scenario, Economy& economy, const BaseState& base) {
    World world;
    fill_nodes(economy, base, world.nodes);
    fill_firms(economy, world);
    for (Column<double>* column :
         {&world.lanes.usual_flow, &world.lanes.flow, &world.lanes.rent, &world.lanes.premium}) {
        column->assign(economy.network.lane_count, 0.0);
    }
    economy.base_imports.assign(economy.network.node_count(), 0.0);
    for (std::size_t index = 0; index < economy.network.goods.size(); ++index) {
        const GoodLanes& good = economy.network.goods[index];
        for (std::size_t number = 0; number < good.lanes.size(); ++number) {
            const TradeLane& lane = good.lanes[number];
            world.lanes.usual_flow[good.first_lane + number] = lane.base_flow_t;
            world.lanes.flow[good.first_lane + number] = lane.base_flow_t;
            economy.base_imports[economy.network.node(id_at<GoodId>(index), lane.destination).index()] +=
                lane.base_flow_t;
        }
    }
    world.nodes.usual_imports.assign(economy.base_imports.begin(), economy.base_imports.end());
    world.cells.resize(economy.cells.size());
    world.plants.resize(economy.cells.size());
    world.world_demand_shock.assign(economy.goods.size(), 0.0);
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        world.cells[index].capacity_t = economy.cells[index].expansion.base_capacity_t;
    }
    fill_products(scenario, economy, world.nodes);
    fill_origins(economy, world);
    fill_pipelines(economy, world);
    world.holdings = holdings_of_base(economy);
    world.deals.funds_usd.assign(economy.deals.enabled ? economy.countries.size() : 0, 0.0);
    world.outside.assign(economy.countries.size(), 0.0);
    return world;
}

void invert_preferences(const Scenario& scenario, Economy& economy, World& world) {
    // The measures in force are applied to the base world. A lane rationed at its base flow earns its margin as a rent
    // and has no preference; on every other lane the whole margin is preference.
    const Regime regime = govern(economy, world, scenario.calendar, scenario.policies);
    economy.base_rules = regime.lanes();
    economy.base_risk.assign(economy.network.node_count(), 0.0);
    economy.base_licence_factor.assign(economy.network.node_count(), 1.0);
    for (std::size_t good = 0; good < economy.network.goods.size(); ++good) {
        GoodLanes& book = economy.network.goods[good];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            TradeLane& lane = book.lanes[number];
            const GoodId good_id = id_at<GoodId>(good);
            const LaneRule& rule = regime.lanes().rule(good_id, lane.origin, lane.destination);
            const double origin_price = economy.base_price[economy.network.node(good_id, lane.origin).index()];
            const double price = economy.base_price[economy.network.node(good_id, lane.destination).index()];
            const double landed =
                (origin_price * (1.0 + rule.export_duty()) + lane.freight_usd_per_t * rule.freight_factor()) *
                    (1.0 + rule.tariff()) +
                rule.friction_usd_per_t() + rule.specific_tariff_usd_per_t();
            const double margin = price - landed;
            const bool rationed =
                lane.base_flow_t > 0.0 && rule.cap_t() <= lane.base_flow_t * (1.0 + 1e-9) && margin > 0.0;
            const double rent = rationed ? margin : 0.0;
            lane.preference_usd_per_t = margin - rent;
            world.lanes.rent[book.first_lane + number] = rent;
            world.lanes.premium[book.first_lane + number] = rent;
        }
    }
    // With the rents known, perceived risk and licence values of the base date follow: what buyers and sellers are used
    // to.
    World observed = world;
    update_risk(economy, observed, regime);
    update_licence_value(economy, observed, regime);
    for (std::size_t node = 0; node < economy.network.node_count(); ++node) {
        economy.base_risk[node] = observed.nodes.risk[node];
        economy.base_licence_factor[node] = observed.nodes.licence_value[node];
    }
}

}  // namespace ytterby
