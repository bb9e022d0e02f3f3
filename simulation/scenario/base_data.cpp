#include "simulation/scenario/base_data.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "simulation/scenario/data_folder.hpp"

namespace ytterby {
namespace {

void read_countries(DataFolder& folder, BaseData& data) {
    const Table table = folder.open("countries.csv");
    const auto code = table.column("country");
    const auto name = table.column("name");
    const auto latitude = table.column("latitude");
    const auto longitude = table.column("longitude");
    const auto governance = table.optional_column("governance_index");
    std::map<std::string, TableColumn> groups;
    for (const auto& [group, column] : {std::pair{"EU27", "eu27"},
                                        {"G7", "g7"},
                                        {"MSP", "msp_member"},
                                        {"FEOC", "feoc"},
                                        {"IPEF", "ipef_member"},
                                        {"NATO", "nato"},
                                        {"US_FTA", "us_fta"}}) {
        groups[group] = table.optional_column(column);
    }
    std::set<std::string> seen;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        BaseData::CountryRow country;
        country.code = table.required_text(row, code);
        country.name = table.required_text(row, name);
        country.latitude = table.number(row, latitude, {.low = -90.0, .high = 90.0, .unit = "degrees"});
        country.longitude = table.number(row, longitude, {.low = -180.0, .high = 180.0, .unit = "degrees"});
        if (governance.found) {
            country.governance = table.optional_number(row, governance, share_of_one()).value_or(country.governance);
        }
        for (const auto& [group, column] : groups) {
            if (column.found && !table.text(row, column).empty()) {
                country.groups[group] = table.boolean(row, column);
            }
        }
        if (country.code.empty()) {
            continue;  // already reported
        }
        if (!seen.insert(country.code).second) {
            table.problem(row, code, "country '" + country.code + "' is listed twice", "codes are unique",
                          "drop one row");
            continue;
        }
        data.countries.push_back(std::move(country));
    }
}

void read_goods(DataFolder& folder, BaseData& data) {
    const Table table = folder.open("goods.csv");
    const auto good = table.column("good");
    const auto metal = table.column("metal");
    const auto stage = table.column("stage");
    std::set<std::string> seen;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        BaseData::GoodRow entry{std::string(table.required_text(row, good)),
                                std::string(table.required_text(row, metal)),
                                std::string(table.required_text(row, stage))};
        if (entry.name.empty()) {
            continue;  // already reported
        }
        if (entry.name != entry.metal + "." + entry.stage) {
            table.problem(row, good, "'" + entry.name + "' is not its metal and stage", "goods are named metal.stage",
                          "write " + entry.metal + "." + entry.stage);
        }
        if (!seen.insert(entry.name).second) {
            table.problem(row, good, "good '" + entry.name + "' is listed twice", "names are unique", "drop one row");
            continue;
        }
        data.goods.push_back(std::move(entry));
    }
}

/// Affinity of two countries without data (assumed, 0.3-0.7).
constexpr double neutral_affinity = 0.5;

/// Reports processes of separation.csv without an input or without outputs.
void check_separation(const BaseData& data, const std::string& list, Problems& problems) {
    for (const BaseData::ProcessRow& process : data.processes) {
        if (!data.separation.contains(process.name)) {
            continue;
        }
        if (process.input_good.empty()) {
            problems.add({.key = process.name,
                          .what = "it has no input",
                          .why = "separation.csv lists it as separating an ore",
                          .suggestion = "fill in its input_good",
                          .where = {list}});
        }
        if (!data.baskets.contains(process.name)) {
            problems.add({.key = process.name,
                          .what = "it has no outputs",
                          .why = "separation.csv lists it as separating an ore",
                          .suggestion = "add its outputs to baskets.csv",
                          .where = {list}});
        }
    }
}

}  // namespace

double BaseData::find(const std::map<Key, double>& table, const std::string& first, const std::string& second,
                      double otherwise) const {
    const auto found = table.find({first, second});
    return found == table.end() ? otherwise : found->second;
}

std::string BaseData::file(const std::string& name) const {
    const auto found =
        std::find_if(files.begin(), files.end(), [&](const std::string& path) { return path.ends_with("/" + name); });
    return found == files.end() ? name : *found;
}

BaseData read_base_data(const std::string& folder_path, int base_year, Problems& problems) {
    BaseData data;
    DataFolder folder(folder_path, problems, data.files);
    read_countries(folder, data);
    read_goods(folder, data);
    const auto require_rows = [&](const char* list, std::size_t rows) {
        if (rows == 0 && problems.empty()) {
            problems.add({.what = "the table holds no rows",
                          .why = "the other tables refer to what it lists",
                          .suggestion = "restore the shipped table",
                          .where = {folder_path + "/" + list}});
        }
    };
    require_rows("countries.csv", data.countries.size());
    require_rows("goods.csv", data.goods.size());
    KnownNames known;
    for (const auto& country : data.countries) {
        known.countries.insert(country.code);
    }
    for (const auto& good : data.goods) {
        known.goods.insert(good.name);
    }
    read_process_list(folder, known, data);
    require_rows("processes.csv", data.processes.size());
    for (const auto& process : data.processes) {
        known.processes.insert(process.name);
    }
    read_quantities(folder, known, base_year, data);
    read_processes(folder, known, base_year, data);
    read_prices_and_trade(folder, known, base_year, data);
    read_us_facts(folder, known, base_year, data);
    read_observed_patterns(folder, known, data);
    read_base_measures(folder, known, base_year, data);
    read_outlook(folder, known, base_year, data);
    if (problems.empty()) {
        check_separation(data, folder_path + "/processes.csv", problems);
    }
    return data;
}

std::vector<std::string> outputs_of(const BaseData& data, const std::string& process) {
    std::set<std::string> made;
    if (const auto basket = data.baskets.find(process); basket != data.baskets.end()) {
        for (const auto& [good, share] : basket->second) {
            made.insert(good);
        }
    } else if (const auto output = data.production.find(process); output != data.production.end()) {
        for (const auto& [key, tonnes] : output->second) {
            made.insert(key.first);
        }
    }
    std::vector<std::string> outputs;
    for (const BaseData::GoodRow& good : data.goods) {
        if (made.contains(good.name)) {
            outputs.push_back(good.name);
        }
    }
    return outputs;
}

std::vector<double> affinities(const BaseData& data) {
    std::vector<double> all;
    if (data.affinity.empty()) {
        return all;
    }
    for (const BaseData::CountryRow& a : data.countries) {
        for (const BaseData::CountryRow& b : data.countries) {
            all.push_back(a.code == b.code ? 1.0 : data.find(data.affinity, a.code, b.code, neutral_affinity));
        }
    }
    return all;
}

Names names_of(const BaseData& data) {
    Names names;
    for (const auto& good : data.goods) {
        names.goods.push_back(good.name);
    }
    for (const auto& process : data.processes) {
        names.processes.push_back(process.name);
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
