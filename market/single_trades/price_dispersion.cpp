#include "market/single_trades/price_dispersion.hpp"

#include <cmath>

namespace ytterby {

void measure_price_dispersion(const Orders& orders, const RowTrades& rows, NodeTrades& nodes) {
    nodes.price_dispersion.assign(nodes.bought_t.size(), 0.0);
    if (rows.empty()) {
        return;
    }
    Column<double> bought(nodes.bought_t.size(), 0.0);
    Column<double> paid(nodes.bought_t.size(), 0.0);
    for (const OrderBlock& block : orders.blocks) {
        for (std::size_t row = block.first_row; row < block.first_row + block.rows; ++row) {
            bought[block.node] += rows.bought_t[row];
            paid[block.node] += rows.paid_usd[row];
        }
    }
    for (const OrderBlock& block : orders.blocks) {
        for (std::size_t row = block.first_row; row < block.first_row + block.rows; ++row) {
            if (rows.bought_t[row] > 0.0) {
                const double price = rows.paid_usd[row] / rows.bought_t[row];
                const double gap = price * bought[block.node] / paid[block.node] - 1.0;
                nodes.price_dispersion[block.node] += rows.bought_t[row] / bought[block.node] * gap * gap;
            }
        }
    }
    for (double& spread : nodes.price_dispersion) {
        spread = std::sqrt(spread);
    }
}

}  // namespace ytterby
