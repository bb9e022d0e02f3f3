#include "agents/phases/quotes.hpp"

#include <limits>

namespace ytterby {
namespace {

/// Exports and imports over all lanes of one way of trading, spot or contract.
void add_lanes(const Economy& economy, const Column<LaneTrade>& lanes, std::vector<NodeQuotes>& quotes) {
    for (std::size_t good = 0; good < economy.network.goods.size(); ++good) {
        const GoodLanes& book = economy.network.goods[good];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const TradeLane& lane = book.lanes[number];
            const LaneTrade& trade = lanes[book.first_lane + number];
            const double fob = trade.fob_usd + trade.export_duty_usd + trade.rent_usd;
            const double landed = fob + trade.freight_usd + trade.tariff_usd + trade.friction_usd;
            quotes[economy.network.node(id_at<GoodId>(good), lane.origin).index()].fob.add(trade.tonnes, fob);
            quotes[economy.network.node(id_at<GoodId>(good), lane.destination).index()].landed.add(trade.tonnes,
                                                                                                   landed);
        }
    }
}

}  // namespace

double Turnover::price(double least_t) const {
    return tonnes > least_t ? usd / tonnes : std::numeric_limits<double>::quiet_NaN();
}

std::vector<NodeQuotes> quotes_of(const Economy& economy, const Deliveries& deliveries, const Trades& trades) {
    std::vector<NodeQuotes> quotes(economy.network.node_count());
    for (std::size_t node = 0; node < quotes.size(); ++node) {
        quotes[node].spot.add(trades.nodes.bought_t[node],
                              trades.nodes.bought_t[node] * trades.nodes.landed_usd_per_t[node]);
        quotes[node].domestic.add(trades.nodes.domestic_t[node],
                                  trades.nodes.domestic_t[node] * trades.nodes.supply_price[node]);
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
