#pragma once

#include <numeric>

#include "agents/phases/invest.hpp"
#include "agents/phases/investment/believed_prices.hpp"
#include "agents/phases/produce/produce.hpp"
#include "agents/phases/products.hpp"
#include "agents/phases/support/plant_support.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/expansion.hpp"
#include "agents/world/world.hpp"
#include "core/parallel.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// Two countries, an ore and the metal in it; in the first country three mines, two refineries and one user, all at
/// rest at round figures: ore 60 USD/t, metal 100, conversion costs 70 % of value added, half of them avoidable.
struct SmallChain {
    static constexpr std::size_t mine = 0, refinery = 1, user = 2;
    static constexpr double ore_price = 60.0, metal_price = 100.0;
    static constexpr double mined_t = 60.0, capital_cost = 50.0;

    Economy economy;
    World world;
    Regime regime{2, 2};
    Workers workers{1};

    explicit SmallChain(double ticks_per_year = 12.0) {
        economy.ticks_per_year = ticks_per_year;
        economy.behaviour.price_reversion =
            0.0;  // investors take slow prices as they are, unless a test says otherwise
        economy.behaviour.outlier_multiple = 1e9;
        economy.goods = {{.name = "metal.ore", .metal = "metal", .stage = "ore"},
                         {.name = "metal.refined", .metal = "metal", .stage = "refined"}};
        economy.countries = {{.code = "CHL", .name = "Chile"}, {.code = "CHN", .name = "China"}};
        economy.processes = {
            {.name = "mine", .kind = FirmKind::miner, .inputs = {}, .outputs = {{ore(), 1.0}}, .host = {}},
            {.name = "refinery",
             .kind = FirmKind::refiner,
             .inputs = {{ore(), 1.0}},
             .outputs = {{metal(), 1.0}},
             .host = {}},
            {.name = "manufacture", .kind = FirmKind::manufacturer, .inputs = {}, .outputs = {}, .host = {}}};
        economy.network.countries = 2;
        economy.network.goods.resize(2);
        economy.network.number_lanes();
        economy.base_price = {ore_price, ore_price, metal_price, metal_price};
        economy.choke_price = {30.0 * ore_price, 30.0 * ore_price, 30.0 * metal_price, 30.0 * metal_price};
        economy.base_turnover.assign(4, mined_t);
        economy.base_old_in_use.assign(4, 0.0);
        economy.active_nodes = {0, 1, 2, 3};
        add_cell(FirmKind::miner, {{.good = ore(), .node = node(ore()), .side = Side::sells}}, 0, {10.0, 20.0, 30.0});
        add_cell(FirmKind::refiner,
                 {{.good = ore(), .node = node(ore()), .side = Side::buys},
                  {.good = metal(), .node = node(metal()), .side = Side::sells}},
                 1, {20.0, 40.0});
        add_cell(FirmKind::manufacturer, {{.good = metal(), .node = node(metal()), .side = Side::buys}}, 1, {60.0});
        Expansion& expansion = economy.cells[mine].expansion;
        expansion = {.base_capacity_t = mined_t,
                     .retirement_per_year = 0.05,
                     .brownfield_share = 0.4,
                     .brownfield_years = 2.0,
                     .build_years = 3.0,
                     .permit_years = 5.0,
                     .capital_cost_usd_per_t = capital_cost,
                     .long_run_elasticity = 0.7,
                     .grows = true};
        fill_world();
    }

    static GoodId ore() { return id_at<GoodId>(0); }
    static GoodId metal() { return id_at<GoodId>(1); }
    NodeId node(GoodId good) const { return economy.network.node(good, id_at<CountryId>(0)); }
    Expansion& expansion() { return economy.cells[mine].expansion; }
    PlantState& plant() { return world.plants[mine]; }
    double capacity(std::size_t cell = mine) const {
        const Cell& about = economy.cells[cell];
        const auto first = world.firms.capacity_t.begin() + about.first_firm;
        return std::accumulate(first, first + about.firms, 0.0);
    }
    /// Row of a firm's holding, firm counted within its cell.
    std::size_t row(std::size_t cell, std::size_t firm, std::size_t position = 0) const {
        return economy.cells[cell].positions[position].first_row + firm;
    }
    std::size_t firm(std::size_t cell, std::size_t number) const { return economy.cells[cell].first_firm + number; }
    void expect(std::size_t cell, std::size_t number, double usd_per_t) {
        const Cell& about = economy.cells[cell];
        world.positions.expectation[row(cell, number, about.inputs)] = static_cast<float>(usd_per_t);
    }

    /// One tick of building: what produce would have counted, then the investors.
    void build() {
        world.cells[mine].capacity_t = capacity();
        invest(economy, world, support_of_plants(economy, regime.plants()));
        ++world.tick;
    }
    void make(int ticks = 1) {
        for (; ticks > 0; --ticks) {
            produce(economy, world, regime.plants(), support_of_plants(economy, regime.plants()), workers);
            ++world.tick;
        }
    }
    void renew(int ticks = 1) {
        for (; ticks > 0; --ticks) {
            renew_products(economy, world);
            ++world.tick;
        }
    }

private:
    void add_cell(FirmKind kind, std::vector<Position> positions, std::uint32_t inputs,
                  const std::vector<double>& capacities) {
        Cell cell;
        cell.process = id_at<ProcessId>(economy.cells.size());
        cell.country = id_at<CountryId>(0);
        cell.kind = kind;
        cell.first_firm = static_cast<std::uint32_t>(economy.traits.size());
        cell.firms = static_cast<std::uint32_t>(capacities.size());
        cell.inputs = inputs;
        cell.base_throughput_t = mined_t;
        for (Position& position : positions) {
            position.base_flow_t = mined_t;
            position.first_row = static_cast<std::uint32_t>(economy.position_rows);
            economy.position_rows += capacities.size();
            const double price = economy.base_price[position.node.index()];
            (position.side == Side::buys ? cell.reference_input_usd_per_t : cell.reference_revenue_usd_per_t) += price;
        }
        cell.positions = std::move(positions);
        if (kind != FirmKind::manufacturer) {
            cell.conversion_cost_usd_per_t = 0.7 * (cell.reference_revenue_usd_per_t - cell.reference_input_usd_per_t);
            cell.avoidable_conversion_usd_per_t = 0.5 * cell.conversion_cost_usd_per_t;
        }
        for (const double capacity : capacities) {
            economy.traits.capacity_t.push_back(capacity);
            economy.traits.base_run_rate.push_back(kind == FirmKind::manufacturer ? 1.0F : 0.8F);
            economy.traits.run_rate_offset.push_back(0.9F);
            economy.traits.run_rate_response.push_back(1.0F);
            economy.traits.avoidable_cost_share.push_back(0.5F);
            economy.traits.patience.push_back(0.5F);
        }
        economy.blocks.push_back({static_cast<std::uint32_t>(economy.cells.size()), 0, cell.firms});
        economy.cells.push_back(std::move(cell));
    }
    void fill_world() {
        NodeColumns& nodes = world.nodes;
        for (Column<double>* column :
             {&nodes.supply_price, &nodes.use_price, &nodes.landed_price, &nodes.slow_use_price,
              &nodes.slow_supply_price, &nodes.use_anchor, &nodes.supply_anchor}) {
            column->assign(economy.base_price.begin(), economy.base_price.end());
        }
        for (Column<double>* column : {&nodes.rush, &nodes.new_in_use, &nodes.old_in_use, &nodes.demand_shock,
                                       &nodes.stock, &nodes.log_adaptation}) {
            column->assign(4, 0.0);
        }
        for (Column<double>* column :
             {&nodes.need_index, &nodes.stepped, &nodes.stock_index, &nodes.intensity, &nodes.turnover_index}) {
            column->assign(4, 1.0);
        }
        for (Column<double>* column : {&nodes.production, &nodes.consumption, &nodes.need}) {
            column->assign(4, mined_t);
        }
        world.believed.multiple.assign(believed_years.size() * 4, 1.0);
        FirmColumns& firms = world.firms;
        firms.capacity_t = economy.traits.capacity_t;
        firms.run_rate.assign(economy.traits.base_run_rate.begin(), economy.traits.base_run_rate.end());
        firms.cash.assign(economy.traits.size(), 0.0);
        firms.status.assign(economy.traits.size(), PlantStatus::running);
        firms.state_ticks.assign(economy.traits.size(), 0);
        world.positions.stock.assign(economy.position_rows, 0.0);
        world.positions.expectation.assign(economy.position_rows, 0.0F);
        world.positions.trend_expectation.assign(economy.position_rows, 0.0F);
        for (const Cell& cell : economy.cells) {
            for (const Position& position : cell.positions) {
                for (std::uint32_t firm = 0; firm < cell.firms; ++firm) {
                    world.positions.expectation[position.first_row + firm] =
                        static_cast<float>(economy.base_price[position.node.index()]);
                }
            }
        }
        world.cells.resize(economy.cells.size());
        world.plants.resize(economy.cells.size());
        world.world_demand_shock.assign(2, 0.0);
        world.outside.assign(2, 0.0);
    }
};

}  // namespace ytterby
