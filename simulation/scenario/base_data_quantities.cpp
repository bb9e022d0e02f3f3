#include "simulation/scenario/data_folder.hpp"

namespace ytterby {
namespace {

using Key = BaseData::Key;

/// Reads a table of tonnes by good, country and year and calls `take` for each row of the base year.
template <class Take>
void read_tonnes(const Table& table, const char* good_column, const KnownNames& known, int base_year, Take&& take) {
    const auto good = table.column(good_column);
    const auto country = table.column("country");
    const auto year = table.column("year");
    const auto amount = table.column("tonnes");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const Key key{known.good(table, row, good), known.country(table, row, country)};
        const double tonnes = table.number(row, amount, tonnes_per_year());
        if (of_year(table, row, year, base_year)) {
            take(row, key, tonnes);
        }
    }
}

/// The same for a table with a process in each row; rows of 0 tonnes are skipped.
void read_by_process(const Table& table, const char* good_column, const KnownNames& known, int base_year,
                     std::map<std::string, std::map<Key, double>>& into) {
    const auto process = table.column("process");
    std::vector<std::string> names;  // of every row, of any year
    for (std::size_t row = 0; row < table.rows(); ++row) {
        names.push_back(known.process(table, row, process));
    }
    read_tonnes(table, good_column, known, base_year, [&](std::size_t row, const Key& key, double tonnes) {
        if (tonnes > 0.0) {
            into[names[row]][key] += tonnes;
        }
    });
}

}  // namespace

void read_quantities(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data) {
    read_by_process(folder.open("production.csv"), "good", known, base_year, data.production);
    read_by_process(folder.open("separation.csv"), "ore_good", known, base_year, data.separation);
    read_tonnes(folder.open("use.csv"), "good", known, base_year, [&](std::size_t, const Key& key, double tonnes) {
        if (tonnes > 0.0) {
            data.use[key] += tonnes;
        }
    });
    read_tonnes(folder.open("exports.csv"), "good", known, base_year,
                [&](std::size_t, const Key& key, double tonnes) { data.exports[key] = tonnes; });
}

}  // namespace ytterby
