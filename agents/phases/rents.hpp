#pragma once

#include <string>
#include <vector>

#include "agents/phases/deliver.hpp"
#include "agents/world/economy.hpp"
#include "market/trades.hpp"
#include "rules/lane_rules.hpp"

namespace ytterby {

/// Tonnes under a quota, licence or other cap in a tick, and the rent that its holder earned.
struct LicenceRent {
    std::string policy;
    GoodId good;
    CountryId origin;
    RentHolder holder = RentHolder::seller;
    double tonnes = 0.0;      // over the lanes of the measure, spot and contract
    double allowed_t = 0.0;   // by the lane caps of these lanes; of a shared cap: by the whole cap
    double used_share = 0.0;  // of the tonnes allowed; of a shared cap: over all its goods and lanes
    double rent_usd = 0.0;

    double rent_usd_per_t() const { return tonnes > 0.0 ? rent_usd / tonnes : 0.0; }
};

/// One row per policy, good and origin, in the order of policy, good, origin.
std::vector<LicenceRent> licence_rents(const Economy& economy, const LaneRules& rules, const Deliveries& deliveries,
                                       const Trades& trades);

}  // namespace ytterby
