#include "agents/quotes.hpp"

#include <limits>

namespace ytterby {
namespace {

/// Exports and imports over all lanes of one way of trading, spot or contract.
void add_lanes(const Economy& economy, const LaneTrades& lanes, std::vector<NodeQuotes>& quotes) {
    for (std::size_t good = 0; good < economy.network.goods.size(); ++good) {
        const GoodLanes& book = economy.network.goods[good];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const TradeLane& lane = book.lanes[number];
            const std::size_t row = book.first_lane + number;
            const double fob = lanes.fob_usd[row] + lanes.export_duty_usd[row] + lanes.rent_usd[row];
            const double landed = fob + lanes.freight_usd[row] + lanes.tariff_usd[row] + lanes.friction_usd[row];
            quotes[economy.network.node(id_at<GoodId>(good), lane.origin).index()].fob.add(lanes.tonnes[row], fob);
            quotes[economy.network.node(id_at<GoodId>(good), lane.destination).index()].landed.add(lanes.tonnes[row], landed);
        }
    }
}

}  // namespace

double Turnover::price(double least_t) const { return tonnes > least_t ? usd / tonnes : std::numeric_limits<double>::quiet_NaN(); }

std::vector<NodeQuotes> quotes_of(const Economy& economy, const Deliveries& deliveries, const Trades& trades) {
    std::vector<NodeQuotes> quotes(economy.network.node_count());
    for (std::size_t node = 0; node < quotes.size(); ++node) {
        quotes[node].spot.add(trades.nodes.bought_t[node], trades.nodes.bought_t[node] * trades.nodes.landed_usd_per_t[node]);
        quotes[node].domestic.add(trades.nodes.domestic_t[node], trades.nodes.domestic_t[node] * trades.nodes.supply_price[node]);
    }
    add_lanes(economy, trades.lanes, quotes);
    if (!deliveries.empty()) {
        for (std::size_t node = 0; node < quotes.size(); ++node) {
            const NodeDelivery& contract = deliveries.nodes[node];
            quotes[node].contract.add(contract.bought_t, contract.paid_usd);
            quotes[node].domestic.add(contract.domestic_t, contract.domestic_usd);
        }
        add_lanes(economy, deliveries.lanes, quotes);
    }
    return quotes;
}

}  // namespace ytterby
