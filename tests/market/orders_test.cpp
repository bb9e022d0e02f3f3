#include "market/orders.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace ytterby {
namespace {

/// Schedules that buy below their tenth point and sell above it, each more than the one before.
Column<Schedule> some_rows(std::size_t count) {
    Column<Schedule> rows(count);
    for (std::size_t row = 0; row < count; ++row) {
        for (std::size_t point = 0; point < schedule_points; ++point) {
            rows[row].net_quantity[point] = (10.0F - static_cast<float>(point)) * static_cast<float>(row + 1);
        }
    }
    return rows;
}

TEST(Depth, SetIsAddToZeroWhateverItWas) {
    const Column<Schedule> rows = some_rows(3);
    for (const std::size_t count : {0U, 1U, 3U}) {
        NodeDepth added;
        add_depth({rows.data(), count}, added);
        NodeDepth set;
        std::fill_n(set.offered, schedule_points, 7.0);
        std::fill_n(set.wanted, schedule_points, 7.0);
        set_depth({rows.data(), count}, set);
        for (std::size_t point = 0; point < schedule_points; ++point) {
            EXPECT_EQ(set.offered[point], added.offered[point]) << count;
            EXPECT_EQ(set.wanted[point], added.wanted[point]) << count;
        }
    }
}

TEST(Depth, IsClearedWhereverThereWereOrders) {
    const Column<Schedule> rows = some_rows(2);
    Orders orders;
    clear_depth(orders, 4);
    orders.blocks = {{NodeId{1}, 0, 1}, {NodeId{3}, 1, 1}};
    add_depth({rows.data(), 1}, orders.depth[1]);
    add_depth({rows.data() + 1, 1}, orders.depth[3]);
    clear_depth(orders, 4);
    EXPECT_TRUE(orders.blocks.empty());
    for (const NodeDepth& depth : orders.depth) {
        EXPECT_EQ(std::accumulate(depth.offered, depth.offered + schedule_points, 0.0), 0.0);
        EXPECT_EQ(std::accumulate(depth.wanted, depth.wanted + schedule_points, 0.0), 0.0);
    }
}

}  // namespace
}  // namespace ytterby
