#include "experiments/metrics/node_history.hpp"

namespace ytterby {

void NodeHistory::on_tick(const TickReport& report) {
    const NodeColumns& nodes = report.world.nodes;
    ticks_.push_back({.date = format_month(report.calendar.date_of(report.tick)),
                      .use_price = {nodes.use_price.begin(), nodes.use_price.end()},
                      .production = {nodes.production.begin(), nodes.production.end()},
                      .consumption = {nodes.consumption.begin(), nodes.consumption.end()},
                      .stock = {nodes.stock.begin(), nodes.stock.end()}});
}

}  // namespace ytterby
