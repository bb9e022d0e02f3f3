#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/table.hpp"
#include "simulation/base_data.hpp"

namespace ytterby {

/// One folder of tables: reads a file and remembers that it was read.
class DataFolder {
public:
    DataFolder(std::string folder, Problems& problems, std::vector<std::string>& files)
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
struct KnownWords {
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

/// Bounds that several tables share.
inline constexpr double most_tonnes = 1e12;
inline CellBounds tonnes_per_year() { return {.low = 0.0, .high = most_tonnes, .unit = "t/year"}; }
inline CellBounds share_of_one() { return {.low = 0.0, .high = 1.0, .unit = "share"}; }

/// Whether a row is about the base year; the year cell must be a whole number.
inline bool of_year(const Table& table, std::size_t row, const TableColumn& year, int base_year) {
    return table.integer(row, year) == base_year;
}

// The readers of the tables, one file per family; each adds what its tables say of the base year.
void read_quantities(DataFolder& folder, const KnownWords& known, int base_year, BaseData& data);
void read_processes(DataFolder& folder, const KnownWords& known, int base_year, BaseData& data);
void read_prices_and_trade(DataFolder& folder, const KnownWords& known, int base_year, BaseData& data);
void read_us_facts(DataFolder& folder, const KnownWords& known, int base_year, BaseData& data);

}  // namespace ytterby
