#include "agents/phases/settle.hpp"

#include "agents/phases/slow_price.hpp"
#include "agents/phases/stockpiles.hpp"
#include "agents/phases/support/pay_support.hpp"
#include "agents/world/world_multiples.hpp"
#include "core/maths.hpp"
#include "core/parallel.hpp"

namespace ytterby {
namespace {

/// What one row sold and bought and what moved on its account.
struct Fill {
    double sold_t;
    double received_usd;
    double bought_t;
    double paid_usd;
};

/// Adds what a firm delivered or took under contract.
Fill with_contract(const FirmTraits& traits, const Position& position, PositionDelivery contract, std::size_t firm,
                   double stock, Fill fill) {
    const double base_flow = base_flow_of(traits, firm, position);
    if (position.side == Side::sells) {
        const double tonnes = contract.sold_t(base_flow, stock);
        fill.sold_t += tonnes;
        fill.received_usd += tonnes * contract.usd_per_t;
    } else {
        const double tonnes = contract.bought_t(base_flow);
        fill.bought_t += tonnes;
        fill.paid_usd += tonnes * contract.usd_per_t;
    }
    return fill;
}

/// One position of the firms of a block.
struct BlockPosition {
    const Cell& cell;
    const Position& position;
    const FirmBlock& block;
    PositionDelivery contract;
    double credit_usd_per_t = 0.0;  // for buyers, on all they buy
};

/// Tonnes that a run of firms bought and sold.
struct Moved {
    double bought_t = 0.0;
    double sold_t = 0.0;
};

/// Gives the fills of a run of rows to their firms.
template <class FillOf>
Moved settle_rows(const FirmTraits& traits, const BlockPosition& at, World& world, FillOf fill_of) {
    const std::size_t first_row = at.position.first_row + at.block.first_firm;
    const std::size_t first_firm = at.cell.first_firm + at.block.first_firm;
    Moved moved;
    for (std::size_t offset = 0; offset < at.block.firms; ++offset) {
        Fill fill = fill_of(first_row + offset);
        if (at.contract.share > 0.0) {
            fill = with_contract(traits, at.position, at.contract, first_firm + offset,
                                 world.positions.stock[first_row + offset], fill);
        }
        world.positions.stock[first_row + offset] += fill.bought_t - fill.sold_t;
        world.firms.cash[first_firm + offset] +=
            fill.received_usd - (fill.paid_usd - fill.bought_t * at.credit_usd_per_t);
        moved.bought_t += fill.bought_t;
        moved.sold_t += fill.sold_t;
    }
    return moved;
}

Moved settle_position(const FirmTraits& traits, const BlockPosition& at, const Orders& orders, const Trades& trades,
                      World& world) {
    if (!trades.rows.empty()) {
        const RowTrades& rows = trades.rows;
        return settle_rows(traits, at, world, [&](std::size_t row) {
            return Fill{rows.sold_t[row], rows.received_usd[row], rows.bought_t[row], rows.paid_usd[row]};
        });
    }
    const std::size_t node = at.position.node.index();
    const PricePoints& points = orders.points[node];
    const bool can_sell = at.position.side != Side::buys;
    const bool can_buy = at.position.side != Side::sells;
    const PointPosition at_supply = can_sell ? locate(points, trades.nodes.supply_price[node]) : PointPosition{};
    const PointPosition at_use = can_buy ? locate(points, trades.nodes.use_price[node]) : PointPosition{};
    const double sold_scale = trades.nodes.sold_scale[node];
    const double bought_scale = trades.nodes.bought_scale[node];
    const double receipt = trades.nodes.receipt_usd_per_t[node];
    const double landed = trades.nodes.landed_usd_per_t[node];
    return settle_rows(traits, at, world, [&](std::size_t row) {
        const Schedule& schedule = orders.rows[row];
        const double sold = can_sell ? sold_scale * sold_at(schedule, at_supply) : 0.0;
        const double bought = can_buy ? bought_scale * bought_at(schedule, at_use) : 0.0;
        return Fill{sold, sold * receipt, bought, bought * landed};
    });
}

/// Settles the positions of all firms, block by block, and adds up what each cell bought and sold in block order.
void settle_firms(const Economy& economy, World& world, const Settlement& settlement, Workers& workers) {
    const Plan& plan = settlement.plan;
    const PlantRules& rules = settlement.regime.plants();
    using Part = std::array<Moved, CellTotals::most_positions>;
    std::vector<Part> parts(economy.blocks.size());
    workers.for_blocks(economy.blocks.size(), [&](std::size_t index) {
        const FirmBlock& block = economy.blocks[index];
        const Cell& cell = economy.cells[block.cell];
        for (std::size_t number = 0; number < cell.positions.size(); ++number) {
            const Position& position = cell.positions[number];
            const double credit =
                position.side == Side::buys ? rules.home_credit_usd_per_t(position.good, cell.country) : 0.0;
            const BlockPosition at{cell, position, block, settlement.deliveries.at(block.cell, number), credit};
            parts[index][number] = settle_position(economy.traits, at, plan.orders, settlement.trades, world);
            const std::size_t first_row = position.first_row + block.first_firm;
            for (std::size_t row = first_row; row < first_row + block.firms; ++row) {
                world.positions.trend_expectation[row] = plan.trend_expectation[row];
                world.positions.expectation[row] = plan.expectation[row];
            }
        }
    });
    for (CellTotals& cell : world.cells) {
        cell.bought.fill(0.0);
        cell.sold.fill(0.0);
    }
    for (std::size_t index = 0; index < parts.size(); ++index) {
        CellTotals& cell = world.cells[economy.blocks[index].cell];
        for (std::size_t number = 0; number < CellTotals::most_positions; ++number) {
            cell.bought[number] += parts[index][number].bought_t;
            cell.sold[number] += parts[index][number].sold_t;
        }
    }
}

/// Duties, freight, tariffs, frictions and the treasury's part of rents, lane by lane in lane order.
void settle_lanes(const Economy& economy, World& world, const Deliveries& deliveries, const Trades& trades) {
    std::vector<double>& duties = account_of(world, economy, SystemAccount::export_duty);
    std::vector<double>& tariffs = account_of(world, economy, SystemAccount::tariff);
    std::vector<double>& rents = account_of(world, economy, SystemAccount::licence_rent);
    for (const GoodLanes& good : economy.network.goods) {
        // Lanes are in the order of their origins, whose accounts are held in registers meanwhile.
        for (std::size_t number = 0; number < good.lanes.size();) {
            const CountryId origin = good.lanes[number].origin;
            double duty = duties[origin.index()];
            double rent = rents[origin.index()];
            double outside = world.outside[origin.index()];
            for (; number < good.lanes.size() && good.lanes[number].origin == origin; ++number) {
                const std::size_t destination = good.lanes[number].destination.index();
                const std::size_t index = good.first_lane + number;
                const LaneTrade& trade = trades.lanes[index];
                duty += trade.export_duty_usd;
                tariffs[destination] += trade.tariff_usd;
                rent += trade.rent_to_treasury_usd;
                outside += trade.freight_usd + trade.friction_usd;
                double tonnes = trade.tonnes;
                if (!deliveries.empty()) {
                    const LaneTrade& contract = deliveries.lanes[index];
                    duty += contract.export_duty_usd;
                    tariffs[destination] += contract.tariff_usd;
                    outside += contract.freight_usd + contract.friction_usd;
                    tonnes += contract.tonnes;
                }
                world.lanes.flow[index] = tonnes;
                world.lanes.rent[index] = trade.rent_usd_per_t;
                world.lanes.premium[index] = trade.premium_usd_per_t;
            }
            duties[origin.index()] = duty;
            rents[origin.index()] = rent;
            world.outside[origin.index()] = outside;
        }
    }
}

/// Usual flows and imports follow what moves. What rules keep from a lane is no habit that fades: it counts as if it
/// had moved.
void commit_habits(const Economy& economy, World& world, const LaneRules& rules) {
    const double forget = 1.0 - exp(-economy.months_per_tick() / economy.behaviour.usual_flow_months);
    const double towards_imports = 1.0 - exp(-economy.months_per_tick() / economy.behaviour.habit_months);
    NodeColumns& nodes = world.nodes;
    std::vector<double> withheld(economy.network.node_count(), 0.0);
    for (std::size_t number = 0; number < economy.network.goods.size(); ++number) {
        const GoodId good = id_at<GoodId>(number);
        const GoodLanes& book = economy.network.goods[number];
        const bool ruled = rules.has_rules(good);
        for (std::size_t place = 0; place < book.lanes.size(); ++place) {
            const TradeLane& lane = book.lanes[place];
            const double flow = world.lanes.flow[book.first_lane + place];
            double& usual = world.lanes.usual_flow[book.first_lane + place];
            const LaneRule* const rule = ruled ? rules.find_rule(good, lane.origin, lane.destination) : nullptr;
            const bool restricted = rule != nullptr && (rule->closed() || std::isfinite(rule->cap_t()));
            if (restricted && usual > flow) {
                withheld[economy.network.node(good, lane.destination).index()] += usual - flow;
            }
            usual += forget * (flow - usual);
        }
    }
    for (const std::uint32_t node : economy.active_nodes) {
        // Users who need less by now would buy less of what is kept from them, too.
        const double wanted = nodes.need[node] > 0.0 ? std::min(1.0, nodes.consumption[node] / nodes.need[node]) : 1.0;
        nodes.usual_imports[node] +=
            towards_imports * (nodes.imports[node] + wanted * withheld[node] - nodes.usual_imports[node]);
    }
}

void commit_prices(const Economy& economy, World& world, const Plan& plan, const Deliveries& deliveries,
                   const Trades& trades) {
    NodeColumns& nodes = world.nodes;
    const double towards_year = 1.0 - exp(-economy.months_per_tick() / 12.0);
    const std::vector<double> multiples = world_multiples(economy, world, trades.nodes.use_price);
    for (const std::uint32_t node : economy.active_nodes) {
        nodes.previous_supply_price[node] = nodes.supply_price[node];
        nodes.previous_use_price[node] = nodes.use_price[node];
        nodes.supply_price[node] = trades.nodes.supply_price[node];
        nodes.use_price[node] = trades.nodes.use_price[node];
        nodes.landed_price[node] = trades.nodes.landed_usd_per_t[node];
        if (nodes.production[node] <= 0.0 && nodes.need[node] <= 0.0) {
            // The good is neither made nor needed here: merchants and idle plants count on parity with the world.
            nodes.supply_price[node] = nodes.use_price[node] =
                economy.base_price[node] * multiples[economy.network.good_of(node).index()];
        }
        nodes.year_price[node] += towards_year * (nodes.use_price[node] - nodes.year_price[node]);
        nodes.front_load_months[node] = plan.front_load_months[node];
        nodes.rush[node] = plan.sellers.expected_fall[node];
        nodes.sold[node] = trades.nodes.sold_t[node];
        nodes.bought[node] = trades.nodes.bought_t[node];
        nodes.imports[node] = trades.nodes.bought_t[node] - trades.nodes.domestic_t[node];
        nodes.exports[node] = trades.nodes.sold_t[node] - trades.nodes.domestic_t[node];
        if (!deliveries.empty() && deliveries.nodes[node].sold_t + deliveries.nodes[node].bought_t > 0.0) {
            const NodeDelivery& contract = deliveries.nodes[node];
            const double paid = trades.nodes.bought_t[node] * trades.nodes.landed_usd_per_t[node] + contract.paid_usd;
            nodes.sold[node] += contract.sold_t;
            nodes.bought[node] += contract.bought_t;
            nodes.imports[node] += contract.bought_t - contract.domestic_t;
            nodes.exports[node] += contract.sold_t - contract.domestic_t;
            nodes.landed_price[node] = nodes.bought[node] > 0.0 ? paid / nodes.bought[node] : nodes.use_price[node];
        }
    }
}

/// Anchors move with the long-run cost of what is planned: everybody knows the plan.
void follow_planned_costs(const Economy& economy, const World& world, NodeColumns& nodes) {
    if (economy.outlook.cost.empty() || world.tick == 0) {
        return;
    }
    const double years = static_cast<double>(world.tick) / economy.ticks_per_year;
    std::vector<double> change;
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        change.push_back(exp(economy.outlook.cost.log_at(good, years) -
                             economy.outlook.cost.log_at(good, years - 1.0 / economy.ticks_per_year)));
    }
    for (const std::uint32_t node : economy.active_nodes) {
        nodes.supply_anchor[node] *= change[economy.network.good_of(node).index()];
        nodes.use_anchor[node] *= change[economy.network.good_of(node).index()];
    }
}

/// Anchors follow prices slowly, without the part of them that duties and lasting caps make.
void commit_anchors(const Economy& economy, const ReferencePrices& references, NodeColumns& nodes) {
    const double towards = 1.0 - exp(-economy.months_per_tick() / economy.behaviour.anchor_months);
    const auto follow = [&](const Column<double>& prices, Column<double>& anchors) {
        if (references.standing.empty()) {
            follow_prices(economy.active_nodes, towards, prices, economy.behaviour.outlier_multiple, anchors);
            return;
        }
        Column<double> plain = prices;
        for (std::size_t node = 0; node < plain.size(); ++node) {
            plain[node] /= references.standing[node];
        }
        follow_prices(economy.active_nodes, towards, plain, economy.behaviour.outlier_multiple, anchors);
    };
    follow(nodes.supply_price, nodes.supply_anchor);
    follow(nodes.use_price, nodes.use_anchor);
}

}  // namespace

void settle(const Economy& economy, World& world, const Settlement& settlement, Workers& workers) {
    const auto& [regime, scarcity, plan, deliveries, trades] = settlement;
    settle_firms(economy, world, settlement, workers);
    settle_lanes(economy, world, deliveries, trades);
    settle_stock_orders(economy, world, regime, plan.orders, trades);
    pay_spending(economy, world, regime.stocks());
    world.support.clear();
    pay_buyers(economy, world, regime.plants());
    commit_prices(economy, world, plan, deliveries, trades);
    commit_habits(economy, world, regime.lanes());
    follow_planned_costs(economy, world, world.nodes);
    commit_anchors(economy, scarcity.references, world.nodes);
    world.shared_rents = trades.shared_rents;
    world.market_memory = trades.memory;
}

}  // namespace ytterby
