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

/// A question with its answer, and what violations are measured against.
struct ExactExamination {
    std::span<const ExactMarket> markets;
    std::span<const SharedCap> caps;
    const SpatialClearing& clearing;
    std::vector<double> price;                     // per market: its highest, USD/t
    std::vector<double> volume;                    // per market, t
    std::vector<std::vector<double>> shared_rent;  // per market and lane: sum over shared caps, USD/t
};

void measure_market(std::size_t m, ExactExamination& exam) {
    const ExactMarket& market = exam.markets[m];
    const SpatialMarketClearing& answer = exam.clearing.markets[m];
    double& price = exam.price[m];
    double& volume = exam.volume[m];
    for (std::size_t node = 0; node < market.supply.size(); ++node) {
        volume += answer.used[node];
        price = std::max({price, std::abs(answer.use_price[node]), std::abs(answer.supply_price[node])});
    }
    if (volume <= 1e-300) {  // without trade: the most that could be traded at a node
        for (std::size_t node = 0; node < market.supply.size(); ++node) {
            volume = std::max({volume, market.supply[node].most(), market.use[node].most()});
        }
    }
    for (const SpatialLane& lane : market.lanes) {
        price = std::max(price, std::abs(lane.delivered(0.0)));
    }
}

ExactExamination examine(std::span<const ExactMarket> markets, std::span<const SharedCap> caps,
                         const SpatialClearing& clearing) {
    ExactExamination exam{markets, caps, clearing, {}, {}, {}};
    exam.price.assign(markets.size(), 1e-300);
    exam.volume.assign(markets.size(), 1e-300);
    exam.shared_rent.resize(markets.size());
    for (std::size_t m = 0; m < markets.size(); ++m) {
        exam.shared_rent[m].assign(markets[m].lanes.size(), 0.0);
        measure_market(m, exam);
    }
    for (std::size_t c = 0; c < caps.size(); ++c) {
        for (const SharedCap::Member& member : caps[c].members) {
            exam.shared_rent[member.market][member.lane] += clearing.shared_rent[c];
        }
    }
    return exam;
}

void check_shared_caps(const ExactExamination& exam, ExactCertificate& certificate) {
    for (std::size_t c = 0; c < exam.caps.size(); ++c) {
        const double rent = exam.clearing.shared_rent[c];
        double used = 0.0;
        double scale = 1e-300;
        double price_scale = 1e-300;
        for (const SharedCap::Member& member : exam.caps[c].members) {
            used += exam.clearing.markets[member.market].flow[member.lane];
            scale = std::max(scale, exam.volume[member.market]);
            price_scale = std::max(price_scale, exam.price[member.market]);
        }
        raise(certificate.cap, (used - exam.caps[c].cap) / scale);
        raise(certificate.arbitrage, -rent / price_scale);
        raise(certificate.idle_rent, std::min(std::max(0.0, exam.caps[c].cap - used) / scale, rent / price_scale));
    }
}

void check_lanes(const ExactExamination& exam, std::size_t m, ExactCertificate& certificate) {
    const ExactMarket& market = exam.markets[m];
    const SpatialMarketClearing& answer = exam.clearing.markets[m];
    for (std::size_t number = 0; number < market.lanes.size(); ++number) {
        const SpatialLane& lane = market.lanes[number];
        const double flow = answer.flow[number];
        raise(certificate.cap, std::max(-flow, flow - lane.cap) / exam.volume[m]);
        raise(certificate.arbitrage, -answer.lane_rent[number] / exam.price[m]);
        if (lane.cap <= 0.0 || market.supply[lane.from].empty() || market.use[lane.to].empty()) {
            continue;
        }
        const double wedge = lane.preference_slope > 0.0 ? lane.wedge(flow) : lane.preference;
        const double gain = answer.use_price[lane.to] - lane.delivered(answer.supply_price[lane.from]) - wedge -
                            exam.shared_rent[m][number] - answer.lane_rent[number];
        raise(certificate.arbitrage, (flow > 0.0 ? std::abs(gain) : gain) / exam.price[m]);
        raise(certificate.idle_rent,
              std::min(std::max(0.0, lane.cap - flow) / exam.volume[m], answer.lane_rent[number] / exam.price[m]));
    }
}

void check_nodes(const ExactExamination& exam, std::size_t m, ExactCertificate& certificate) {
    const ExactMarket& market = exam.markets[m];
    const SpatialMarketClearing& answer = exam.clearing.markets[m];
    const double volume = exam.volume[m];
    const double price = exam.price[m];
    const double width = marginal_width * price;
    std::vector<double> sold = answer.domestic_flow;
    std::vector<double> bought = answer.domestic_flow;
    for (std::size_t number = 0; number < market.lanes.size(); ++number) {
        sold[market.lanes[number].from] += answer.flow[number];
        bought[market.lanes[number].to] += answer.flow[number];
    }
    for (std::size_t node = 0; node < market.supply.size(); ++node) {
        const double at_supply = answer.supply_price[node];
        const double at_use = answer.use_price[node];
        raise(certificate.balance, std::abs(sold[node] - answer.supplied[node]) / volume);
        raise(certificate.balance, std::abs(bought[node] - answer.used[node]) / volume);
        raise(certificate.balance, market.through_shipment ? 0.0 : -answer.domestic_flow[node] / volume);
        const QuantityRange offered = quantities_between(market.supply[node], at_supply - width, at_supply + width);
        const QuantityRange wanted = quantities_between(market.use[node], at_use - width, at_use + width);
        raise(certificate.orders, outside(offered, answer.supplied[node]) / volume);
        raise(certificate.orders, outside(wanted, answer.used[node]) / volume);
        if (!market.supply[node].empty() && !market.use[node].empty()) {
            const double gap = at_use - at_supply;
            raise(certificate.arbitrage,
                  (market.through_shipment || answer.domestic_flow[node] > 0.0 ? std::abs(gap) : gap) / price);
        }
    }
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
    const ExactExamination exam = examine(markets, caps, clearing);
    check_shared_caps(exam, certificate);
    for (std::size_t m = 0; m < markets.size(); ++m) {
        check_lanes(exam, m, certificate);
        check_nodes(exam, m, certificate);
    }
    return certificate;
}

}  // namespace ytterby
