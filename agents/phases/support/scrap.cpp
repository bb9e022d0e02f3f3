#include "agents/phases/support/scrap.hpp"

#include <algorithm>

#include "agents/world/expansion.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Cost of making metal from scrap over the price of the metal at the base date, what is paid for the scrap not
/// counted (assumed, 0.2-0.7: buyers of battery black mass paid 60 to 75 % of the metals in it).
constexpr double processing_share = 0.4;
/// The least that scrap fetches, over its price at the base date: its owners are glad to be rid of it (technical).
constexpr double least_scrap_price = 0.05;

}  // namespace

double base_scrap_price(const Cell& cell) { return (1.0 - processing_share) * cell.reference_revenue_usd_per_t; }

double collected(const Economy& economy, const World& world, const Cell& cell, double support_usd_per_t) {
    const Position& metal = cell.positions[cell.inputs];
    const std::size_t node = metal.node.index();
    const double base = base_scrap_price(cell);
    const double above_base = metal.per_throughput * (world.nodes.slow_supply_price[node] - economy.base_price[node]);
    const double price = std::max(least_scrap_price, (base + above_base + support_usd_per_t) / std::max(1e-9, base));
    const double most = most_collected_share / std::max(1e-3, cell.expansion.scrap_share);
    return std::min(pow(price, economy.behaviour.collection_elasticity), std::max(1.0, most));
}

double collected_multiple(const Economy& economy, const World& world, const Cell& cell, const CellSupport* support) {
    if (support == nullptr || support->scrap_usd_per_t <= 0.0 || !economy.processes[cell.process.index()].recycles) {
        return 1.0;
    }
    return std::max(1.0,
                    collected(economy, world, cell, support->scrap_usd_per_t) / collected(economy, world, cell, 0.0));
}

}  // namespace ytterby
