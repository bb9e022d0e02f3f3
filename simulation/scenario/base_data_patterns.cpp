#include <algorithm>
#include <limits>
#include <set>

#include "simulation/scenario/data_folder.hpp"

namespace ytterby {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

void read_us_yttrium(const Table& table, BaseData& data) {
    const auto year = table.column("year");
    const auto imports = table.column("imports_t");
    const auto exports = table.column("exports_t");
    const auto consumption = table.column("apparent_consumption_t");
    const auto price = table.column("price_usd_per_kg");
    const auto reliance = table.column("net_import_reliance_percent");
    std::set<std::int64_t> seen;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        BaseData::UsYttriumYear entry;
        const std::int64_t which = table.integer(row, year, {.low = 1900, .high = 2100, .unit = "year"});
        entry.year = static_cast<int>(which);
        entry.imports_t = table.optional_number(row, imports, tonnes_per_year()).value_or(unknown);
        entry.exports_t = table.optional_number(row, exports, tonnes_per_year()).value_or(unknown);
        entry.apparent_consumption_t = table.optional_number(row, consumption, tonnes_per_year()).value_or(unknown);
        entry.price_usd_per_kg =
            table.optional_number(row, price, {.low = 0.0, .high = 1e7, .unit = "USD/kg"}).value_or(unknown);
        entry.reliance_percent =
            table.optional_number(row, reliance, {.low = -100.0, .high = 100.0, .unit = "%"}).value_or(unknown);
        if (which != 0 && !seen.insert(which).second) {
            table.problem(row, year, "the year " + std::to_string(which) + " is listed twice", "a year has one balance",
                          "drop one row");
            continue;
        }
        data.us_yttrium.push_back(entry);
    }
    std::sort(data.us_yttrium.begin(), data.us_yttrium.end(),
              [](const auto& a, const auto& b) { return a.year < b.year; });
}

void read_volatility(const Table& table, const KnownNames& known, BaseData& data) {
    const auto good = table.column("good");
    const auto deviation = table.column("standard_deviation_of_log_change");
    const auto years = table.column("years");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string name = known.good(table, row, good);
        const double value = table.number(row, deviation, {.low = 0.0, .high = 10.0});
        if (!data.observed_volatility.emplace(name, BaseData::Volatility{value, std::string(table.text(row, years))})
                 .second) {
            table.problem(row, good, "good '" + name + "' is listed twice", "a good has one volatility",
                          "drop one row");
        }
    }
}

}  // namespace

void read_observed_patterns(DataFolder& folder, const KnownNames& known, BaseData& data) {
    if (const auto table = folder.open_if_there("us_yttrium.csv")) {
        read_us_yttrium(*table, data);
    }
    if (const auto table = folder.open_if_there("observed_volatility.csv")) {
        read_volatility(*table, known, data);
    }
}

}  // namespace ytterby
