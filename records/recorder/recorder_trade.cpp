// What a recorder writes of trade: prices and flows.
#include <algorithm>
#include <vector>

#include "agents/phases/quotes.hpp"
#include "records/recorder/recorder.hpp"

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
            const std::size_t node =
                report.economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
            const bool active = nodes.production[node] > 0.0 || nodes.need[node] > 0.0;
            if (active) {
                const NodeQuotes& quote = quotes[node];
                // A trickle is no quote.
                const double least = least_flow_share * std::max(nodes.production[node], nodes.need[node]);
                const Turnover all{quote.spot.tonnes + quote.contract.tonnes, quote.spot.usd + quote.contract.usd};
                store_.append(TableId::prices,
                              {goods_[good], countries_[country], nodes.supply_price[node], nodes.use_price[node],
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
    const bool contracts = !report.deliveries.empty();
    for (std::size_t good = 0; good < goods_.size(); ++good) {
        flows_.clear();
        add_home_flows(report, good, contracts);
        add_lane_flows(report, good, contracts);
        store_.append_flows(goods_[good], flows_);
    }
}

void Recorder::add_home_flows(const TickReport& report, std::size_t good, bool contracts) {
    for (std::size_t country = 0; country < countries_.size(); ++country) {
        const std::size_t node = report.economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
        const NodeDelivery contract = contracts ? report.deliveries.nodes[node] : NodeDelivery{};
        const double home = report.trades.nodes.domestic_t[node] + contract.domestic_t;
        if (home > 0.0) {
            flows_.push_back({.origin = countries_[country],
                              .destination = countries_[country],
                              .tonnes = home,
                              .contract_tonnes = contract.domestic_t,
                              .fob_usd = report.trades.nodes.domestic_t[node] * report.world.nodes.supply_price[node] +
                                         contract.domestic_usd});
        }
    }
}

void Recorder::add_lane_flows(const TickReport& report, std::size_t good, bool contracts) {
    const GoodLanes& book = report.economy.network.goods[good];
    const double* const need =
        report.world.nodes.need.data() + report.economy.network.node(id_at<GoodId>(good), id_at<CountryId>(0)).index();
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        const TradeLane& lane = book.lanes[number];
        const std::size_t row = book.first_lane + number;
        const LaneTrade& spot = report.trades.lanes[row];
        const double contract_t = contracts ? report.deliveries.lanes[row].tonnes : 0.0;
        const double tonnes = spot.tonnes + contract_t;
        if (tonnes <= least_flow_share * need[lane.destination.index()]) {
            continue;
        }
        FlowRow& flow = flows_.emplace_back(FlowRow{.origin = countries_[lane.origin.index()],
                                                    .destination = countries_[lane.destination.index()],
                                                    .tonnes = tonnes,
                                                    .contract_tonnes = contract_t,
                                                    .fob_usd = spot.fob_usd,
                                                    .export_duty_usd = spot.export_duty_usd,
                                                    .tariff_usd = spot.tariff_usd,
                                                    .freight_usd = spot.freight_usd,
                                                    .friction_usd = spot.friction_usd,
                                                    .rent_usd = spot.rent_usd,
                                                    .cap_tonnes = spot.cap_t + contract_t});
        if (contract_t > 0.0) {
            const LaneTrade& contract = report.deliveries.lanes[row];
            flow.fob_usd += contract.fob_usd;
            flow.export_duty_usd += contract.export_duty_usd;
            flow.tariff_usd += contract.tariff_usd;
            flow.freight_usd += contract.freight_usd;
            flow.friction_usd += contract.friction_usd;
        }
    }
}

}  // namespace ytterby
