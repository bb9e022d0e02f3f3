#include "market/orders.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "core/vector_clones.hpp"

namespace ytterby {

namespace {

void add_rows(std::span<const Schedule> rows, NodeDepth& depth) {
    for (const Schedule& row : rows) {
        for (std::size_t point = 0; point < schedule_points; ++point) {
            const double net = static_cast<double>(row.net_quantity[point]);
            depth.wanted[point] += net > 0.0 ? net : 0.0;
            depth.offered[point] -= net < 0.0 ? net : 0.0;
        }
    }
}

}  // namespace

void clear_depth(Orders& orders, std::size_t nodes) {
    orders.depth.resize(nodes);
    for (const OrderBlock& block : orders.blocks) {
        // Only nodes with blocks have any depth. An assignment would take several times as long as memset.
        static_assert(std::is_trivially_copyable_v<NodeDepth>);
        std::memset(static_cast<void*>(&orders.depth[block.node.index()]), 0, sizeof(NodeDepth));
    }
    orders.blocks.clear();
}

YTTERBY_VECTOR_CLONES
void add_depth(std::span<const Schedule> rows, NodeDepth& depth) { add_rows(rows, depth); }

YTTERBY_VECTOR_CLONES
void set_depth(std::span<const Schedule> rows, NodeDepth& depth) {
    for (std::size_t point = 0; point < schedule_points; ++point) {
        const double net = rows.empty() ? 0.0 : static_cast<double>(rows.front().net_quantity[point]);
        depth.wanted[point] = net > 0.0 ? net : 0.0;
        depth.offered[point] = net < 0.0 ? -net : 0.0;
    }
    add_rows(rows.empty() ? rows : rows.subspan(1), depth);
}

PointPosition locate(const PricePoints& points, double price) {
    constexpr std::size_t last = schedule_points - 1;
    if (!(price > points.price[0])) {
        return {0, 0.0};
    }
    if (price >= points.price[last]) {
        return {last - 1, 1.0};
    }
    const double* upper = std::upper_bound(points.price, points.price + schedule_points, price,
                                           [](double value, double point) { return value < point; });
    const auto lower = static_cast<std::uint32_t>(upper - points.price - 1);
    const double low = points.price[lower];
    const double high = points.price[lower + 1];
    return {lower, (price - low) / (high - low)};
}

PricePoints make_price_points(double reference, double highest) {
    PricePoints points;
    for (std::size_t point = 0; point < schedule_points; ++point) {
        points.price[point] = reference * price_point_multiples[point];
    }
    points.price[schedule_points - 1] = std::max(points.price[schedule_points - 1], highest);
    return points;
}

}  // namespace ytterby
