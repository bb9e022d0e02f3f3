#include <algorithm>
#include <cmath>
#include <vector>

#include "market/certificate.hpp"
#include "market/exact/solver.hpp"

namespace ytterby {
namespace {

/// Orders within this share of the price count as marginal.
constexpr double marginal_width = 1e-9;

double outside(const QuantityRange& range, double quantity) {
    return std::max({0.0, range.least - quantity, quantity - range.most});
}

}  // namespace

double ExactCertificate::worst() const {
    double worst = 0.0;
    for (const double one : {balance, orders, arbitrage, cap, idle_rent}) {
        raise(worst, one);
    }
    return worst;
}

ExactCertificate certify_exact(std::span<const ExactMarket> markets, std::span<const SharedCap> caps,
                               const SpatialClearing& clearing) {
    ExactCertificate certificate;
    std::vector<std::vector<double>> shared(markets.size());
    std::vector<double> volume(markets.size(), 1e-300);
    std::vector<double> price(markets.size(), 1e-300);
    for (std::size_t m = 0; m < markets.size(); ++m) {
        shared[m].assign(markets[m].lanes.size(), 0.0);
        for (std::size_t node = 0; node < markets[m].supply.size(); ++node) {
            volume[m] += clearing.markets[m].used[node];
            price[m] = std::max({price[m], std::abs(clearing.markets[m].use_price[node]),
                                 std::abs(clearing.markets[m].supply_price[node])});
        }
        if (volume[m] <= 1e-300) {  // without trade, what there might have been
            for (std::size_t node = 0; node < markets[m].supply.size(); ++node) {
                volume[m] = std::max({volume[m], markets[m].supply[node].most(), markets[m].use[node].most()});
            }
        }
        for (const SpatialLane& lane : markets[m].lanes) {
            price[m] = std::max(price[m], std::abs(lane.delivered(0.0)));
        }
    }
    for (std::size_t c = 0; c < caps.size(); ++c) {
        double used = 0.0;
        double scale = 1e-300;
        double price_scale = 1e-300;
        for (const SharedCap::Member& member : caps[c].members) {
            shared[member.market][member.lane] += clearing.shared_rent[c];
            used += clearing.markets[member.market].flow[member.lane];
            scale = std::max(scale, volume[member.market]);
            price_scale = std::max(price_scale, price[member.market]);
        }
        raise(certificate.cap, (used - caps[c].cap) / scale);
        raise(certificate.arbitrage, -clearing.shared_rent[c] / price_scale);
        raise(certificate.idle_rent,
              std::min(std::max(0.0, caps[c].cap - used) / scale, clearing.shared_rent[c] / price_scale));
    }
    for (std::size_t m = 0; m < markets.size(); ++m) {
        const ExactMarket& market = markets[m];
        const SpatialMarketClearing& answer = clearing.markets[m];
        std::vector<double> sold = answer.domestic_flow;
        std::vector<double> bought = answer.domestic_flow;
        for (std::size_t number = 0; number < market.lanes.size(); ++number) {
            const SpatialLane& lane = market.lanes[number];
            const double flow = answer.flow[number];
            sold[lane.from] += flow;
            bought[lane.to] += flow;
            raise(certificate.cap, std::max(-flow, flow - lane.cap) / volume[m]);
            raise(certificate.arbitrage, -answer.lane_rent[number] / price[m]);
            if (lane.cap <= 0.0 || market.supply[lane.from].empty() || market.use[lane.to].empty()) {
                continue;
            }
            const double wedge = lane.preference_slope > 0.0 ? lane.wedge(flow) : lane.preference;
            const double gain = answer.use_price[lane.to] - lane.delivered(answer.supply_price[lane.from]) - wedge -
                                shared[m][number] - answer.lane_rent[number];
            raise(certificate.arbitrage, (flow > 0.0 ? std::abs(gain) : gain) / price[m]);
            raise(certificate.idle_rent,
                  std::min(std::max(0.0, lane.cap - flow) / volume[m], answer.lane_rent[number] / price[m]));
        }
        for (std::size_t node = 0; node < market.supply.size(); ++node) {
            raise(certificate.balance, std::abs(sold[node] - answer.supplied[node]) / volume[m]);
            raise(certificate.balance, std::abs(bought[node] - answer.used[node]) / volume[m]);
            raise(certificate.balance, market.through_shipment ? 0.0 : -answer.domestic_flow[node] / volume[m]);
            const double width = marginal_width * price[m];
            const double at_supply = answer.supply_price[node];
            const double at_use = answer.use_price[node];
            raise(certificate.orders,
                  outside(quantities_between(market.supply[node], at_supply - width, at_supply + width),
                          answer.supplied[node]) /
                      volume[m]);
            raise(certificate.orders,
                  outside(quantities_between(market.use[node], at_use - width, at_use + width), answer.used[node]) /
                      volume[m]);
            if (!market.supply[node].empty() && !market.use[node].empty()) {
                const double gap = at_use - at_supply;
                raise(certificate.arbitrage,
                      (market.through_shipment || answer.domestic_flow[node] > 0.0 ? std::abs(gap) : gap) / price[m]);
            }
        }
    }
    return certificate;
}

}  // namespace ytterby
