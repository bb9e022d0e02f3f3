#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/csv_reader.hpp"
#include "core/config/diagnostics.hpp"

namespace ytterby {

/// A column of a table; `found` is false when the table has no such column, which is reported once.
struct TableColumn {
    std::string name = {};
    std::size_t index = 0;
    bool found = false;
};

/// Bounds and unit of the numbers of a column, for checks and messages.
struct CellBounds {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    std::string unit = {};
};

/// A data table read from CSV (see CsvReader) as a whole. The first row names the columns. Every cell knows its file,
/// line and column. Problems go to the collection given at reading, which must outlive the table.
class Table {
public:
    /// Reads a file. A file that cannot be read, a malformed row or a row with the wrong number of cells is a Problem;
    /// such rows are left out, and a table without a readable header has no columns and no rows.
    static Table read_file(const std::string& path, Problems& problems);

    /// Reads from text; `file` names it in messages.
    static Table parse(std::string text, const std::string& file, Problems& problems);

    std::size_t rows() const { return columns_.empty() ? 0 : cells_.size() / columns_.size(); }
    const std::vector<std::string>& column_names() const { return columns_; }
    const std::string& file() const { return file_; }
    /// False when the table could not be read at all.
    bool is_readable() const { return !columns_.empty(); }
    bool has_column(std::string_view name) const;

    /// Finds a column; a missing one is a Problem with the nearest name, and its cells then read as empty.
    TableColumn column(std::string_view name) const;
    /// Finds a column that may be missing.
    TableColumn optional_column(std::string_view name) const;

    /// The text of a cell, valid as long as the table. `row` counts data rows from 0.
    std::string_view text(std::size_t row, const TableColumn& column) const;
    /// The text of a cell that must not be empty.
    std::string_view required_text(std::size_t row, const TableColumn& column) const;
    /// A finite number within bounds; a malformed or empty cell or one out of bounds is a Problem and reads as NaN.
    double number(std::size_t row, const TableColumn& column, const CellBounds& bounds = {}) const;
    /// A number, or nothing when the cell is empty (malformed cells are still a Problem).
    std::optional<double> optional_number(std::size_t row, const TableColumn& column,
                                          const CellBounds& bounds = {}) const;
    /// A whole number within bounds; a malformed cell is a Problem and reads as 0.
    std::int64_t integer(std::size_t row, const TableColumn& column, const CellBounds& bounds = {}) const;
    /// `0`/`1`, `false`/`true`, `no`/`yes`; anything else is a Problem and reads as false.
    bool boolean(std::size_t row, const TableColumn& column) const;

    /// The location of a cell.
    SourceLocation location(std::size_t row, const TableColumn& column) const;
    /// Adds a problem that the caller found with a cell.
    void problem(std::size_t row, const TableColumn& column, std::string what, std::string why = {},
                 std::string suggestion = {}) const;

private:
    Table() = default;
    const CsvCell& cell(std::size_t row, const TableColumn& column) const {
        return cells_[row * columns_.size() + column.index];
    }
    std::optional<double> parse_number(std::size_t row, const TableColumn& column, const CellBounds& bounds) const;

    std::string file_;
    std::string content_;
    std::vector<std::string> columns_;
    SourceLocation header_where_;
    std::vector<CsvCell> cells_;
    Problems* problems_ = nullptr;
};

}  // namespace ytterby
