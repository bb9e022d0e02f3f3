#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "rules/accounts.hpp"

namespace ytterby {

/// An order of a state on the market of its country: t per tick at a limit price, for a stockpile that is kept under
/// the policy's name and paid by the treasuries named, each its share.
struct StockOrder {
    std::string policy;
    GoodId good;
    CountryId country;
    bool buys = false;             // else it releases
    std::int64_t tonne_units = 0;  // 2^-20 t
    double limit_usd_per_t = 0.0;
    std::vector<std::pair<CountryId, double>> payers;  // shares add up to 1

    double tonnes() const;
};

/// Dollars that a treasury spends in the tick at home (grants to carriers, roads, administration).
struct Spending {
    SystemAccount account = SystemAccount::logistics;
    CountryId country;
    double usd = 0.0;
};

/// What states buy, release and spend in a tick.
class StockOrders {
public:
    /// Adds an order, its tonnes rounded to units; an order of nothing is dropped. Returns the rounded tonnes.
    double order(StockOrder order, double tonnes);
    /// USD by account and country; they add up.
    void spend(SystemAccount account, CountryId country, double usd);
    /// Puts lists into an order that does not depend on the order of the policies.
    void settle_order();

    const std::vector<StockOrder>& orders() const { return orders_; }
    /// What treasuries spend, by account and country.
    std::vector<Spending> spending() const;

private:
    std::vector<StockOrder> orders_;
    std::map<std::pair<SystemAccount, CountryId>, std::int64_t> spending_units_;  // 2^-10 USD
};

}  // namespace ytterby
