#pragma once

#include <utility>
#include <vector>

#include "policies/policy.hpp"

namespace ytterby {

/// What an agreement's clauses work with in a tick: who belongs, and which goods it covers.
struct Club {
    const PolicyView& view;
    std::vector<CountryId> members;
    const std::vector<GoodId>& goods;

    std::size_t node(GoodId good, CountryId country) const { return view.economy.network.node(good, country).index(); }
};

/// Members' shares of what they pay together: by what their need of the covered goods was worth at base prices in the
/// last tick; equal shares where nobody needs any. They add up to 1.
std::vector<std::pair<CountryId, double>> contributions(const Club& club);

/// Days that a member's stock of a good lasts at its need of the last tick; infinite where it needs none.
double days_of_stock(const Club& club, GoodId good, CountryId member);

/// How short of a good a member is, 0 to 1: nothing at `days` of stock and above, everything at half of that, and
/// everything too where at least `unmet` of its need was not met.
double shortage(const Club& club, GoodId good, CountryId member, double days, double unmet);

}  // namespace ytterby
