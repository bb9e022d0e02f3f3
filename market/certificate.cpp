#include "market/certificate.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace ytterby {

void raise(double& worst, double violation) {
    if (!(violation <= worst) && !std::isnan(worst)) {
        worst = violation;
    }
}

double Certificate::worst() const {
    double all = 0.0;
    for (const double violation : {balance, arbitrage, cap, idle_rent}) {
        raise(all, violation);
    }
    return all;
}

Certificate certify(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps,
                    const SpatialClearing& clearing) {
    Certificate certificate;
    std::vector<std::vector<double>> shared(markets.size());
    std::vector<double> price_scale(markets.size(), 1e-300);
    std::vector<double> volume(markets.size(), 1e-300);
    for (std::size_t m = 0; m < markets.size(); ++m) {
        shared[m].assign(markets[m].lanes.size(), 0.0);
        for (std::size_t node = 0; node < markets[m].supply.size(); ++node) {
            const bool active = !markets[m].supply[node].empty() || !markets[m].use[node].empty();
            raise(price_scale[m],
                  active ? std::max(clearing.markets[m].supply_price[node], clearing.markets[m].use_price[node]) : 0.0);
            volume[m] += clearing.markets[m].used[node];
        }
    }
    for (std::size_t c = 0; c < caps.size(); ++c) {
        double used = 0.0;
        for (const SharedCap::Member& member : caps[c].members) {
            shared[member.market][member.lane] += clearing.shared_rent[c];
            used += clearing.markets[member.market].flow[member.lane];
        }
        const double scale = std::max(caps[c].cap, 1e-12 * volume[0]);
        raise(certificate.cap, (used - caps[c].cap) / scale);
        if (!caps[c].members.empty()) {
            const double idle = std::max(0.0, caps[c].cap - used) / scale;
            raise(certificate.idle_rent,
                  std::min(idle, clearing.shared_rent[c] / price_scale[caps[c].members.front().market]));
        }
    }
    for (std::size_t m = 0; m < markets.size(); ++m) {
        const SpatialMarket& market = markets[m];
        const SpatialMarketClearing& answer = clearing.markets[m];
        std::vector<double> sold = answer.domestic_flow;
        std::vector<double> bought = answer.domestic_flow;
        std::vector<char> sells, buys;
        for (std::size_t node = 0; node < market.supply.size(); ++node) {
            sells.push_back(market.supply[node].most() > 0.0 ? 1 : 0);
            buys.push_back(market.use[node].most() > 0.0 ? 1 : 0);
        }
        for (std::size_t number = 0; number < market.lanes.size(); ++number) {
            const SpatialLane& lane = market.lanes[number];
            const double flow = answer.flow[number];
            sold[lane.from] += flow;
            bought[lane.to] += flow;
            raise(certificate.cap, (flow - lane.cap) / volume[m]);
            if (sells[lane.from] == 0 || buys[lane.to] == 0 || lane.cap <= 0.0) {
                continue;
            }
            // What a tonne more over this lane would gain its buyer.
            const double gain = answer.use_price[lane.to] - lane.delivered(answer.supply_price[lane.from]) -
                                shared[m][number] - answer.lane_rent[number] - lane.wedge(flow);
            const bool full = flow >= lane.cap;
            const double violation = full ? std::max(0.0, gain) : (flow > 0.0 ? std::abs(gain) : std::max(0.0, gain));
            raise(certificate.arbitrage, violation / price_scale[m]);
            raise(certificate.idle_rent, full ? 0.0 : answer.lane_rent[number] / price_scale[m]);
        }
        for (std::size_t node = 0; node < market.supply.size(); ++node) {
            raise(certificate.balance,
                  std::abs(sold[node] - market.supply[node].supply_at(answer.supply_price[node]).quantity) / volume[m]);
            raise(certificate.balance,
                  std::abs(bought[node] - market.use[node].use_at(answer.use_price[node]).quantity) / volume[m]);
            if (sells[node] != 0 && buys[node] != 0) {
                const double gap = answer.use_price[node] - answer.supply_price[node];
                raise(certificate.arbitrage,
                      (answer.domestic_flow[node] > 0.0 ? std::abs(gap) : std::max(0.0, gap)) / price_scale[m]);
            }
        }
    }
    return certificate;
}

}  // namespace ytterby
