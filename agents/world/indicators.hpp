#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// Net import reliance of the last tick, share of consumption not covered by own production (USGS
/// definition: imports - exports + stock drawdown over apparent consumption; a net exporter has 0).
double import_reliance(const Economy& economy, const World& world, CountryId country, GoodId good);

/// Price that the node's marginal buyer pays, USD/t.
double use_price(const Economy& economy, const World& world, CountryId country, GoodId good);

/// Stock at a node in months of the base flow through it.
double stock_months(const Economy& economy, const World& world, CountryId country, GoodId good);

/// Share of world production of a good that comes from a country.
double production_share(const Economy& economy, const World& world, CountryId country, GoodId good);

/// Herfindahl-Hirschman index of world production of a good by country, 0 to 1.
double production_concentration(const Economy& economy, const World& world, GoodId good);

/// Consumption-weighted mean of use prices, USD/t.
double world_price(const Economy& economy, const World& world, GoodId good);

/// Use at base prices that was not met, share of need.
double unmet_share(const Economy& economy, const World& world, CountryId country, GoodId good);

/// The indicators that conditions (`when = "..."`) may name, each of a country and a good.
struct NamedIndicator {
    const char* name;
    const char* unit;
    const char* meaning;
    double (*value)(const Economy&, const World&, CountryId, GoodId);
};
const std::vector<NamedIndicator>& named_indicators();

}  // namespace ytterby
