#include "agents/phases/stockpiles.hpp"

#include <algorithm>

namespace ytterby {
namespace {

const std::vector<double>* stores_of(const World& world, const StockOrder& order) {
    const auto found = world.stockpiles.find(order.policy);
    return found == world.stockpiles.end() ? nullptr : &found->second;
}

/// A store from which an order can be served, and what a tonne costs to bring.
struct Source {
    std::size_t node;
    double tonnes;
    double freight_usd_per_t;
};

/// The store at home first (if it holds anything), then those abroad whose lane is not closed, in the order of lanes.
std::vector<Source> sources_of(const Economy& economy, const World& world, const Regime& regime,
                               const StockOrder& order) {
    std::vector<Source> sources;
    const std::vector<double>* stores = stores_of(world, order);
    if (stores == nullptr) {
        return sources;
    }
    const std::size_t home = economy.network.node(order.good, order.country).index();
    sources.push_back({home, (*stores)[home], 0.0});
    for (const TradeLane& lane : economy.network.goods[order.good.index()].lanes) {
        const double held = (*stores)[economy.network.node(order.good, lane.origin).index()];
        const LaneRule& rule = regime.lanes().rule(order.good, lane.origin, lane.destination);
        if (lane.destination == order.country && held > 0.0 && !rule.closed()) {
            sources.push_back({economy.network.node(order.good, lane.origin).index(), held,
                               lane.freight_usd_per_t * rule.freight_factor()});
        }
    }
    return sources;
}

/// What an order offers or wants at each price point. A schedule is interpolated between points, so the step is laid
/// before a purchase's limit and behind a release's: neither is ever passed.
Schedule schedule_of(const StockOrder& order, double tonnes, const PricePoints& points) {
    Schedule schedule{};
    for (std::size_t point = 0; point < schedule_points; ++point) {
        const bool buys = point + 1 < schedule_points && points.price[point + 1] <= order.limit_usd_per_t;
        const bool sells = point > 0 && points.price[point - 1] >= order.limit_usd_per_t;
        schedule.net_quantity[point] =
            order.buys ? (buys ? static_cast<float>(tonnes) : 0.0F) : (sells ? static_cast<float>(-tonnes) : 0.0F);
    }
    return schedule;
}

/// Tonnes and dollars of a row, from whichever form the mechanism gives.
struct StockFill {
    double tonnes = 0.0;
    double usd = 0.0;
};
StockFill fill_of(const StockOrder& order, std::size_t row, std::size_t node, const Orders& orders,
                  const Trades& trades) {
    if (!trades.rows.empty()) {
        return order.buys ? StockFill{trades.rows.bought_t[row], trades.rows.paid_usd[row]}
                          : StockFill{trades.rows.sold_t[row], trades.rows.received_usd[row]};
    }
    if (order.buys) {
        const double bought = trades.nodes.bought_scale[node] *
                              bought_at(orders.rows[row], locate(orders.points[node], trades.nodes.use_price[node]));
        return {bought, bought * trades.nodes.landed_usd_per_t[node]};
    }
    const double sold = trades.nodes.sold_scale[node] *
                        sold_at(orders.rows[row], locate(orders.points[node], trades.nodes.supply_price[node]));
    return {sold, sold * trades.nodes.receipt_usd_per_t[node]};
}

/// Takes tonnes out of the sources, home first, the others in proportion; returns the freight in USD.
double take_from(const std::vector<Source>& sources, double tonnes, std::vector<double>& stores) {
    const double at_home = std::min(tonnes, sources.front().tonnes);
    double abroad = 0.0;
    for (std::size_t number = 1; number < sources.size(); ++number) {
        abroad += sources[number].tonnes;
    }
    stores[sources.front().node] -= at_home;
    const double share = abroad > 0.0 ? std::min(1.0, (tonnes - at_home) / abroad) : 0.0;
    double freight = 0.0;
    for (std::size_t number = 1; number < sources.size(); ++number) {
        stores[sources[number].node] -= share * sources[number].tonnes;
        freight += share * sources[number].tonnes * sources[number].freight_usd_per_t;
    }
    return freight;
}

}  // namespace

double stockpile_within_reach(const Economy& economy, const World& world, const Regime& regime,
                              const StockOrder& order) {
    double tonnes = 0.0;
    for (const Source& source : sources_of(economy, world, regime, order)) {
        tonnes += source.tonnes;
    }
    return tonnes;
}

void add_stock_orders(const Economy& economy, const World& world, const Regime& regime, Orders& orders) {
    std::map<std::pair<std::string, GoodId>, double> offered;  // of one stockpile, by orders before
    for (const StockOrder& order : regime.stocks().orders()) {
        const NodeId node = economy.network.node(order.good, order.country);
        double tonnes = order.tonnes();
        if (!order.buys) {
            // Two releases of one stockpile may not offer the same tonnes.
            double& before = offered[{order.policy, order.good}];
            tonnes =
                std::clamp(stockpile_within_reach(economy, world, regime, order) * (1.0 - 1e-6) - before, 0.0, tonnes);
            before += tonnes;
        }
        const auto row = static_cast<std::uint32_t>(orders.rows.size());
        orders.rows.push_back(schedule_of(order, tonnes, orders.points[node.index()]));
        orders.blocks.push_back({node, row, 1});
        add_depth({orders.rows.data() + row, 1}, orders.depth[node.index()]);
    }
}

void settle_stock_orders(const Economy& economy, World& world, const Regime& regime, const Orders& orders,
                         const Trades& trades) {
    if (regime.stocks().orders().empty()) {
        return;
    }
    std::vector<double>& account = account_of(world, economy, SystemAccount::stockpile);
    for (std::size_t number = 0; number < regime.stocks().orders().size(); ++number) {
        const StockOrder& order = regime.stocks().orders()[number];
        const std::size_t node = economy.network.node(order.good, order.country).index();
        const StockFill fill = fill_of(order, economy.position_rows + number, node, orders, trades);
        double cost = order.buys ? fill.usd : -fill.usd;
        std::vector<double>& stores = world.stockpiles[order.policy];
        stores.resize(economy.network.node_count(), 0.0);
        if (order.buys) {
            stores[node] += fill.tonnes;
        } else if (fill.tonnes > 0.0) {
            const double freight = take_from(sources_of(economy, world, regime, order), fill.tonnes, stores);
            world.outside[order.country.index()] += freight;
            cost += freight;
        }
        double left = cost;
        for (std::size_t payer = 0; payer < order.payers.size(); ++payer) {
            // The last payer pays the rest, so that rounding loses nothing.
            const double part = payer + 1 == order.payers.size() ? left : cost * order.payers[payer].second;
            account[order.payers[payer].first.index()] -= part;
            left -= part;
        }
    }
}

void pay_spending(const Economy& economy, World& world, const StockOrders& orders) {
    for (const Spending& spending : orders.spending()) {
        account_of(world, economy, spending.account)[spending.country.index()] -= spending.usd;
        world.outside[spending.country.index()] += spending.usd;
    }
}

}  // namespace ytterby
