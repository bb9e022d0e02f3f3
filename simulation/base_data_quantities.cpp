#include "simulation/data_folder.hpp"

namespace ytterby {

using Key = BaseData::Key;

void read_quantities(DataFolder& folder, const KnownWords& known, int base_year, BaseData& data) {
    {
        const Table table = folder.open("production.csv");
        const auto good = table.column("good");
        const auto country = table.column("country");
        const auto process = table.column("process");
        const auto year = table.column("year");
        const auto amount = table.column("tonnes");
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const Key key{known.good(table, row, good), known.country(table, row, country)};
            const double value = table.number(row, amount, tonnes_per_year());
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
            const double value = table.number(row, amount, tonnes_per_year());
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
            const double value = table.number(row, amount, tonnes_per_year());
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
            const double value = table.number(row, amount, tonnes_per_year());
            if (of_year(table, row, year, base_year)) {
                data.exports[key] = value;
            }
        }
    }
}

}  // namespace ytterby
