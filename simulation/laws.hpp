#pragma once

#include <vector>

#include "agents/phases/deliver.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "market/trades.hpp"

namespace ytterby {

/// The laws of one tick: conservation of tonnes and dollars, limits of lanes, and the market's certificate. Stocks and
/// money are taken at construction, before the tick; check() comes after it and throws LawViolation. Does nothing when
/// switched off.
class Laws {
public:
    Laws(bool on, const Economy& economy, const World& world);
    void check(const World& world, const LaneRules& rules, const Deliveries& deliveries, const Trades& trades) const;

    /// Allowed relative error of every balance; laws.cpp states what is compared.
    static constexpr double tolerance = 1e-9;

private:
    void check_balances(const World& world) const;
    void check_lanes(const World& world, const LaneRules& rules, const Deliveries& deliveries,
                     const Trades& trades) const;
    void check_shared_limits(const LaneRules& rules, const Deliveries& deliveries, const Trades& trades) const;
    void check_stocks(const World& world) const;
    void check_certificate(const World& world, const Trades& trades) const;

    bool on_;
    const Economy& economy_;
    std::vector<double> stock_before_;  // per good, t
    double money_before_ = 0.0;
};

}  // namespace ytterby
