#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/table.hpp"
#include "simulation/scenario/base_data.hpp"

namespace ytterby {

/// One folder of tables; it lists the files that are read.
class DataFolder {
public:
    DataFolder(std::string folder, Problems& problems, std::vector<std::string>& files)
        : folder_(std::move(folder)), problems_(problems), files_(files) {}
    Table open(const std::string& name) {
        const std::string path = folder_ + "/" + name;
        files_.push_back(path);
        return Table::read_file(path, problems_);
    }
    /// Opens an optional table.
    std::optional<Table> open_if_there(const std::string& name) {
        if (!std::filesystem::exists(folder_ + "/" + name)) {
            return std::nullopt;
        }
        return open(name);
    }

private:
    std::string folder_;
    Problems& problems_;
    std::vector<std::string>& files_;
};

/// Checks names in a table against the names that another table defines. Where that table could not be read, nothing is
/// checked.
struct KnownNames {
    std::set<std::string> countries, goods, processes;
    /// A country's code; `also` is another text that the column may hold ("*" any, "OTH" not named by the source).
    std::string country(const Table& table, std::size_t row, const TableColumn& column,
                        std::string_view also = {}) const {
        return check(table, row, column, "country", countries, also);
    }
    std::string good(const Table& table, std::size_t row, const TableColumn& column, std::string_view also = {}) const {
        return check(table, row, column, "good", goods, also);
    }
    std::string process(const Table& table, std::size_t row, const TableColumn& column) const {
        return check(table, row, column, "process", processes, {});
    }

private:
    static std::string check(const Table& table, std::size_t row, const TableColumn& column, const std::string& what,
                             const std::set<std::string>& names, std::string_view also) {
        std::string name(table.required_text(row, column));
        if (!name.empty() && name != also && !names.empty() && !names.contains(name)) {
            const std::string list = what == "country" ? "countries.csv"
                                     : what == "good"  ? "goods.csv"
                                                       : "processes.csv";
            table.problem(row, column, "unknown " + what + " '" + name + "'", list + " does not list it",
                          suggest_name(name, std::vector<std::string>(names.begin(), names.end())));
        }
        return name;
    }
};

/// Bounds that several tables share.
inline constexpr double most_tonnes = 1e12;
inline CellBounds tonnes_per_year() { return {.low = 0.0, .high = most_tonnes, .unit = "t/year"}; }
inline CellBounds share_of_one() { return {.low = 0.0, .high = 1.0, .unit = "share"}; }

/// Whether a row is of the base year; its year must be a whole number.
inline bool of_year(const Table& table, std::size_t row, const TableColumn& year, int base_year) {
    return table.integer(row, year) == base_year;
}

// Readers of the tables, one file per group of tables; each adds the data of the base year.
void read_process_list(DataFolder& folder, const KnownNames& known, BaseData& data);
void read_quantities(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data);
void read_processes(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data);
void read_prices_and_trade(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data);
void read_ownership(DataFolder& folder, const KnownNames& known, BaseData& data);
void read_us_facts(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data);
void read_base_measures(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data);
void read_observed_patterns(DataFolder& folder, const KnownNames& known, BaseData& data);
void read_outlook(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data);

}  // namespace ytterby
