// What a recorder writes of trade: prices and flows.
#include <algorithm>
#include <limits>
#include <vector>

#include "agents/quotes.hpp"
#include "records/recorder.hpp"

namespace ytterby {
namespace {

/// A flow below this share of its destination's use is a merchant's trickle; it is not recorded.
constexpr double least_flow_share = 1e-6;

}  // namespace

void Recorder::write_prices(const TickReport& report) {
    if (!wants(TableId::prices)) {
        return;
    }
    const NodeColumns& nodes = report.world.nodes;
    const std::vector<NodeQuotes> quotes = quotes_of(report.economy, report.deliveries, report.trades);
    for (std::size_t good = 0; good < goods_.size(); ++good) {
        for (std::size_t country = 0; country < countries_.size(); ++country) {
            const std::size_t node = report.economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
            const bool active = nodes.production[node] > 0.0 || nodes.need[node] > 0.0;
            if (active) {
                const NodeQuotes& quote = quotes[node];
                // A trickle is no quote.
                const double least = least_flow_share * std::max(nodes.production[node], nodes.need[node]);
                const Turnover all{quote.spot.tonnes + quote.contract.tonnes, quote.spot.usd + quote.contract.usd};
                store_.append(TableId::prices, {goods_[good], countries_[country], nodes.supply_price[node], nodes.use_price[node],
                                                quote.spot.price(least), quote.spot.tonnes, all.price(least), quote.contract.tonnes,
                                                quote.fob.price(least), quote.fob.tonnes, quote.landed.price(least), quote.landed.tonnes,
                                                quote.domestic.price(least), quote.domestic.tonnes, nodes.use_anchor[node]});
            }
        }
    }
}

void Recorder::write_flows(const TickReport& report) {
    if (!wants(TableId::flows)) {
        return;
    }
    const double uncapped = std::numeric_limits<double>::quiet_NaN();
    const bool contracts = !report.deliveries.empty();
    for (std::size_t good = 0; good < goods_.size(); ++good) {
        const GoodLanes& book = report.economy.network.goods[good];
        for (std::size_t country = 0; country < countries_.size(); ++country) {
            const std::size_t node = report.economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
            const NodeDelivery contract = contracts ? report.deliveries.nodes[node] : NodeDelivery{};
            const double home = report.trades.nodes.domestic_t[node] + contract.domestic_t;
            if (home > 0.0) {
                store_.append_flow({.good = goods_[good], .origin = countries_[country], .destination = countries_[country], .tonnes = home,
                                    .contract_tonnes = contract.domestic_t,
                                    .fob_usd = report.trades.nodes.domestic_t[node] * report.world.nodes.supply_price[node] + contract.domestic_usd,
                                    .cap_tonnes = uncapped});
            }
        }
        const double* const need = report.world.nodes.need.data() + report.economy.network.node(id_at<GoodId>(good), id_at<CountryId>(0)).index();
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const TradeLane& lane = book.lanes[number];
            const std::size_t row = book.first_lane + number;
            const auto both = [&](const Column<double> LaneTrades::*column) {
                return (report.trades.lanes.*column)[row] + (contracts ? (report.deliveries.lanes.*column)[row] : 0.0);
            };
            const double tonnes = both(&LaneTrades::tonnes);
            if (tonnes <= least_flow_share * need[lane.destination.index()]) {
                continue;
            }
            const double contract_t = contracts ? report.deliveries.lanes.tonnes[row] : 0.0;
            store_.append_flow({.good = goods_[good], .origin = countries_[lane.origin.index()], .destination = countries_[lane.destination.index()],
                                .tonnes = tonnes, .contract_tonnes = contract_t, .fob_usd = both(&LaneTrades::fob_usd),
                                .export_duty_usd = both(&LaneTrades::export_duty_usd), .tariff_usd = both(&LaneTrades::tariff_usd),
                                .freight_usd = both(&LaneTrades::freight_usd), .friction_usd = both(&LaneTrades::friction_usd),
                                .rent_usd = both(&LaneTrades::rent_usd), .cap_tonnes = report.trades.lanes.cap_t[row] + contract_t});
        }
    }
}

}  // namespace ytterby
