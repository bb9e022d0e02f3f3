#include "simulation/scenario/data_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace ytterby {

using Key = BaseData::Key;

namespace {

/// Prices of one good in two markets never differ by this factor (gallium in 2024: by 2); a row in another unit does.
constexpr double most_apart = 1000.0;

/// Reports a price that is not of the same magnitude as the good's other prices.
void check_magnitude(const Table& table, std::size_t row, const TableColumn& price, const BaseData& data,
                     const BaseData::Key& key, double value) {
    for (const auto& [other, quoted] : data.prices) {
        if (other.first == key.first && std::max(value, quoted) > most_apart * std::min(value, quoted)) {
            table.problem(row, price,
                          fmt::format("{} USD/t is far from the {} USD/t of market {}", value, quoted, other.second),
                          "one good's prices lie within a factor of a thousand", "write both in USD per tonne");
            return;
        }
    }
}

void read_prices(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data) {
    const Table table = folder.open("prices.csv");
    const auto good = table.column("good");
    const auto market = table.column("market");
    const auto year = table.column("year");
    const auto price = table.column("usd_per_t");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const Key key{known.good(table, row, good), std::string(table.required_text(row, market))};
        const double value = table.number(row, price, {.low = 1e-6, .high = 1e12, .unit = "USD/t"});
        if (of_year(table, row, year, base_year)) {
            data.prices[key] = value;
            check_magnitude(table, row, price, data, key, value);
        }
    }
}

void read_import_anchors(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data) {
    const Table table = folder.open("import_anchors.csv");
    const auto good = table.column("good");
    const auto destination = table.column("destination");
    const auto origin = table.column("origin");
    const auto year = table.column("year");
    const auto part = table.column("share_direct");
    std::map<Key, double> sums;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string name = known.good(table, row, good);
        const Key key{known.country(table, row, destination), known.country(table, row, origin, "OTH")};
        const double value = table.number(row, part, share_of_one());
        if (!of_year(table, row, year, base_year)) {
            continue;
        }
        double& sum = sums[{name, key.first}];
        sum += value;
        if (sum > 1.0 + 1e-6) {
            table.problem(row, part, "shares of " + key.first + "'s imports of " + name + " add up to more than 1",
                          "shares of one destination cannot exceed the whole", "check the shares");
        }
        data.import_anchors[name][key] = value;
    }
}

void read_distances(DataFolder& folder, const KnownNames& known, BaseData& data) {
    const Table table = folder.open("distances.csv");
    const auto first = table.column("country_a");
    const auto second = table.column("country_b");
    const auto km = table.column("km");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string a = known.country(table, row, first);
        const std::string b = known.country(table, row, second);
        const double value = table.number(row, km, {.low = 0.0, .high = 21000.0, .unit = "km"});
        data.distances[{a, b}] = value;
        data.distances[{b, a}] = value;
    }
}

void read_freight(DataFolder& folder, const KnownNames& known, BaseData& data) {
    const Table table = folder.open("freight.csv");
    const auto good = table.column("good");
    const auto base = table.column("usd_per_t_at_10000km");
    const auto elasticity = table.column("distance_elasticity");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        data.freight[known.good(table, row, good)] = {
            table.number(row, base, {.low = 0.0, .high = 1e7, .unit = "USD/t"}),
            table.number(row, elasticity, {.low = 0.0, .high = 2.0})};
    }
}

}  // namespace

void read_prices_and_trade(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data) {
    read_prices(folder, known, base_year, data);
    read_import_anchors(folder, known, base_year, data);
    read_distances(folder, known, data);
    read_freight(folder, known, data);
    read_ownership(folder, known, data);
}

void read_ownership(DataFolder& folder, const KnownNames& known, BaseData& data) {
    const Table table = folder.open("ownership.csv");
    const auto good = table.column("good");
    const auto country = table.column("country");
    const auto owner = table.column("owner");
    const auto part = table.column("share");
    std::map<Key, double> sums;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        BaseData::Stake stake{known.good(table, row, good), known.country(table, row, country),
                              known.country(table, row, owner), table.number(row, part, share_of_one())};
        if (!stake.owner.empty() && stake.owner == stake.country) {
            table.problem(row, owner, stake.owner + " owns at home", "the table lists foreign owners only",
                          "drop the row");
        }
        double& sum = sums[{stake.good, stake.country}];
        sum += stake.share;
        if (sum > 1.0 + 1e-6) {
            table.problem(row, part,
                          "foreign shares of " + stake.country + "'s " + stake.good + " add up to more than 1",
                          "shares of one output cannot exceed the whole", "check the shares");
        }
        data.stakes.push_back(std::move(stake));
    }
    if (const auto pairs = folder.open_if_there("affinity.csv")) {
        const auto a = pairs->column("country_a");
        const auto b = pairs->column("country_b");
        const auto affinity = pairs->column("affinity");
        for (std::size_t row = 0; row < pairs->rows(); ++row) {
            const std::string one = known.country(*pairs, row, a);
            const std::string other = known.country(*pairs, row, b);
            data.affinity[{one, other}] = data.affinity[{other, one}] = pairs->number(row, affinity, share_of_one());
        }
    }
}

namespace {

/// The items of a list separated by blanks, semicolons or bars.
std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> items;
    std::string item;
    for (const char letter : text) {
        if (letter == ' ' || letter == ';' || letter == '|') {
            if (!item.empty()) {
                items.push_back(std::move(item));
            }
            item.clear();
        } else {
            item += letter;
        }
    }
    if (!item.empty()) {
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace

void read_us_facts(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data) {
    {
        const Table table = folder.open("us_reliance.csv");
        const auto metal = table.column("metal");
        const auto goods = table.column("goods");
        const auto year = table.column("year");
        const auto percent = table.column("net_import_reliance_pct");
        const auto bound = table.column("bound");
        const auto source = table.column("source");
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const auto value = table.optional_number(row, percent, {.low = -100.0, .high = 100.0, .unit = "%"});
            if (value && of_year(table, row, year, base_year)) {
                data.us_reliance.push_back({std::string(table.required_text(row, metal)),
                                            split_list(table.text(row, goods)), *value,
                                            std::string(table.text(row, bound)), std::string(table.text(row, source))});
            }
        }
    }
    {
        const Table table = folder.open("us_import_sources.csv");
        const auto good = table.column("good");
        const auto origin = table.column("origin");
        const auto percent = table.column("share_pct");
        for (std::size_t row = 0; row < table.rows(); ++row) {
            data.us_import_sources[{known.good(table, row, good), std::string(table.required_text(row, origin))}] =
                table.number(row, percent, {.low = 0.0, .high = 100.0, .unit = "%"});
        }
    }
}

}  // namespace ytterby
