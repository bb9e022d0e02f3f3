#include "agents/phases/plan/transit.hpp"

#include <algorithm>
#include <cstdint>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Margin of the price abroad, less freight, over the price at the node from which merchants expand (assumed,
/// 0.05-0.3).
constexpr double threshold = 0.1;
/// Growth of their turnover in a month: the margin over the threshold to this power, within these bounds (assumed,
/// 0.3-1; 0.8-1; 1.2-2).
constexpr double growth_power = 0.5;
constexpr double least_growth = 0.9;
constexpr double most_growth = 1.5;

}  // namespace

double transit_multiple(const Economy& economy, const World& world, std::size_t cell, std::size_t number) {
    const Position& position = economy.cells[cell].positions[number];
    const std::size_t node = position.node.index();
    const double margin = world.nodes.supply_price[node] / world.nodes.use_price[node];
    if (!(margin > 1.0)) {
        return 1.0;
    }
    const Cell& merchants = economy.cells[cell];
    const double months = economy.months_per_tick();
    double capacity = 0.0;
    for (std::uint32_t firm = merchants.first_firm; firm < merchants.first_firm + merchants.firms; ++firm) {
        capacity += world.firms.capacity_t[firm];
    }
    // Stocks fill up to the target at the price here and empty out at the price abroad: half of it passes at the speed
    // of trade.
    const double speed = 1.0 - pow(1.0 - economy.behaviour.merchant_speed, months);
    const double usual = 0.5 * speed * (position.cover_months / months) * capacity * world.nodes.turnover_index[node];
    const double growth = std::clamp(pow(margin / (1.0 + threshold), growth_power), least_growth, most_growth);
    return usual > 0.0 ? std::max(1.0, world.cells[cell].sold[number] / usual * pow(growth, months)) : 1.0;
}

}  // namespace ytterby
