#include "simulation/base_data.hpp"

#include <cmath>
#include <set>

#include "core/table.hpp"

namespace ytterby {
namespace {

using Key = BaseData::Key;

/// One folder of tables: reads a file and remembers that it was read.
class Folder {
public:
    Folder(std::string folder, Problems& problems, std::vector<std::string>& files)
        : folder_(std::move(folder)), problems_(problems), files_(files) {}
    Table open(const std::string& name) {
        const std::string path = folder_ + "/" + name;
        files_.push_back(path);
        return Table::read_file(path, problems_);
    }

private:
    std::string folder_;
    Problems& problems_;
    std::vector<std::string>& files_;
};

/// Checks words of a table against those that another table defined; OTH are the origins that a
/// source does not name.
struct Known {
    std::set<std::string> countries, goods;
    std::string country(const Table& table, std::size_t row, const TableColumn& column) const {
        std::string code(table.required_text(row, column));
        if (!code.empty() && code != "*" && code != "OTH" && !countries.contains(code)) {
            table.problem(row, column, "unknown country '" + code + "'", "countries.csv does not list it",
                          suggest_name(code, std::vector<std::string>(countries.begin(), countries.end())));
        }
        return code;
    }
    std::string good(const Table& table, std::size_t row, const TableColumn& column) const {
        std::string name(table.required_text(row, column));
        if (!name.empty() && !goods.contains(name)) {
            table.problem(row, column, "unknown good '" + name + "'", "goods.csv does not list it",
                          suggest_name(name, std::vector<std::string>(goods.begin(), goods.end())));
        }
        return name;
    }
};

constexpr CellBounds tonnes{.low = 0.0, .high = 1e12, .unit = "t/year"};
constexpr CellBounds share{.low = 0.0, .high = 1.0, .unit = "share"};

/// Whether a row is about the base year; the year cell must be a whole number.
bool of_year(const Table& table, std::size_t row, const TableColumn& year, int base_year) {
    return table.integer(row, year) == base_year;
}

void read_countries(Folder& folder, BaseData& data) {
    const Table table = folder.open("countries.csv");
    const auto code = table.column("country");
    const auto name = table.column("name");
    const auto latitude = table.column("latitude");
    const auto longitude = table.column("longitude");
    std::map<std::string, TableColumn> groups;
    for (const auto& [group, column] : {std::pair{"EU27", "eu27"}, {"G7", "g7"}, {"MSP", "msp_member"}, {"FEOC", "feoc"}}) {
        groups[group] = table.optional_column(column);
    }
    std::set<std::string> seen;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        BaseData::CountryRow country;
        country.code = table.required_text(row, code);
        country.name = table.required_text(row, name);
        country.latitude = table.number(row, latitude, {.low = -90.0, .high = 90.0, .unit = "degrees"});
        country.longitude = table.number(row, longitude, {.low = -180.0, .high = 180.0, .unit = "degrees"});
        for (const auto& [group, column] : groups) {
            if (column.found && !table.text(row, column).empty()) {
                country.groups[group] = table.boolean(row, column);
            }
        }
        if (!seen.insert(country.code).second) {
            table.problem(row, code, "country '" + country.code + "' stands twice", "codes are unique", "drop one row");
            continue;
        }
        data.countries.push_back(std::move(country));
    }
}

void read_goods(Folder& folder, BaseData& data) {
    const Table table = folder.open("goods.csv");
    const auto good = table.column("good");
    const auto metal = table.column("metal");
    const auto stage = table.column("stage");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        data.goods.push_back({std::string(table.required_text(row, good)), std::string(table.required_text(row, metal)),
                              std::string(table.required_text(row, stage))});
    }
}

void read_quantities(Folder& folder, const Known& known, int base_year, BaseData& data) {
    {
        const Table table = folder.open("production.csv");
        const auto good = table.column("good");
        const auto country = table.column("country");
        const auto process = table.column("process");
        const auto year = table.column("year");
        const auto amount = table.column("tonnes");
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const Key key{known.good(table, row, good), known.country(table, row, country)};
            const double value = table.number(row, amount, tonnes);
            if (of_year(table, row, year, base_year) && value > 0.0) {
                data.production[std::string(table.required_text(row, process))][key] += value;
            }
        }
    }
    {
        const Table table = folder.open("separation.csv");
        const auto good = table.column("ore_good");
        const auto country = table.column("country");
        const auto process = table.column("process");
        const auto year = table.column("year");
        const auto amount = table.column("tonnes");
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const Key key{known.good(table, row, good), known.country(table, row, country)};
            const double value = table.number(row, amount, tonnes);
            if (of_year(table, row, year, base_year) && value > 0.0) {
                data.separation[std::string(table.required_text(row, process))][key] += value;
            }
        }
    }
    {
        const Table table = folder.open("use.csv");
        const auto good = table.column("good");
        const auto country = table.column("country");
        const auto year = table.column("year");
        const auto amount = table.column("tonnes");
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const Key key{known.good(table, row, good), known.country(table, row, country)};
            const double value = table.number(row, amount, tonnes);
            if (of_year(table, row, year, base_year) && value > 0.0) {
                data.use[key] += value;
            }
        }
    }
    {
        const Table table = folder.open("exports.csv");
        const auto good = table.column("good");
        const auto country = table.column("country");
        const auto year = table.column("year");
        const auto amount = table.column("tonnes");
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const Key key{known.good(table, row, good), known.country(table, row, country)};
            const double value = table.number(row, amount, tonnes);
            if (of_year(table, row, year, base_year)) {
                data.exports[key] = value;
            }
        }
    }
}

void read_processes(Folder& folder, const Known& known, int base_year, BaseData& data) {
    {
        const Table table = folder.open("processes.csv");
        const auto process = table.column("process");
        const auto kind = table.column("kind");
        const auto input = table.column("input_good");
        const auto host = table.column("host");
        const auto elasticity = table.column("supply_elasticity");
        const auto minimum = table.column("minimum_run_rate");
        for (std::size_t row = 0; row < table.rows(); ++row) {
            BaseData::ProcessRow entry;
            entry.name = table.required_text(row, process);
            entry.kind = table.required_text(row, kind);
            if (entry.kind != "miner" && entry.kind != "refiner") {
                table.problem(row, kind, "unknown kind '" + entry.kind + "'", "a process mines (no traded input) or refines", "write miner or refiner");
            }
            entry.input_good = table.text(row, input).empty() ? "" : known.good(table, row, input);
            entry.host = table.text(row, host);
            entry.supply_elasticity = table.number(row, elasticity, {.low = 0.0, .high = 5.0});
            entry.minimum_run_rate = table.number(row, minimum, share);
            data.processes.push_back(std::move(entry));
        }
    }
    {
        const Table table = folder.open("baskets.csv");
        const auto process = table.column("process");
        const auto good = table.column("good");
        const auto part = table.column("share");
        std::map<std::string, double> sums;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const std::string name(table.required_text(row, process));
            const double value = table.number(row, part, share);
            if ((sums[name] += value) > 1.0 + 1e-9) {
                table.problem(row, part, "shares of " + name + " add up to more than 1",
                              "a tonne of ore cannot give more than a tonne", "check the shares of the basket");
            }
            if (table.text(row, good) != "other") {
                data.baskets[name][known.good(table, row, good)] = value;
            }
        }
    }
    {
        const Table table = folder.open("yields.csv");
        const auto good_in = table.column("good_in");
        const auto good_out = table.column("good_out");
        const auto year = table.column("year");
        const auto yield = table.column("yield");
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const Key key{known.good(table, row, good_in), known.good(table, row, good_out)};
            const double value = table.number(row, yield, {.low = 0.01, .high = 2.0, .unit = "t per t"});
            if (of_year(table, row, year, base_year)) {
                data.yields[key] = value;
            }
        }
    }
    {
        const Table table = folder.open("capacity.csv");
        const auto process = table.column("process");
        const auto country = table.column("country");
        const auto year = table.optional_column("year");
        const auto utilisation = table.column("utilisation_share");
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const bool any_year = !year.found || table.text(row, year).empty() || table.text(row, year) == "*";
            const Key key{std::string(table.required_text(row, process)), known.country(table, row, country)};
            const double value = table.number(row, utilisation, {.low = 0.0, .high = 1.0, .unit = "share"});
            if (value <= 0.0) {
                continue;  // idle capacity: no plant runs there
            }
            if (any_year || of_year(table, row, year, base_year)) {
                data.utilisation[key] = value;
            }
        }
    }
    {
        const Table table = folder.open("hosts.csv");
        const auto process = table.column("process");
        const auto country = table.column("country");
        const auto year = table.column("year");
        const auto potential = table.column("potential_t");
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const Key key{std::string(table.required_text(row, process)), known.country(table, row, country)};
            const auto value = table.optional_number(row, potential, tonnes);
            if (value && of_year(table, row, year, base_year)) {
                data.host_potential[key] = *value;
            }
        }
    }
    {
        const Table table = folder.open("inventories.csv");
        const auto good = table.column("good");
        const auto role = table.column("role");
        const auto months = table.column("months");
        for (std::size_t row = 0; row < table.rows(); ++row) {
            data.cover_months[{known.good(table, row, good), std::string(table.required_text(row, role))}] =
                table.number(row, months, {.low = 0.0, .high = 120.0, .unit = "months"});
        }
    }
    {
        const Table table = folder.open("elasticities.csv");
        const auto good = table.column("good");
        const auto parameter = table.column("parameter");
        const auto value = table.column("value");
        for (std::size_t row = 0; row < table.rows(); ++row) {
            data.elasticities[{known.good(table, row, good), std::string(table.required_text(row, parameter))}] =
                std::abs(table.number(row, value, {.low = -5.0, .high = 5.0}));
        }
    }
}

void read_prices_and_trade(Folder& folder, const Known& known, int base_year, BaseData& data) {
    {
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
            }
        }
    }
    {
        const Table table = folder.open("import_anchors.csv");
        const auto good = table.column("good");
        const auto destination = table.column("destination");
        const auto origin = table.column("origin");
        const auto year = table.column("year");
        const auto part = table.column("share_direct");
        std::map<Key, double> sums;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const std::string name = known.good(table, row, good);
            const Key key{known.country(table, row, destination), known.country(table, row, origin)};
            const double value = table.number(row, part, share);
            if (!of_year(table, row, year, base_year)) {
                continue;
            }
            if ((sums[{name, key.first}] += value) > 1.0 + 1e-6) {
                table.problem(row, part, "shares of " + key.first + "'s imports of " + name + " add up to more than 1",
                              "shares of one destination cannot exceed the whole", "check the shares");
            }
            data.import_anchors[name][key] = value;
        }
    }
    {
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
    {
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
}

std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (const char letter : text) {
        if (letter == ' ' || letter == ';' || letter == '|') {
            if (!word.empty()) {
                words.push_back(std::move(word));
            }
            word.clear();
        } else {
            word += letter;
        }
    }
    if (!word.empty()) {
        words.push_back(std::move(word));
    }
    return words;
}

void read_us_facts(Folder& folder, const Known& known, int base_year, BaseData& data) {
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
                data.us_reliance.push_back({std::string(table.required_text(row, metal)), split_words(table.text(row, goods)),
                                            *value, std::string(table.text(row, bound)), std::string(table.text(row, source))});
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

}  // namespace

double BaseData::find(const std::map<Key, double>& table, const std::string& first, const std::string& second,
                      double otherwise) const {
    const auto found = table.find({first, second});
    return found == table.end() ? otherwise : found->second;
}

BaseData read_base_data(const std::string& folder_path, int base_year, Problems& problems) {
    BaseData data;
    Folder folder(folder_path, problems, data.files);
    read_countries(folder, data);
    read_goods(folder, data);
    Known known;
    for (const auto& country : data.countries) {
        known.countries.insert(country.code);
    }
    for (const auto& good : data.goods) {
        known.goods.insert(good.name);
    }
    read_quantities(folder, known, base_year, data);
    read_processes(folder, known, base_year, data);
    read_prices_and_trade(folder, known, base_year, data);
    read_us_facts(folder, known, base_year, data);
    return data;
}

Names names_of(const BaseData& data) {
    Names names;
    for (const auto& good : data.goods) {
        names.goods.push_back(good.name);
    }
    for (const auto& country : data.countries) {
        for (const auto& [group, member] : country.groups) {
            if (member) {
                names.groups[group].push_back(id_at<CountryId>(names.countries.size()));
            }
        }
        names.countries.push_back(country.code);
    }
    return names;
}

}  // namespace ytterby
