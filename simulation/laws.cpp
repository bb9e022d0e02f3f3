#include "simulation/laws.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/check.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

std::vector<double> stocks_by_good(const Economy& economy, const World& world) {
    std::vector<CompensatedSum> sums(economy.goods.size());
    for (const Cell& cell : economy.cells) {
        for (const Position& position : cell.positions) {
            for (std::size_t row = position.first_row; row < position.first_row + cell.firms; ++row) {
                sums[position.good.index()].add(world.positions.stock[row]);
            }
        }
    }
    for (const auto& [policy, tonnes] : world.stockpiles) {
        for (std::size_t node = 0; node < tonnes.size(); ++node) {
            sums[economy.network.good_of(node).index()].add(tonnes[node]);
        }
    }
    std::vector<double> totals;
    totals.reserve(sums.size());
    for (const CompensatedSum& sum : sums) {
        totals.push_back(sum.total());
    }
    return totals;
}

/// A law that must hold; `subject` is called only for the message, `excess` is the size of the violation.
template <class Subject>
void require(bool holds, const char* law, const Subject& subject, double excess, double scale) {
    if (!holds) {
        throw LawViolation(law, subject(), excess, scale, "t");
    }
}

std::string tick_name(const World& world) { return "tick " + std::to_string(world.tick); }

}  // namespace

Laws::Laws(bool on, const Economy& economy, const World& world) : on_(on), economy_(economy) {
    if (on_) {
        stock_before_ = stocks_by_good(economy, world);
        money_before_ = total_money(world);
    }
}

void Laws::check(const World& world, const LaneRules& rules, const Deliveries& deliveries, const Trades& trades) const {
    if (!on_) {
        return;
    }
    check_balances(world);
    check_lanes(world, rules, deliveries, trades);
    check_shared_limits(rules, deliveries, trades);
    check_stocks(world);
    check_certificate(world, trades);
}

// Tonnes: stock after = stock before + produced - consumed - disposed, per good, relative to the gross flow.
void Laws::check_balances(const World& world) const {
    const std::vector<double> after = stocks_by_good(economy_, world);
    std::vector<double> change(economy_.goods.size(), 0.0);
    std::vector<double> gross(economy_.goods.size(), 0.0);
    double turnover = 1.0;
    for (std::size_t index = 0; index < economy_.cells.size(); ++index) {
        const Cell& cell = economy_.cells[index];
        const CellTotals& totals = world.cells[index];
        for (std::size_t number = 0; number < cell.positions.size(); ++number) {
            const Position& position = cell.positions[number];
            const double flow = cell.kind == FirmKind::merchant ? 0.0 : totals.throughput_t * position.per_throughput;
            change[position.good.index()] += (number < cell.inputs ? -flow : flow) - totals.disposed[number];
            gross[position.good.index()] += flow + totals.bought[number] + totals.sold[number];
            turnover += flow * economy_.base_price[position.node.index()];
        }
    }
    for (std::size_t good = 0; good < change.size(); ++good) {
        check_balance("tonnes", economy_.goods[good].name + ", " + tick_name(world),
                      after[good] - stock_before_[good] - change[good], gross[good], "t", tolerance);
    }
    check_balance("money", tick_name(world), total_money(world) - money_before_, turnover, "USD", tolerance);
}

// No negative flow, no flow above a cap, nothing on a closed lane beyond its leak.
void Laws::check_lanes(const World& world, const LaneRules& rules, const Deliveries& deliveries,
                       const Trades& trades) const {
    for (std::size_t good = 0; good < economy_.network.goods.size(); ++good) {
        const GoodLanes& book = economy_.network.goods[good];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const TradeLane& lane = book.lanes[number];
            const double flow = trades.lanes[book.first_lane + number].tonnes;
            const LaneRule& rule = rules.rule(id_at<GoodId>(good), lane.origin, lane.destination);
            const double cap = trades.lanes[book.first_lane + number].cap_t;
            const auto subject = [&] {
                return economy_.goods[good].name + " " + economy_.countries[lane.origin.index()].code + "->" +
                       economy_.countries[lane.destination.index()].code + ", " + tick_name(world);
            };
            require(flow >= 0.0, "flows are not negative", subject, flow, lane.base_flow_t);
            require(flow <= cap * (1.0 + tolerance) + 1e-12, "caps hold", subject, flow - cap, cap);
            require(!rule.closed() || rule.has_leak || flow == 0.0, "closed lanes carry nothing", subject, flow, 0.0);
            if (!deliveries.empty()) {
                const double contract = deliveries.lanes[book.first_lane + number].tonnes;
                require(contract >= 0.0, "deliveries are not negative", subject, contract, lane.base_flow_t);
                require(!rule.closed() || contract == 0.0, "closed lanes carry no contract tonnes", subject, contract,
                        0.0);
                require(contract + flow <= std::max(rule.cap_t(), cap) * (1.0 + tolerance) + 1e-12,
                        "caps hold with contracts", subject, contract + flow - rule.cap_t(), rule.cap_t());
            }
        }
    }
}

void Laws::check_shared_limits(const LaneRules& rules, const Deliveries& deliveries, const Trades& trades) const {
    for (std::size_t limit = 0; limit < deliveries.shared_used_t.size(); ++limit) {
        const SharedLimit& shared = rules.shared_limits()[limit];
        const double used = deliveries.shared_used_t[limit] + trades.shared_used_t[limit];
        require(
            used <= shared.cap_t * (1.0 + tolerance) + 1e-9, "shared caps hold with contracts",
            [&] { return shared.policy; }, used - shared.cap_t, shared.cap_t);
    }
}

void Laws::check_stocks(const World& world) const {
    double worst_stock = 0.0;
    for (const auto& [policy, tonnes] : world.stockpiles) {
        for (const double held : tonnes) {
            worst_stock = std::min(worst_stock, held);
        }
    }
    for (const double stock : world.positions.stock) {
        worst_stock = std::min(worst_stock, stock);
    }
    require(
        worst_stock >= -1e-6, "stocks are not negative", [&] { return tick_name(world); }, worst_stock, 1.0);
}

void Laws::check_certificate(const World& world, const Trades& trades) const {
    const std::string when = tick_name(world);
    check_balance("market balance", when, trades.quality.worst_balance, 1.0, "share of volume", tolerance);
    check_balance("arbitrage", when, trades.quality.worst_arbitrage, 1.0, "share of price", tolerance);
    check_balance("shared caps", when, trades.quality.worst_cap, 1.0, "share of cap", tolerance);
}

}  // namespace ytterby
