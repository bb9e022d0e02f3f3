#include "simulation/scenario/data_folder.hpp"

#include <cmath>
#include <map>
#include <set>

namespace ytterby {

using Key = BaseData::Key;

void read_process_list(DataFolder& folder, const KnownNames& known, BaseData& data) {
    const Table table = folder.open("processes.csv");
    const auto process = table.column("process");
    const auto kind = table.column("kind");
    const auto input = table.column("input_good");
    const auto host = table.column("host");
    const auto elasticity = table.column("supply_elasticity");
    const auto minimum = table.column("minimum_run_rate");
    std::set<std::string> seen;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        BaseData::ProcessRow entry;
        entry.name = table.required_text(row, process);
        if (entry.name.empty()) {
            continue;  // already reported
        }
        if (!seen.insert(entry.name).second) {
            table.problem(row, process, "process '" + entry.name + "' is listed twice", "names are unique",
                          "drop one row");
            continue;
        }
        entry.kind = table.required_text(row, kind);
        if (entry.kind != "miner" && entry.kind != "refiner") {
            table.problem(row, kind, "unknown kind '" + entry.kind + "'",
                          "a process mines (no traded input) or refines", "write miner or refiner");
        }
        entry.input_good = table.text(row, input).empty() ? "" : known.good(table, row, input);
        entry.host = table.text(row, host);
        entry.supply_elasticity = table.number(row, elasticity, {.low = 0.0, .high = 5.0});
        entry.minimum_run_rate = table.number(row, minimum, share_of_one());
        data.processes.push_back(std::move(entry));
    }
}

namespace {

void read_baskets(DataFolder& folder, const KnownNames& known, BaseData& data) {
    const Table table = folder.open("baskets.csv");
    const auto process = table.column("process");
    const auto good = table.column("good");
    const auto part = table.column("share");
    std::map<std::string, double> sums;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string name = known.process(table, row, process);
        const double value = table.number(row, part, share_of_one());
        sums[name] += value;
        if (sums[name] > 1.0 + 1e-9) {
            table.problem(row, part, "shares of " + name + " add up to more than 1",
                          "a tonne of ore cannot give more than a tonne", "check the shares of the basket");
        }
        if (const std::string output = known.good(table, row, good, "other"); output != "other") {
            data.baskets[name][output] = value;
        }
    }
}

void read_yields(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data) {
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

void read_capacity(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data) {
    const Table table = folder.open("capacity.csv");
    const auto process = table.column("process");
    const auto country = table.column("country");
    const auto year = table.optional_column("year");
    const auto utilisation = table.column("utilisation_share");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const bool any_year = !year.found || table.text(row, year).empty() || table.text(row, year) == "*";
        const Key key{known.process(table, row, process), known.country(table, row, country, "*")};
        const double value = table.number(row, utilisation, {.low = 0.0, .high = 1.0, .unit = "share"});
        if (value <= 0.0) {
            continue;  // idle capacity: no plant runs there
        }
        if (any_year || of_year(table, row, year, base_year)) {
            data.utilisation[key] = value;
        }
    }
}

void read_hosts(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data) {
    const Table table = folder.open("hosts.csv");
    const auto process = table.column("process");
    const auto country = table.column("country");
    const auto year = table.column("year");
    const auto potential = table.column("potential_t");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const Key key{known.process(table, row, process), known.country(table, row, country)};
        const auto value = table.optional_number(row, potential, tonnes_per_year());
        if (value && of_year(table, row, year, base_year)) {
            data.host_potential[key] = *value;
        }
    }
}

void read_inventories(DataFolder& folder, const KnownNames& known, BaseData& data) {
    const Table table = folder.open("inventories.csv");
    const auto good = table.column("good");
    const auto role = table.column("role");
    const auto months = table.column("months");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        data.cover_months[{known.good(table, row, good), std::string(table.required_text(row, role))}] =
            table.number(row, months, {.low = 0.0, .high = 120.0, .unit = "months"});
    }
}

void read_elasticities(DataFolder& folder, const KnownNames& known, BaseData& data) {
    const Table table = folder.open("elasticities.csv");
    const auto good = table.column("good");
    const auto parameter = table.column("parameter");
    const auto value = table.column("value");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        data.elasticities[{known.good(table, row, good), std::string(table.required_text(row, parameter))}] =
            std::abs(table.number(row, value, {.low = -5.0, .high = 5.0}));
    }
}

}  // namespace

void read_processes(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data) {
    read_baskets(folder, known, data);
    read_yields(folder, known, base_year, data);
    read_capacity(folder, known, base_year, data);
    read_hosts(folder, known, base_year, data);
    read_inventories(folder, known, data);
    read_elasticities(folder, known, data);
}

}  // namespace ytterby
