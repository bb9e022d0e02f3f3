#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/csv_reader.hpp"
#include "core/config/diagnostics.hpp"

namespace ytterby {

/// Iterates over the rows of a large CSV file (see CsvReader; the first row names the columns) without keeping them:
/// millions of rows take the memory of one. Problems are thrown as an InputError with file and line.
class CsvRows {
public:
    static CsvRows read_file(const std::string& path);
    CsvRows(std::unique_ptr<std::istream> stream, std::string file);
    CsvRows(const CsvRows&) = delete;  // the reader knows where problems go
    CsvRows& operator=(const CsvRows&) = delete;

    const std::vector<std::string>& columns() const { return reader_.columns(); }
    /// The number of a column; a missing one is an InputError with the nearest name.
    std::size_t column(const std::string& name) const;

    /// Goes to the next row; false at the end.
    bool next();
    /// A field of the current row, valid until the next.
    std::string_view text(std::size_t column) const { return reader_.text(cells_[column]); }
    /// A field as a number; NaN where it is empty.
    double number(std::size_t column) const;
    /// Where the current row begins.
    SourceLocation where() const;
    [[noreturn]] void refuse(const std::string& column, std::string what, std::string why,
                             std::string suggestion) const;

private:
    std::string file_;
    Problems problems_;
    CsvReader reader_;
    std::vector<CsvCell> cells_;
};

}  // namespace ytterby
