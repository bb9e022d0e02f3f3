#include "agents/phases/plan/plan.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "agents/phases/plan/foresight.hpp"
#include "agents/phases/plan/setting.hpp"
#include "agents/phases/stockpiles.hpp"
#include "core/maths.hpp"
#include "core/parallel.hpp"
#include "core/vector_clones.hpp"

namespace ytterby {
namespace {

/// Time over which users close a gap in stocks that the path plans (assumed, 1-4 months).
constexpr float planned_restock_months = 2.0F;

/// What a firm makes of a price.
struct Views {
    float trend;
    float blended;  // the price it expects
    float unmoved;  // part of fear, licence values and front-loading that the path does not replace
};

/// The path's price as a firm sees it, between those of the discount rates around its own, in logarithms.
float path_price_of(const PositionSetting& setting, float patience) {
    const float place = patience * static_cast<float>(path_discounts - 1);
    const auto lower = std::min(static_cast<std::size_t>(place), path_discounts - 2);
    const float part = place - static_cast<float>(lower);
    return setting.log_path_price[lower] + part * (setting.log_path_price[lower + 1] - setting.log_path_price[lower]);
}

/// Blends the fundamentalist and the trend-following view of one firm; where a path of prices is seen, with it.
Views form_views(const FirmTraits& traits, const PositionSetting& setting, std::size_t firm, float trend_before) {
    const float before = setting.reference_change * trend_before;
    const float trend = std::max(0.02F * setting.price, before + traits.trend_speed[firm] * (setting.price - before) +
                                                            traits.trend_gain[firm] * setting.price_change);
    const float weight = traits.fundamentalist_weight[firm];
    const auto expect = [&](float anchor) {
        const float fundamental = setting.price + traits.fundamentalist_pull[firm] * (anchor - setting.price);
        return weight * fundamental + (1.0F - weight) * trend;
    };
    if (setting.path_share <= 0.0F) {
        return {trend, expect(setting.anchor), 1.0F};
    }
    const float share = setting.path_share;
    const float heard = share * traits.path_weight[firm];
    const double path = static_cast<double>(path_price_of(setting, traits.patience[firm]));
    const double anchor = exp(static_cast<double>(1.0F - share) * log(static_cast<double>(setting.anchor)) +
                              static_cast<double>(share) * path);
    const double own = log(static_cast<double>(expect(static_cast<float>(anchor))));
    const double view = exp(static_cast<double>(heard) * path + static_cast<double>(1.0F - heard) * own);
    return {trend, static_cast<float>(view), 1.0F - heard};
}

/// A firm's stock and the stock that it holds at its view of the price, t.
struct StockView {
    float stock;
    float target;      // at the reference price
    float most;        // storage
    float view_power;  // (view / reference price)^g
};

/// S(p) = max(0, stock - target (p_e/p)^g), nothing below avoidable cost.
void write_ask(const PositionSetting& setting, const StockView& view, float lowest_price, Schedule& schedule) {
    for (std::size_t point = 0; point < schedule_points; ++point) {
        const float kept = std::min(view.most, view.target * view.view_power * setting.stock_powers.value[point]);
        const float offer = std::max(0.0F, view.stock - kept);
        schedule.net_quantity[point] = setting.floor_price[point] >= lowest_price ? -offer : 0.0F;
    }
}

/// What a buyer needs in the tick.
struct NeedView {
    float need;            // t
    float under_contract;  // t that arrive under contract
    float front_loaded;    // part of the front-loaded tonnes that the path does not replace
    float restock_share;   // of a gap in stocks that is closed in a tick
};

/// The gap between wanted stock and what is left after use: all of it while it is below use (stocks
/// draw down freely), spread over the restocking time above; less what arrives under contract.
void write_bid(const PositionSetting& setting, const StockView& view, const NeedView& buyer, Schedule& schedule) {
    const float free_stock = view.stock - setting.reserve_ticks * buyer.need;
    const float extra = buyer.front_loaded * setting.extra_ticks * buyer.need;
    for (std::size_t point = 0; point < schedule_points; ++point) {
        // Stock is held for the end uses that have not dropped out.
        const float least = std::min(1.0F, setting.use_share[point]);
        const float served = least + setting.path_share * ((least > 0.0F ? 1.0F : 0.0F) - least);
        const float wanted =
            served * std::min(view.most, view.target * view.view_power * setting.stock_powers.value[point]);
        const float use = buyer.need * setting.use_share[point];
        const float gap = wanted - (free_stock - use);
        const float spread = use + buyer.restock_share * (gap - use);
        const float bid = gap < use ? gap : spread;
        // Beyond the choke price nothing is bought, not even for stock.
        schedule.net_quantity[point] =
            setting.use_share[point] > 0.0F ? std::max(0.0F, bid + extra - buyer.under_contract) : 0.0F;
    }
}

/// A merchant moves towards the stock that its view of the price is worth: buys below, sells above.
void write_trade(const PositionSetting& setting, const StockView& view, float speed, Schedule& schedule) {
    for (std::size_t point = 0; point < schedule_points; ++point) {
        const float wanted = std::min(view.most, view.target * view.view_power * setting.stock_powers.value[point]);
        schedule.net_quantity[point] = speed * (wanted - view.stock);
    }
}

/// One position of the firms of a block.
struct PlannedBlock {
    const Cell& cell;
    const Position& position;
    const FirmBlock& block;
};

/// Time over which a gap in stocks is closed: shorter where a path plans them.
float restock_months_of(const Behaviour& behaviour, const PositionSetting& setting) {
    const auto usual = static_cast<float>(behaviour.restock_months);
    return usual + setting.path_share * (planned_restock_months - usual);
}

YTTERBY_VECTOR_CLONES
void plan_position(const PlanContext& context, const PlannedBlock& planned, const PositionSetting& setting, Plan& plan,
                   NodeDepth& depth) {
    const auto& [cell, position, block] = planned;
    const World& world = context.world;
    const FirmTraits& traits = context.economy.traits;
    const Behaviour& behaviour = context.economy.behaviour;
    const auto months = static_cast<float>(context.economy.months_per_tick());
    const float restock_share = std::min(1.0F, months / restock_months_of(behaviour, setting));
    const float speed =
        1.0F - static_cast<float>(pow(1.0 - behaviour.merchant_speed, context.economy.months_per_tick()));
    const bool trades = position.side == Side::trades;
    const auto elasticity =
        static_cast<float>(trades ? behaviour.merchant_stock_elasticity : behaviour.stock_elasticity);
    // Where the path plans stocks, no other limit holds.
    const float storage =
        static_cast<float>(trades ? behaviour.merchant_storage_multiple : behaviour.storage_multiple) /
        std::max(1e-3F, 1.0F - setting.path_share);
    const bool under_contract = setting.contract.share > 0.0;
    const std::size_t first_row = position.first_row + block.first_firm;
    const std::size_t first_firm = cell.first_firm + block.first_firm;
    for (std::size_t offset = 0; offset < block.firms; ++offset) {
        const std::size_t row = first_row + offset;
        const std::size_t firm = first_firm + offset;
        const Views views = form_views(traits, setting, firm, world.positions.trend_expectation[row]);
        plan.trend_expectation[row] = views.trend;
        plan.expectation[row] = views.blended;
        const float value = views.blended * (1.0F + views.unmoved * (setting.licence_factor - 1.0F));
        const float view_power = fast_pow(value / setting.reference, elasticity);
        const double base_flow = under_contract ? base_flow_of(traits, firm, position) : 0.0;
        const double delivered = under_contract && position.side == Side::sells
                                     ? setting.contract.sold_t(base_flow, world.positions.stock[row])
                                     : 0.0;
        const auto stock = static_cast<float>(world.positions.stock[row] - delivered);
        const auto capacity = static_cast<float>(world.firms.capacity_t[firm]);
        Schedule& schedule = plan.orders.rows[row];
        if (position.side == Side::sells) {
            const float target = setting.stock_multiple * setting.cover_ticks * capacity * setting.need_per_throughput *
                                 traits.base_run_rate[firm];
            // A hair less than the stock, or rounding to float could sell what is not there.
            write_ask(setting, {0.9999998F * stock, target, storage * target, view_power},
                      traits.avoidable_cost_share[firm] * setting.base_price - setting.support, schedule);
        } else if (position.side == Side::buys) {
            const float rate = cell.kind == FirmKind::manufacturer ? setting.demand_index : world.firms.run_rate[firm];
            const float need = capacity * setting.need_per_throughput * rate;
            // An idle plant holds no inputs.
            const float usual_rate = rate > 0.0F ? traits.base_run_rate[firm] : 0.0F;
            const float usual_need = capacity * setting.need_per_throughput * usual_rate * setting.stock_index;
            const float target = setting.stock_multiple * setting.cover_ticks * usual_need *
                                 (1.0F + views.unmoved * traits.fear[firm] * setting.risk);
            write_bid(setting, {stock, target, storage * target, view_power},
                      {need, static_cast<float>(setting.contract.bought_t(base_flow)), views.unmoved, restock_share},
                      schedule);
        } else {
            const float target = setting.stock_multiple * setting.cover_ticks * capacity * setting.stock_index;
            write_trade(setting, {stock, target, storage * target, view_power}, speed, schedule);
        }
    }
    set_depth({plan.orders.rows.data() + first_row, block.firms}, depth);
}

/// Price points wherever somebody may order: firms, and stockpiles elsewhere.
void set_price_points(const Economy& economy, const World& world, const StockOrders& stocks, Orders& orders) {
    orders.points.resize(economy.network.node_count());
    const auto set = [&](std::size_t node) {
        orders.points[node] = make_price_points(world.nodes.use_price[node], 1.25 * economy.choke_price[node]);
    };
    for (const std::uint32_t node : economy.active_nodes) {
        set(node);
    }
    for (const StockOrder& order : stocks.orders()) {
        set(economy.network.node(order.good, order.country).index());
    }
}

/// Adds what a block wants and offers in a position to its node's depth, and lists its rows.
void add_block(const PlannedBlock& planned, const NodeDepth& part, Orders& orders) {
    const auto& [cell, position, block] = planned;
    orders.blocks.push_back({position.node, position.first_row + block.first_firm, block.firms});
    NodeDepth& depth = orders.depth[position.node.index()];
    for (std::size_t point = 0; position.side != Side::buys && point < schedule_points; ++point) {
        depth.offered[point] += part.offered[point];
    }
    for (std::size_t point = 0; position.side != Side::sells && point < schedule_points; ++point) {
        depth.wanted[point] += part.wanted[point];
    }
}

/// Plans all positions of all blocks. One depth per block and position, added up in block order: the same sums on any
/// number of threads. One thread alone goes in that order and adds each at once.
void plan_blocks(const PlanContext& context, const SettingContext& settings, Plan& plan) {
    const Economy& economy = context.economy;
    const bool at_once = context.workers.threads() == 1;
    std::vector<std::size_t> first_depth(economy.blocks.size() + 1, 0);
    for (std::size_t block = 0; block < economy.blocks.size() && !at_once; ++block) {
        first_depth[block + 1] = first_depth[block] + economy.cells[economy.blocks[block].cell].positions.size();
    }
    plan.block_depth.resize(std::max<std::size_t>(1, first_depth.back()));
    context.workers.for_blocks(economy.blocks.size(), [&](std::size_t index) {
        const FirmBlock& block = economy.blocks[index];
        const Cell& cell = economy.cells[block.cell];
        for (std::size_t number = 0; number < cell.positions.size(); ++number) {
            const Position& position = cell.positions[number];
            const PositionSetting setting =
                make_setting(settings, {block.cell, position, context.support.of(block.cell),
                                        context.regime.plants().home_credit_usd_per_t(position.good, cell.country),
                                        context.deliveries.at(block.cell, number)});
            NodeDepth& part = plan.block_depth[at_once ? 0 : first_depth[index] + number];
            plan_position(context, {cell, position, block}, setting, plan, part);
            if (at_once) {
                add_block({cell, position, block}, part, plan.orders);
            }
        }
    });
    for (std::size_t index = 0; index < economy.blocks.size() && !at_once; ++index) {
        const Cell& cell = economy.cells[economy.blocks[index].cell];
        for (std::size_t number = 0; number < cell.positions.size(); ++number) {
            add_block({cell, cell.positions[number], economy.blocks[index]},
                      plan.block_depth[first_depth[index] + number], plan.orders);
        }
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

Plan make_plan(const PlanContext& context, Plan&& earlier) {
    const auto& [economy, world, regime, scarcity, support, deliveries, workers] = context;
    Plan plan = std::move(earlier);
    plan.orders.rows.resize(economy.position_rows);
    plan.trend_expectation.resize(economy.position_rows);
    plan.expectation.resize(economy.position_rows);
    plan.front_load_months = next_front_load(economy, world, regime);
    plan.sellers = next_rush(economy, world, regime);
    for (std::size_t node = 0; scarcity.foreseen() && node < plan.sellers.expected_fall.size(); ++node) {
        plan.sellers.expected_fall[node] *= 1.0 - scarcity.share(node);
    }
    set_price_points(economy, world, regime.stocks(), plan.orders);
    const PointTables tables(economy, plan.orders);
    clear_depth(plan.orders, economy.network.node_count());
    plan_blocks(context, {economy, world, plan.orders, tables, plan.front_load_months, plan.sellers.destock, scarcity},
                plan);
    add_stock_orders(economy, world, regime, plan.orders);
    return plan;
}

}  // namespace ytterby
