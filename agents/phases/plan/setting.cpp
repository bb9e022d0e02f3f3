#include "agents/phases/plan/setting.hpp"

#include <algorithm>
#include <array>

#include "agents/phases/plan/plan.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

constexpr std::size_t last_point = schedule_points - 1;
/// The point whose multiple is exactly one.
constexpr std::size_t reference_point = 8;
static_assert(price_point_multiples[reference_point] == 1.0);

PointPowers powers(double exponent) {
    std::array<double, schedule_points> bases;
    std::array<double, schedule_points> exponents;
    std::copy_n(price_point_multiples, schedule_points, bases.begin());
    exponents.fill(-exponent);
    pow_each(bases, exponents);
    PointPowers table{};
    std::transform(bases.begin(), bases.end(), table.value, [](double power) { return static_cast<float>(power); });
    return table;
}

/// What sellers at a node will get, USD/t: the last price, where a path is seen that of the path.
double price_to_come(const SettingContext& context, std::size_t node) {
    const double last = context.world.nodes.supply_price[node];
    const double share = context.scarcity.share(node);
    return share > 0.0
               ? exp(share * context.scarcity.nodes[node].log_price[path_discounts / 2] + (1.0 - share) * log(last))
               : last;
}

/// What a refiner can pay for a tonne of input and still cover what stops with the plant, USD/t.
double payable_price(const SettingContext& context, const PositionCase& about) {
    const Cell& cell = context.economy.cells[about.cell];
    const auto price_of = [&](std::size_t output) {
        return price_to_come(context, cell.positions[output].node.index());
    };
    double revenue = 0.0;
    for (std::size_t output = cell.inputs; output < cell.positions.size(); ++output) {
        revenue += cell.positions[output].per_throughput * price_of(output);
    }
    if (about.support != nullptr) {
        revenue += about.support->per_throughput(cell, price_of);
    }
    return std::max(0.0, revenue - cell.avoidable_conversion_usd_per_t) / about.position.per_throughput;
}

/// Use at each price point: the powers from the tables, times the share of end uses that have not dropped out; as
/// `use_share`, which gives it where a credit moves the prices. Nothing is used above the ceiling.
void fill_use(const SettingContext& context, const PositionCase& about, double ceiling, PositionSetting& setting) {
    const Position& position = about.position;
    const Good& good = context.economy.goods[position.good.index()];
    const double base = context.economy.base_price[position.node.index()];
    const PricePoints& points = context.orders.points[position.node.index()];
    const auto scale = static_cast<float>(context.tables.use_scale[position.node.index()]);
    const PointPowers& use = context.tables.use[position.good.index()];
    const double credit = about.credit_usd_per_t;
    const double first_choke = base * good.first_choke_multiple;
    const double last_choke = base * good.choke_multiple;
    for (std::size_t point = 0; point < schedule_points; ++point) {
        const double price = points.price[point];
        if (price - credit > ceiling || (credit == 0.0 && price >= last_choke)) {
            setting.use_share[point] = 0.0F;
        } else if (credit != 0.0) {
            setting.use_share[point] = static_cast<float>(
                use_share(context.economy, position.good, position.node, std::max(price - credit, 0.02 * price)));
        } else {
            const double left =
                price <= first_choke ? 1.0 : log(last_choke / price) / context.tables.choke_span[position.good.index()];
            setting.use_share[point] = scale * use.value[point] * static_cast<float>(left);
        }
    }
}

/// Prices that the firms know, and the points at which they write their schedules.
void set_prices(const SettingContext& context, const PositionCase& about, PositionSetting& setting) {
    const NodeColumns& nodes = context.world.nodes;
    const std::size_t node = about.position.node.index();
    const bool sells = about.position.side == Side::sells;
    const bool trades = about.position.side == Side::trades;
    // Views move with the reference price: a duty is in them from the first month.
    const ReferencePrices& references = context.scarcity.references;
    const double change = references.multiple_at(node) / context.world.references.multiple_at(node);
    const double price = change * (sells ? nodes.supply_price[node] : nodes.use_price[node]);
    const double before = change * (sells ? nodes.previous_supply_price[node] : nodes.previous_use_price[node]);
    setting.reference_change = static_cast<float>(change);
    setting.price = static_cast<float>(price);
    setting.price_change = static_cast<float>(price - before);
    setting.anchor =
        static_cast<float>(references.standing_at(node) * (sells ? nodes.supply_anchor[node] : nodes.use_anchor[node]));
    if (context.scarcity.share(node) > 0.0) {
        const NodeScarcity& seen = context.scarcity.nodes[node];
        setting.path_share = static_cast<float>(seen.share);
        std::copy(seen.log_price.begin(), seen.log_price.end(), setting.log_path_price.begin());
        setting.stock_multiple = static_cast<float>(exp(seen.share * seen.log_stock_multiple));
    }
    setting.base_price = static_cast<float>(context.economy.base_price[node]);
    // Sellers expect what the market will be worth behind the wall: more under a licence, less before a closure.
    setting.licence_factor = static_cast<float>(
        about.position.side == Side::buys ? 1.0 : nodes.licence_value[node] * (1.0 - context.destock[node]));
    const PricePoints& points = context.orders.points[node];
    const double reference = points.price[reference_point];
    setting.reference = static_cast<float>(reference);
    setting.stock_powers = trades ? context.tables.merchant : context.tables.stock;
    if (points.price[last_point] > reference * price_point_multiples[last_point]) {
        // The last point was raised to the choke price.
        setting.stock_powers.value[last_point] =
            static_cast<float>((trades ? context.tables.last_merchant : context.tables.last_stock)[node]);
    }
    setting.floor_price[0] = -1.0F;
    for (std::size_t point = 1; point < schedule_points; ++point) {
        setting.floor_price[point] = static_cast<float>(points.price[point - 1]);
    }
}

/// Need, stocks and the use at each price point of buyers.
void set_need(const SettingContext& context, const PositionCase& about, PositionSetting& setting) {
    const Economy& economy = context.economy;
    const NodeColumns& nodes = context.world.nodes;
    const Cell& cell = economy.cells[about.cell];
    const std::size_t node = about.position.node.index();
    setting.reserve_ticks = static_cast<float>(nodes.front_load_months[node] / economy.months_per_tick());
    setting.extra_ticks = static_cast<float>(
        std::max(0.0, context.next_front_load[node] - nodes.front_load_months[node]) / economy.months_per_tick());
    if (cell.kind == FirmKind::manufacturer) {
        setting.demand_index = static_cast<float>(nodes.need_index[node]);
        setting.stock_index = static_cast<float>(nodes.stock_index[node]);
    } else {
        setting.stock_index = static_cast<float>(context.world.plants[about.cell].stock_index);
    }
    const double ceiling = cell.kind == FirmKind::refiner
                               ? std::min(economy.choke_price[node], payable_price(context, about))
                               : economy.choke_price[node];
    fill_use(context, about, ceiling, setting);
    if (cell.kind == FirmKind::manufacturer) {
        const auto adapted = static_cast<float>(exp(nodes.log_adaptation[node]));
        for (float& share : setting.use_share) {
            share *= adapted;
        }
    }
}

}  // namespace

PointTables::PointTables(const Economy& economy, const Orders& orders)
    : stock(powers(economy.behaviour.stock_elasticity)), merchant(powers(economy.behaviour.merchant_stock_elasticity)) {
    for (const Good& good : economy.goods) {
        use.push_back(powers(good.demand_elasticity));
        choke_span.push_back(log(good.choke_multiple / good.first_choke_multiple));
    }
    const auto fill = [&](const auto& base, const auto& exponent, std::vector<double>& power) {
        std::vector<double> bases;
        std::vector<double> exponents;
        for (const std::uint32_t node : economy.active_nodes) {
            bases.push_back(base(node));
            exponents.push_back(exponent(node));
        }
        pow_each(bases, exponents);
        power.resize(economy.network.node_count());
        for (std::size_t number = 0; number < bases.size(); ++number) {
            power[economy.active_nodes[number]] = bases[number];
        }
    };
    fill([&](std::size_t node) { return orders.points[node].price[reference_point] / economy.base_price[node]; },
         [&](std::size_t node) { return -economy.goods[economy.network.good_of(node).index()].demand_elasticity; },
         use_scale);
    const auto last = [&](std::size_t node) {
        return orders.points[node].price[last_point] / orders.points[node].price[reference_point];
    };
    fill(
        last, [&](std::size_t) { return -economy.behaviour.stock_elasticity; }, last_stock);
    fill(
        last, [&](std::size_t) { return -economy.behaviour.merchant_stock_elasticity; }, last_merchant);
}

PositionSetting make_setting(const SettingContext& context, const PositionCase& about) {
    const Position& position = about.position;
    const Cell& cell = context.economy.cells[about.cell];
    const NodeColumns& nodes = context.world.nodes;
    const std::size_t node = position.node.index();
    PositionSetting setting;
    set_prices(context, about, setting);
    setting.risk = static_cast<float>(nodes.risk[node]);
    setting.cover_ticks = static_cast<float>(position.cover_months / context.economy.months_per_tick());
    setting.need_per_throughput = static_cast<float>(position.per_throughput);
    setting.contract = about.contract;
    if (position.side == Side::buys) {
        set_need(context, about, setting);
    } else if (position.side == Side::trades) {
        setting.stock_index = static_cast<float>(nodes.turnover_index[node]);
    } else if (about.support != nullptr) {
        for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
            setting.support = cell.positions[number].good == position.good
                                  ? static_cast<float>(about.support->now[number].at(nodes.supply_price[node]))
                                  : setting.support;
        }
    }
    return setting;
}

}  // namespace ytterby
