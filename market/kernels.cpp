#include "market/kernels.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

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
    return std::any_of(market.lanes.begin(), market.lanes.end(), [](const SpatialLane& lane) { return lane.cap > 0.0 && !(lane.preference_slope > 0.0); });
}

/// Beyond this the fast kernel's answer is not taken.
constexpr double most_violation = 1e-9;

/// The fast kernel's certificate; nothing where its answer is not good enough. It takes flows from prices, so where lanes
/// are all but flat, or a cap is tiny beside the market, the last bits of a price are too coarse for it.
std::optional<Certificate> clear_fast(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing) {
    const SpatialClearing start = clearing;
    try {
        clear_spatial(markets, caps, clearing);
        const Certificate certificate = certify(markets, caps, clearing);
        if (certificate.worst() <= most_violation) {
            return certificate;
        }
    } catch (const std::runtime_error&) {
        // It found no equilibrium within its steps.
    }
    clearing.markets = start.markets;
    clearing.shared_rent = start.shared_rent;
    return std::nullopt;
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

Certificate clear_curves(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, Kernel kernel, SpatialClearing& clearing) {
    if (kernel == Kernel::automatic && !std::any_of(markets.begin(), markets.end(), wants_exact)) {
        if (const auto certificate = clear_fast(markets, caps, clearing)) {
            return *certificate;
        }
    }
    std::vector<ExactMarket> exact;
    for (const SpatialMarket& market : markets) {
        exact.push_back(exact_market(market));
    }
    // Flows of an earlier call are no part of the question.
    for (SpatialMarketClearing& start : clearing.markets) {
        start.flow.clear();
    }
    clear_exact(exact, caps, clearing);
    const ExactCertificate found = certify_exact(exact, caps, clearing);
    Certificate certificate;
    certificate.balance = std::max(found.balance, found.orders);
    certificate.arbitrage = found.arbitrage;
    certificate.cap = found.cap;
    certificate.idle_rent = found.idle_rent;
    return certificate;
}

}  // namespace ytterby
