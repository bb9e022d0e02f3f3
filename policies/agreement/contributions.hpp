#pragma once

#include <utility>
#include <vector>

#include "policies/policy.hpp"

namespace ytterby {

/// An agreement in one tick, as its clauses see it: its members and the goods it covers.
struct Club {
    const PolicyView& view;
    std::vector<CountryId> members;
    const std::vector<GoodId>& goods;

    std::size_t node(GoodId good, CountryId country) const { return view.economy.network.node(good, country).index(); }
};

/// Members' shares of joint costs, in proportion to the value at base prices of their need of the covered goods in the
/// last tick; equal shares where no member needs any. They add up to 1.
std::vector<std::pair<CountryId, double>> contributions(const Club& club);

/// How short of a good a member is, 0 to 1: 0 at `days` of stock (as `days_of_stock` counts them) and above, rising to
/// 1 at half of that; also 1 where at least the share `unmet` of its need was not met.
double shortage(const Club& club, GoodId good, CountryId member, double days, double unmet);

}  // namespace ytterby
