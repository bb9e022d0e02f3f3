#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ytterby {

/// A quantity by year, in order of years; between two years its logarithm is interpolated.
using YearPath = std::map<int, double>;

/// The path at a time in years. Before the first and after the last year the nearest growth rate continues with
/// `extrapolate`, else the nearest value. 1 for an empty path.
double at_year(const YearPath& path, double year, bool extrapolate);

/// The tables of the long run (docs/outlook.md). All are optional: without them nothing grows.
struct OutlookData {
    using Pair = std::pair<std::string, std::string>;
    std::map<std::string, std::map<std::string, double>> end_uses;  // good -> end use -> share of world use in 2024
    std::map<std::string, std::map<Pair, YearPath>> demand_index;   // scenario -> (good, end use) -> 2024 = 1
    std::map<std::string, YearPath> us_economy;                     // indicator -> value
    std::map<Pair, std::string> us_drivers;                         // (good, end use) -> indicator
    struct Investment {
        double capex_usd_per_t_per_year = 0.0;
        double explore_permit_years = 0.0, build_years = 0.0, brownfield_years = 0.0, brownfield_share = 0.0;
        double restart_months = 0.0, lifetime_years = 0.0, long_run_supply_elasticity = 0.0, own_price_share = 1.0;
    };
    std::map<std::string, Investment> investment;  // process ->
    std::map<Pair, YearPath> capacity_plan;        // (process, country) -> share of the world's, 2024 = 1
    std::map<Pair, double> reserves;               // (good, country) -> t
    std::map<Pair, double> latent;                 // (process, country) -> t/year
    struct Recycling {
        std::string good;
        double lifetime_years = 10.0, past_growth = 0.0, collection_share = 0.5;
    };
    std::map<std::string, Recycling> recycling;     // process ->
    std::map<std::string, double> least_intensity;  // good -> share
    std::map<std::string, YearPath> host_index;     // host -> output, 2024 = 1
    std::map<std::string, double> footprint;        // process -> t CO2 per t

    bool has_scenario(const std::string& name) const { return demand_index.contains(name) && !end_uses.empty(); }
};

}  // namespace ytterby
