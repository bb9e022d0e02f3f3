#include "market/certificate.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace ytterby {
namespace {

/// A question with its answer, and what violations are measured against.
struct Examination {
    std::span<const SpatialMarket> markets;
    std::span<const SharedCap> caps;
    const SpatialClearing& clearing;
    std::vector<double> price;                     // per market: its highest, USD/t
    std::vector<double> volume;                    // per market, t
    std::vector<std::vector<double>> shared_rent;  // per market and lane: sum over shared caps, USD/t
};

Examination examine(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps,
                    const SpatialClearing& clearing) {
    Examination exam{markets, caps, clearing, {}, {}, {}};
    exam.price.assign(markets.size(), 1e-300);
    exam.volume.assign(markets.size(), 1e-300);
    exam.shared_rent.resize(markets.size());
    for (std::size_t m = 0; m < markets.size(); ++m) {
        const SpatialMarketClearing& answer = clearing.markets[m];
        exam.shared_rent[m].assign(markets[m].lanes.size(), 0.0);
        for (std::size_t node = 0; node < markets[m].supply.size(); ++node) {
            const bool active = !markets[m].supply[node].empty() || !markets[m].use[node].empty();
            raise(exam.price[m], active ? std::max(answer.supply_price[node], answer.use_price[node]) : 0.0);
            exam.volume[m] += answer.used[node];
        }
    }
    for (std::size_t c = 0; c < caps.size(); ++c) {
        for (const SharedCap::Member& member : caps[c].members) {
            exam.shared_rent[member.market][member.lane] += clearing.shared_rent[c];
        }
    }
    return exam;
}

void check_shared_caps(const Examination& exam, Certificate& certificate) {
    for (std::size_t c = 0; c < exam.caps.size(); ++c) {
        const SharedCap& cap = exam.caps[c];
        double used = 0.0;
        for (const SharedCap::Member& member : cap.members) {
            used += exam.clearing.markets[member.market].flow[member.lane];
        }
        const double scale = std::max(cap.cap, 1e-12 * exam.volume[0]);
        raise(certificate.cap, (used - cap.cap) / scale);
        if (!cap.members.empty()) {
            const double idle = std::max(0.0, cap.cap - used) / scale;
            raise(certificate.idle_rent,
                  std::min(idle, exam.clearing.shared_rent[c] / exam.price[cap.members.front().market]));
        }
    }
}

/// The nodes of one market: which sides have orders, and what was sold and bought by the flows, t.
struct NodeFlows {
    std::vector<double> sold, bought;
    std::vector<char> sells, buys;
};

NodeFlows open_nodes(const SpatialMarket& market, const SpatialMarketClearing& answer) {
    NodeFlows nodes{answer.domestic_flow, answer.domestic_flow, {}, {}};
    for (std::size_t node = 0; node < market.supply.size(); ++node) {
        nodes.sells.push_back(market.supply[node].most() > 0.0 ? 1 : 0);
        nodes.buys.push_back(market.use[node].most() > 0.0 ? 1 : 0);
    }
    return nodes;
}

/// Checks the lanes of a market and adds their flows to its nodes.
void check_lanes(const Examination& exam, std::size_t m, NodeFlows& nodes, Certificate& certificate) {
    const SpatialMarketClearing& answer = exam.clearing.markets[m];
    for (std::size_t number = 0; number < exam.markets[m].lanes.size(); ++number) {
        const SpatialLane& lane = exam.markets[m].lanes[number];
        const double flow = answer.flow[number];
        nodes.sold[lane.from] += flow;
        nodes.bought[lane.to] += flow;
        raise(certificate.cap, (flow - lane.cap) / exam.volume[m]);
        if (nodes.sells[lane.from] == 0 || nodes.buys[lane.to] == 0 || lane.cap <= 0.0) {
            continue;
        }
        // What one more tonne over this lane would gain its buyer.
        const double gain = answer.use_price[lane.to] - lane.delivered(answer.supply_price[lane.from]) -
                            exam.shared_rent[m][number] - answer.lane_rent[number] - lane.wedge(flow);
        const bool full = flow >= lane.cap;
        const double violation = full ? std::max(0.0, gain) : (flow > 0.0 ? std::abs(gain) : std::max(0.0, gain));
        raise(certificate.arbitrage, violation / exam.price[m]);
        raise(certificate.idle_rent, full ? 0.0 : answer.lane_rent[number] / exam.price[m]);
    }
}

void check_nodes(const Examination& exam, std::size_t m, const NodeFlows& nodes, Certificate& certificate) {
    const SpatialMarket& market = exam.markets[m];
    const SpatialMarketClearing& answer = exam.clearing.markets[m];
    for (std::size_t node = 0; node < market.supply.size(); ++node) {
        const double supplied = market.supply[node].supply_at(answer.supply_price[node]).quantity;
        const double used = market.use[node].use_at(answer.use_price[node]).quantity;
        raise(certificate.balance, std::abs(nodes.sold[node] - supplied) / exam.volume[m]);
        raise(certificate.balance, std::abs(nodes.bought[node] - used) / exam.volume[m]);
        if (nodes.sells[node] != 0 && nodes.buys[node] != 0) {
            const double gap = answer.use_price[node] - answer.supply_price[node];
            raise(certificate.arbitrage,
                  (answer.domestic_flow[node] > 0.0 ? std::abs(gap) : std::max(0.0, gap)) / exam.price[m]);
        }
    }
}

}  // namespace

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
    const Examination exam = examine(markets, caps, clearing);
    check_shared_caps(exam, certificate);
    for (std::size_t m = 0; m < markets.size(); ++m) {
        NodeFlows nodes = open_nodes(markets[m], clearing.markets[m]);
        check_lanes(exam, m, nodes, certificate);
        check_nodes(exam, m, nodes, certificate);
    }
    return certificate;
}

}  // namespace ytterby
