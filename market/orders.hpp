#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/column.hpp"
#include "core/ids.hpp"

namespace ytterby {

class Workers;

/// The number of price points of a schedule. Quantities between two points are interpolated (the "interpolated order"
/// of power exchanges), so curves are continuous and the marginal price is unique.
inline constexpr std::size_t schedule_points = 20;

/// Multiples of the node's reference price at which every trader at the node gives its quantity. They are dense near 1,
/// where markets clear in calm times; the last point is raised to the node's highest choke price if that is higher. One
/// multiple is exactly 1, so the steady state is exact.
inline constexpr double price_point_multiples[schedule_points] = {0.05, 0.20, 0.40, 0.60, 0.75, 0.85, 0.92,
                                                                  0.97, 1.00, 1.03, 1.08, 1.15, 1.25, 1.40,
                                                                  1.65, 2.00, 2.70, 4.00, 8.00, 20.0};

/// The common price points of one node and good, USD/t, strictly ascending.
struct PricePoints {
    double price[schedule_points];
};

/// What one trader would sell (negative) or buy (positive) at each price point, t per tick. It does not increase with
/// the price; a merchant's schedule changes sign, a producer's or user's does not.
struct Schedule {
    float net_quantity[schedule_points];
};

/// A contiguous range of schedules of one cohort (same node, good and kind of trader). Rows are anonymous: the market
/// knows nothing of a trader but its row number.
struct OrderBlock {
    NodeId node;
    std::uint32_t first_row = 0;
    std::uint32_t rows = 0;
};

/// Quantities offered and wanted at a node's price points, t per tick: the sum over its traders.
struct NodeDepth {
    double offered[schedule_points] = {};
    double wanted[schedule_points] = {};
};

/// All orders of a tick: schedules and the price points they refer to. Shapes: points[nodes], rows[all traders], blocks
/// in any order with each row in one of them, depth[nodes].
struct Orders {
    std::vector<PricePoints> points;
    Column<Schedule> rows;
    std::vector<OrderBlock> blocks;
    std::vector<NodeDepth> depth;
};

/// Removes the blocks and sets the depth of their nodes to zero; `nodes` is the number of nodes.
void clear_depth(Orders& orders, std::size_t nodes);
/// Adds a range of schedules to a node's depth; the caller adds ranges in block order.
void add_depth(std::span<const Schedule> rows, NodeDepth& depth);
/// The same from zero, whatever the depth was before.
void set_depth(std::span<const Schedule> rows, NodeDepth& depth);

/// Where a price lies between the price points: the lower point and the share of the way to the next. A price outside
/// the points is put at the first or the last one.
struct PointPosition {
    std::uint32_t lower = 0;
    double weight = 0.0;
};
PointPosition locate(const PricePoints& points, double price);

/// Quantity that a schedule sells at a price (t, >= 0), interpolated as in the market.
inline double sold_at(const Schedule& schedule, PointPosition at) {
    const float low = schedule.net_quantity[at.lower] < 0.0F ? -schedule.net_quantity[at.lower] : 0.0F;
    const float next = schedule.net_quantity[at.lower + 1];
    const float high = next < 0.0F ? -next : 0.0F;
    return static_cast<double>(low) + at.weight * (static_cast<double>(high) - static_cast<double>(low));
}

/// Quantity that a schedule buys at a price (t, >= 0), interpolated as in the market.
inline double bought_at(const Schedule& schedule, PointPosition at) {
    const float low = schedule.net_quantity[at.lower] > 0.0F ? schedule.net_quantity[at.lower] : 0.0F;
    const float next = schedule.net_quantity[at.lower + 1];
    const float high = next > 0.0F ? next : 0.0F;
    return static_cast<double>(low) + at.weight * (static_cast<double>(high) - static_cast<double>(low));
}

/// The price points around a reference price, USD/t; the last one is at least `highest`.
PricePoints make_price_points(double reference, double highest);

}  // namespace ytterby
