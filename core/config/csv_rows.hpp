#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/diagnostics.hpp"

namespace ytterby {

/// Iterates over the rows of a large CSV file (RFC 4180, the first row names the columns) without keeping its fields:
/// millions of rows take the memory of the text and one row. Problems are thrown as an InputError with file and line.
class CsvRows {
public:
    static CsvRows read_file(const std::string& path);
    CsvRows(std::string text, std::string file);
    CsvRows(const CsvRows&) = delete;  // fields are views of the text
    CsvRows& operator=(const CsvRows&) = delete;

    const std::vector<std::string>& columns() const { return columns_; }
    /// The number of a column; a missing one is an InputError with the nearest name.
    std::size_t column(const std::string& name) const;

    /// Goes to the next row; false at the end.
    bool next();
    /// A field of the current row, valid until the next.
    std::string_view text(std::size_t column) const { return cells_[column]; }
    /// A field as a number; NaN where it is empty.
    double number(std::size_t column) const;
    SourceLocation where() const { return {file_, row_line_, 1}; }
    [[noreturn]] void refuse(const std::string& column, std::string what, std::string why,
                             std::string suggestion) const;

private:
    bool read_row();

    std::string text_, file_;
    std::size_t at_ = 0;
    int line_ = 1, row_line_ = 1;
    std::vector<std::string> columns_;
    std::vector<std::string_view> cells_;
};

/// A whole text as a finite number.
bool read_number(std::string_view text, double& value);

}  // namespace ytterby
