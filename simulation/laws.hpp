#pragma once

#include <vector>

#include "agents/phases/deliver.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "market/trades.hpp"

namespace ytterby {

/// Conservation of tonnes and dollars over one tick, and the market's own certificate: taken before
/// and checked after; a breach throws LawViolation. Does nothing when switched off.
class Laws {
public:
    Laws(bool on, const Economy& economy, const World& world);
    void check(const World& world, const LaneRules& rules, const Deliveries& deliveries, const Trades& trades) const;

    /// Allowed relative error of every balance; what is compared is stated in laws.cpp.
    static constexpr double tolerance = 1e-9;

private:
    bool on_;
    const Economy& economy_;
    std::vector<double> stock_before_;  // per good, t
    double money_before_ = 0.0;
};

}  // namespace ytterby
