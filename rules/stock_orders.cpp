#include "rules/stock_orders.hpp"

#include <algorithm>
#include <tuple>

#include "core/check.hpp"
#include "rules/detail/fixed_point.hpp"

namespace ytterby {

using fixed_point::from_units;
using fixed_point::to_units;

double StockOrder::tonnes() const { return from_units(tonne_units, fixed_point::tonne_scale); }

double StockOrders::order(StockOrder order, double tonnes) {
    ensure(tonnes >= 0.0 && order.limit_usd_per_t >= 0.0, "neither an order of a state nor its limit is negative");
    order.tonne_units = to_units(tonnes, fixed_point::tonne_scale);
    const double rounded = order.tonnes();
    if (order.tonne_units > 0) {
        orders_.push_back(std::move(order));
    }
    return rounded;
}

void StockOrders::spend(SystemAccount account, CountryId country, double usd) {
    spending_units_[{account, country}] += to_units(usd, fixed_point::usd_scale);
}

void StockOrders::settle_order() {
    std::stable_sort(orders_.begin(), orders_.end(), [](const StockOrder& a, const StockOrder& b) {
        return std::tie(a.policy, a.good, a.country, a.buys, a.limit_usd_per_t, a.tonne_units, a.payers) <
               std::tie(b.policy, b.good, b.country, b.buys, b.limit_usd_per_t, b.tonne_units, b.payers);
    });
}

std::vector<Spending> StockOrders::spending() const {
    std::vector<Spending> list;
    list.reserve(spending_units_.size());
    for (const auto& [subject, units] : spending_units_) {
        list.push_back({subject.first, subject.second, from_units(units, fixed_point::usd_scale)});
    }
    return list;
}

}  // namespace ytterby
