#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace ytterby {

/// A field of a table of results; NaN is written as an empty field or NULL.
using TableCell = std::variant<double, std::int64_t, std::string>;

/// A tidy table of results: one row an observation.
struct AnalysisTable {
    std::string name;  // of the file and of the table in analysis.sqlite
    std::vector<std::string> columns;
    std::vector<std::vector<TableCell>> rows;
};

/// Writes each table as NAME.csv and all of them into analysis.sqlite, replacing tables of the same name and keeping
/// others. Throws RecordError when something cannot be written.
void write_tables(const std::filesystem::path& folder, const std::vector<AnalysisTable>& tables);

}  // namespace ytterby
