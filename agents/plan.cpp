#include "agents/plan.hpp"

#include <algorithm>
#include <cmath>

#include "agents/foresight.hpp"
#include "core/maths.hpp"
#include "core/parallel.hpp"

namespace ytterby {
namespace {

/// Multiples of the price points raised to minus an exponent, so that a schedule needs no power per point.
struct PointPowers {
    float value[schedule_points];
};

PointPowers powers_of_points(const PricePoints& points, double reference, double exponent) {
    PointPowers powers{};
    for (std::size_t point = 0; point < schedule_points; ++point) {
        powers.value[point] = static_cast<float>(pow(points.price[point] / reference, -exponent));
    }
    return powers;
}

/// What a cell's firms share when they plan one position.
struct PositionSetting {
    float price = 0.0F;             // last price on the position's side of the node
    float price_change = 0.0F;
    float anchor = 0.0F;
    float reference = 0.0F;         // price at which the price points are 1
    float base_price = 0.0F;
    float licence_factor = 1.0F;    // outside value over inside price, behind a licence
    float risk = 0.0F;
    float reserve_months = 0.0F;    // front-loaded stock already held, months of need
    float extra_months = 0.0F;      // to be added this tick
    float cover_ticks = 0.0F;       // target stock in ticks of flow
    float need_per_throughput = 0.0F;
    float demand_index = 1.0F;
    PointPowers stock_powers{};     // (price point / reference)^-g
    float use_share[schedule_points] = {};
    float floor_price[schedule_points] = {};  // price point below, for the no-sale-below-cost rule
};

PositionSetting make_setting(const Economy& economy, const World& world, const Orders& orders, const Cell& cell,
                             const Position& position, const std::vector<double>& next_front_load) {
    const Behaviour& behaviour = economy.behaviour;
    const std::size_t node = position.node.index();
    const NodeColumns& nodes = world.nodes;
    PositionSetting setting;
    const bool sells = position.side == Side::sells;
    const double price = sells ? nodes.supply_price[node] : nodes.use_price[node];
    const double before = sells ? nodes.previous_supply_price[node] : nodes.previous_use_price[node];
    setting.price = static_cast<float>(price);
    setting.price_change = static_cast<float>(price - before);
    setting.anchor = static_cast<float>(sells ? nodes.supply_anchor[node] : nodes.use_anchor[node]);
    setting.base_price = static_cast<float>(economy.base_price[node]);
    setting.risk = static_cast<float>(nodes.risk[node]);
    setting.licence_factor = static_cast<float>(position.side == Side::buys ? 1.0 : nodes.licence_value[node]);
    setting.cover_ticks = static_cast<float>(position.cover_months / economy.months_per_tick());
    setting.need_per_throughput = static_cast<float>(position.per_throughput);
    const PricePoints& points = orders.points[node];
    // The reference is the price at which the multiples are exactly one.
    const double reference = points.price[8] / price_point_multiples[8];
    setting.reference = static_cast<float>(reference);
    const double elasticity =
        position.side == Side::trades ? behaviour.merchant_stock_elasticity : behaviour.stock_elasticity;
    setting.stock_powers = powers_of_points(points, reference, elasticity);
    if (position.side == Side::buys) {
        setting.reserve_months = static_cast<float>(nodes.front_load_months[node]);
        setting.extra_months =
            static_cast<float>(std::max(0.0, next_front_load[node] - nodes.front_load_months[node]));
        if (cell.kind == FirmKind::manufacturer) {
            setting.demand_index = static_cast<float>(exp(nodes.demand_shock[node]));
        }
        double ceiling = economy.choke_price[node];
        if (cell.kind == FirmKind::refiner) {
            double revenue = 0.0;
            for (std::size_t output = cell.inputs; output < cell.positions.size(); ++output) {
                revenue += cell.positions[output].per_throughput *
                           nodes.supply_price[cell.positions[output].node.index()];
            }
            ceiling = std::min(ceiling, std::max(0.0, revenue - cell.avoidable_conversion_usd_per_t) /
                                            position.per_throughput);
        }
        for (std::size_t point = 0; point < schedule_points; ++point) {
            setting.use_share[point] =
                points.price[point] <= ceiling
                    ? static_cast<float>(use_share(economy, position.good, position.node, points.price[point]))
                    : 0.0F;
        }
    }
    setting.floor_price[0] = -1.0F;
    for (std::size_t point = 1; point < schedule_points; ++point) {
        setting.floor_price[point] = static_cast<float>(points.price[point - 1]);
    }
    return setting;
}

/// Blends the fundamentalist and the trend-following view of one firm.
struct Views {
    float trend;
    float blended;
};
Views form_views(const FirmTraits& traits, const PositionSetting& setting, std::size_t firm, float trend_before) {
    const float trend = std::max(0.02F * setting.price, trend_before +
                                                            traits.trend_speed[firm] * (setting.price - trend_before) +
                                                            traits.trend_gain[firm] * setting.price_change);
    const float fundamental = setting.price + traits.fundamentalist_pull[firm] * (setting.anchor - setting.price);
    const float weight = traits.fundamentalist_weight[firm];
    return {trend, weight * fundamental + (1.0F - weight) * trend};
}

/// S(p) = max(0, stock - target (p_e/p)^g), nothing below avoidable cost.
void write_ask(const PositionSetting& setting, const Behaviour& behaviour, float stock, float target,
               float view_power, float lowest_price, Schedule& schedule) {
    const auto storage = static_cast<float>(behaviour.storage_multiple) * target;
    for (std::size_t point = 0; point < schedule_points; ++point) {
        const float kept = std::min(storage, target * view_power * setting.stock_powers.value[point]);
        const float offer = std::max(0.0F, stock - kept);
        schedule.net_quantity[point] = setting.floor_price[point] >= lowest_price ? -offer : 0.0F;
    }
}

/// The gap between wanted stock and what is left after use: all of it while it is below use (stocks
/// draw down freely), spread over the restocking time above.
void write_bid(const PositionSetting& setting, const Behaviour& behaviour, float restock_share, float stock,
               float target, float need, float view_power, Schedule& schedule) {
    const auto storage = static_cast<float>(behaviour.storage_multiple) * target;
    const float free_stock = stock - setting.reserve_months * need;
    const float extra = setting.extra_months * need;
    for (std::size_t point = 0; point < schedule_points; ++point) {
        // Stock is held for the end uses that have not dropped out.
        const float served = std::min(1.0F, setting.use_share[point]);
        const float wanted = served * std::min(storage, target * view_power * setting.stock_powers.value[point]);
        const float use = need * setting.use_share[point];
        const float gap = wanted - (free_stock - use);
        const float spread = use + restock_share * (gap - use);
        const float bid = gap < use ? gap : spread;
        // Beyond the choke price nothing is bought, not even for stock.
        schedule.net_quantity[point] = setting.use_share[point] > 0.0F ? std::max(0.0F, bid + extra) : 0.0F;
    }
}

/// A merchant moves towards the stock that its view of the price is worth: buys below, sells above.
void write_trade(const PositionSetting& setting, const Behaviour& behaviour, float speed, float stock, float target,
                 float view_power, Schedule& schedule) {
    const auto storage = static_cast<float>(behaviour.merchant_storage_multiple) * target;
    for (std::size_t point = 0; point < schedule_points; ++point) {
        const float wanted = std::min(storage, target * view_power * setting.stock_powers.value[point]);
        schedule.net_quantity[point] = speed * (wanted - stock);
    }
}

void plan_position(const Economy& economy, const World& world, const Cell& cell, const Position& position,
                   const PositionSetting& setting, const FirmBlock& block, Plan& plan, NodeDepth& depth) {
    const FirmTraits& traits = economy.traits;
    const Behaviour& behaviour = economy.behaviour;
    const auto months = static_cast<float>(economy.months_per_tick());
    const float restock_share = std::min(1.0F, months / static_cast<float>(behaviour.restock_months));
    const float speed = 1.0F - static_cast<float>(pow(1.0 - behaviour.merchant_speed, economy.months_per_tick()));
    const auto elasticity = static_cast<float>(
        position.side == Side::trades ? behaviour.merchant_stock_elasticity : behaviour.stock_elasticity);
    const std::size_t first_row = position.first_row + block.first_firm;
    const std::size_t first_firm = cell.first_firm + block.first_firm;
    for (std::size_t offset = 0; offset < block.firms; ++offset) {
        const std::size_t row = first_row + offset;
        const std::size_t firm = first_firm + offset;
        const Views views = form_views(traits, setting, firm, world.positions.trend_expectation[row]);
        plan.trend_expectation[row] = views.trend;
        plan.expectation[row] = views.blended;
        const float value = views.blended * setting.licence_factor;
        const float view_power = fast_pow(value / setting.reference, elasticity);
        const auto stock = static_cast<float>(world.positions.stock[row]);
        const auto capacity = static_cast<float>(traits.capacity_t[firm]);
        Schedule& schedule = plan.orders.rows[row];
        if (position.side == Side::sells) {
            const float target = setting.cover_ticks * capacity * setting.need_per_throughput *
                                 traits.base_run_rate[firm];
            write_ask(setting, behaviour, stock, target, view_power,
                      traits.avoidable_cost_share[firm] * setting.base_price, schedule);
        } else if (position.side == Side::buys) {
            const float rate = cell.kind == FirmKind::manufacturer ? setting.demand_index : world.firms.run_rate[firm];
            const float need = capacity * setting.need_per_throughput * rate;
            const float usual_need = capacity * setting.need_per_throughput * traits.base_run_rate[firm];
            const float target = setting.cover_ticks * usual_need * (1.0F + traits.fear[firm] * setting.risk);
            write_bid(setting, behaviour, restock_share, stock, target, need, view_power, schedule);
        } else {
            const float target = setting.cover_ticks * capacity;
            write_trade(setting, behaviour, speed, stock, target, view_power, schedule);
        }
    }
    add_depth({plan.orders.rows.data() + first_row, block.firms}, depth);
}

void set_price_points(const Economy& economy, const World& world, Orders& orders) {
    const std::size_t nodes = economy.network.node_count();
    orders.points.resize(nodes);
    for (std::size_t node = 0; node < nodes; ++node) {
        orders.points[node] = make_price_points(world.nodes.use_price[node], 1.25 * economy.choke_price[node]);
    }
}

}  // namespace

double use_share(const Economy& economy, GoodId good, NodeId node, double price) {
    const Good& about = economy.goods[good.index()];
    const double multiple = price / economy.base_price[node.index()];
    if (multiple >= about.choke_multiple) {
        return 0.0;
    }
    const double use = pow(multiple, -about.demand_elasticity);
    if (multiple <= about.first_choke_multiple) {
        return use;
    }
    // Choke prices of end uses lie log-uniformly between the first and the last multiple.
    return use * log(about.choke_multiple / multiple) / log(about.choke_multiple / about.first_choke_multiple);
}

void make_plan(const Economy& economy, const World& world, const Regime& regime, Workers& workers, Plan& plan) {
    plan.orders.rows.resize(economy.position_rows);
    plan.trend_expectation.resize(economy.position_rows);
    plan.expectation.resize(economy.position_rows);
    plan.front_load_months = next_front_load(economy, world, regime);
    set_price_points(economy, world, plan.orders);

    // One depth per block and position, combined below in block order: the same sums on any number of threads.
    std::vector<std::size_t> first_depth(economy.blocks.size() + 1, 0);
    for (std::size_t block = 0; block < economy.blocks.size(); ++block) {
        first_depth[block + 1] = first_depth[block] + economy.cells[economy.blocks[block].cell].positions.size();
    }
    plan.block_depth.assign(first_depth.back(), NodeDepth{});
    workers.for_blocks(economy.blocks.size(), [&](std::size_t index) {
        const FirmBlock& block = economy.blocks[index];
        const Cell& cell = economy.cells[block.cell];
        for (std::size_t number = 0; number < cell.positions.size(); ++number) {
            const Position& position = cell.positions[number];
            const PositionSetting setting =
                make_setting(economy, world, plan.orders, cell, position, plan.front_load_months);
            plan_position(economy, world, cell, position, setting, block, plan,
                          plan.block_depth[first_depth[index] + number]);
        }
    });
    plan.orders.depth.assign(economy.network.node_count(), NodeDepth{});
    for (std::size_t index = 0; index < economy.blocks.size(); ++index) {
        const Cell& cell = economy.cells[economy.blocks[index].cell];
        for (std::size_t number = 0; number < cell.positions.size(); ++number) {
            NodeDepth& depth = plan.orders.depth[cell.positions[number].node.index()];
            const NodeDepth& part = plan.block_depth[first_depth[index] + number];
            for (std::size_t point = 0; point < schedule_points; ++point) {
                depth.offered[point] += part.offered[point];
                depth.wanted[point] += part.wanted[point];
            }
        }
    }
}

}  // namespace ytterby
