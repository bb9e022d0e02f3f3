#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agents/world/names.hpp"
#include "core/calendar.hpp"
#include "core/config/diagnostics.hpp"
#include "simulation/scenario/outlook_data.hpp"

namespace ytterby {

/// The baseline tables of one base year, as read from the data folder (docs/data.md). Tonnes and USD per year; -1 or a
/// missing entry where a table has no value.
struct BaseData {
    struct CountryRow {
        std::string code, name;
        double latitude = 0.0, longitude = 0.0;
        double governance = 0.5;  // 0 to 1
        std::map<std::string, bool> groups;
    };
    struct GoodRow {
        std::string name, metal, stage;
    };
    struct Key {
        std::string first, second;
        auto operator<=>(const Key&) const = default;
    };
    std::vector<CountryRow> countries;
    std::vector<GoodRow> goods;
    struct ProcessRow {
        std::string name, kind, input_good, host;
        double supply_elasticity = 0.13;
        double minimum_run_rate = 0.3;
    };
    std::vector<ProcessRow> processes;
    std::map<std::string, std::map<Key, double>> production;       // process -> (good, country) -> t/year
    std::map<std::string, std::map<Key, double>> separation;       // process -> (ore, country) -> t/year of ore
    std::map<std::string, std::map<std::string, double>> baskets;  // joint process -> good -> share
    std::map<Key, double> yields;                                  // (good in, good out) -> t out per t in
    std::map<Key, double> use;                                     // (good, country) -> t/year
    std::map<Key, double> prices;                                  // (good, market) -> USD/t
    std::map<std::string, std::map<Key, double>> import_anchors;   // good -> (destination, origin) -> share of imports
    std::map<Key, double> exports;                                 // (good, country) -> t/year
    std::map<Key, double> distances;                               // (country, country) -> km, both ways
    std::map<Key, double> utilisation;                             // (process, country or *) -> share
    std::map<Key, double> host_potential;                          // (process, country) -> t/year
    std::map<Key, double> cover_months;                            // (good, role) -> months
    std::map<Key, double> elasticities;                            // (good, parameter)
    std::map<std::string, std::pair<double, double>> freight;      // good -> (USD/t at 10000 km, distance elasticity)
    /// A foreign country's share of a country's output, by control or offtake (docs/contracts.md).
    struct Stake {
        std::string good, country, owner;
        double share = 0.0;
    };
    std::vector<Stake> stakes;
    std::map<Key, double> affinity;  // (country, country) -> 0 to 1, both ways (optional affinity.csv)
    struct Reliance {
        std::string metal;
        std::vector<std::string> goods;
        double percent = 0.0;
        std::string bound;  // ">" or "<" where the source gives a bound
        std::string source;
    };
    std::vector<Reliance> us_reliance;
    std::map<Key, double> us_import_sources;  // (good, origin) -> per cent
    /// The US balance of yttrium in a year (optional us_yttrium.csv); NaN where nothing is published.
    struct UsYttriumYear {
        int year = 0;
        double imports_t = 0.0, exports_t = 0.0, apparent_consumption_t = 0.0, price_usd_per_kg = 0.0,
               reliance_percent = 0.0;
    };
    std::vector<UsYttriumYear> us_yttrium;  // in the order of years
    /// Volatility of a price from year to year (optional observed_volatility.csv).
    struct Volatility {
        double standard_deviation = 0.0;  // of the change of the logarithm
        std::string years;                // covered by the source, as written
    };
    std::map<std::string, Volatility> observed_volatility;  // good ->
    /// A measure that was in force through the whole base year, so that prices and trade of the data were made under it
    /// (optional base_measures.csv).
    struct BaseMeasure {
        std::string policy;      // name of its block in the shipped scenarios
        std::string kind, form;  // as [[policy]] takes them
        std::string actor, good;
        Date since;
    };
    std::vector<BaseMeasure> base_measures;
    OutlookData outlook;  // tables of the long run
    std::vector<std::string> files;

    double find(const std::map<Key, double>& table, const std::string& first, const std::string& second,
                double otherwise) const;
    /// Path of the table of that name, for messages.
    std::string file(const std::string& name) const;
};

/// The goods that a process makes, in the order of goods.csv.
std::vector<std::string> outputs_of(const BaseData& data, const std::string& process);

/// Reads the tables of a folder for a base year. Missing or malformed files and cells become problems.
BaseData read_base_data(const std::string& folder, int base_year, Problems& problems);

/// Affinity of every pair of countries, [country][country]: 1 on the diagonal, 0.5 without data; empty without a table.
std::vector<double> affinities(const BaseData& data);

/// The names that the data define, for resolving the names in a scenario.
Names names_of(const BaseData& data);

}  // namespace ytterby
