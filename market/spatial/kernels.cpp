#include "market/spatial/kernels.hpp"

#include <algorithm>
#include <cmath>

namespace ytterby {
namespace {

OrderCurve exact_curve(const Curve& curve, bool supply) {
    OrderCurve made{curve.price, curve.quantity};
    if (made.empty()) {
        return made;
    }
    if (supply) {
        made.price.insert(made.price.begin(), 0.0);
        made.quantity.insert(made.quantity.begin(), 0.0);
    } else {
        made.price.push_back(2.0 * made.price.back());
        made.quantity.push_back(0.0);
    }
    return made;
}

bool wants_exact(const SpatialMarket& market) {
    return std::any_of(market.lanes.begin(), market.lanes.end(),
                       [](const SpatialLane& lane) { return lane.cap > 0.0 && !(lane.preference_slope > 0.0); });
}

/// An answer of the fast kernel with a larger imbalance is rejected: it would be too near to what the laws allow
/// (1e-9).
constexpr double most_imbalance = 9e-10;

/// Clears with the fast kernel; false if it finds no answer within its steps, or one that is not good enough. It
/// computes flows from prices, so if lanes are almost flat, or a cap is tiny beside the market, the last bits of a
/// price are too coarse. `clearing` then holds only a start for the exact kernel.
bool clear_fast(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, SpatialSolver& solver,
                SpatialClearing& clearing) {
    if (solver.clear(markets, caps, clearing) && clearing.imbalance <= most_imbalance) {
        return true;
    }
    clearing.shared_rent.assign(caps.size(), 0.0);
    for (SpatialMarketClearing& start : clearing.markets) {
        for (std::vector<double>* prices : {&start.supply_price, &start.use_price}) {
            std::replace_if(
                prices->begin(), prices->end(), [](double price) { return !std::isfinite(price) || price <= 0.0; },
                1.0);
        }
    }
    return false;
}

}  // namespace

ExactMarket exact_market(const SpatialMarket& market) {
    ExactMarket made;
    for (const Curve& curve : market.supply) {
        made.supply.push_back(exact_curve(curve, true));
    }
    for (const Curve& curve : market.use) {
        made.use.push_back(exact_curve(curve, false));
    }
    made.lanes = market.lanes;
    return made;
}

Certificate clear_curves(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, Kernel kernel,
                         SpatialSolver& solver, bool certified, SpatialClearing& clearing) {
    if (kernel == Kernel::automatic && !std::any_of(markets.begin(), markets.end(), wants_exact) &&
        clear_fast(markets, caps, solver, clearing)) {
        return certified ? certify(markets, caps, clearing) : Certificate{};
    }
    std::vector<ExactMarket> exact;
    for (const SpatialMarket& market : markets) {
        exact.push_back(exact_market(market));
    }
    // Flows of an earlier call are not part of the question.
    for (SpatialMarketClearing& start : clearing.markets) {
        start.flow.clear();
    }
    clear_exact(exact, caps, clearing);
    Certificate certificate;
    if (!certified) {
        return certificate;
    }
    const ExactCertificate found = certify_exact(exact, caps, clearing);
    certificate.balance = found.balance;
    raise(certificate.balance, found.orders);
    certificate.arbitrage = found.arbitrage;
    certificate.cap = found.cap;
    certificate.idle_rent = found.idle_rent;
    return certificate;
}

}  // namespace ytterby
