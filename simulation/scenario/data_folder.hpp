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
    /// A table that a data folder may do without.
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

/// Checks words of a table against those that another table defined. Where the defining table could
/// not be read there is nothing to check against.
struct KnownNames {
    std::set<std::string> countries, goods, processes;
    /// A country's code; `also` is one more word that the column may hold ("*" any, "OTH" not named by the source).
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
                             const std::set<std::string>& words, std::string_view also) {
        std::string word(table.required_text(row, column));
        if (!word.empty() && word != also && !words.empty() && !words.contains(word)) {
            const std::string list = what == "country" ? "countries.csv"
                                     : what == "good"  ? "goods.csv"
                                                       : "processes.csv";
            table.problem(row, column, "unknown " + what + " '" + word + "'", list + " does not list it",
                          suggest_name(word, std::vector<std::string>(words.begin(), words.end())));
        }
        return word;
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
void read_process_list(DataFolder& folder, const KnownNames& known, BaseData& data);
void read_quantities(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data);
void read_processes(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data);
void read_prices_and_trade(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data);
void read_ownership(DataFolder& folder, const KnownNames& known, BaseData& data);
void read_us_facts(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data);
void read_observed_patterns(DataFolder& folder, const KnownNames& known, BaseData& data);
void read_outlook(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data);

}  // namespace ytterby
