#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/diagnostics.hpp"

namespace ytterby {

/// A cell as a slice of the text, and the place where it begins.
struct CsvCell {
    std::size_t offset = 0;
    std::uint32_t length = 0;
    std::int32_t line = 0;
    std::int32_t column = 0;
};

/// Reads CSV row by row (RFC 4180: commas, quoted cells, doubled quotes, line breaks inside quotes; a UTF-8 byte order
/// mark and CRLF are accepted, empty lines are skipped). What is malformed goes to the problems given.
class CsvReader {
public:
    /// Reads from a text, which is kept whole: cells stay valid. `file` names it in messages.
    CsvReader(std::string text, std::string file, Problems& problems);
    /// Reads from a stream, of which no more than a row is kept: cells are valid until the next row is read.
    CsvReader(std::unique_ptr<std::istream> stream, std::string file, Problems& problems);

    /// Reads the first row, which names the columns; false when it is malformed, and then there are no columns.
    bool read_header();
    const std::vector<std::string>& columns() const { return columns_; }
    SourceLocation header_where() const { return header_where_; }

    /// Reads the next row; false at the end.
    bool read_row(std::vector<CsvCell>& row);
    /// Whether the last row was well-formed and, after a header, as long as the header.
    bool is_sound() const { return is_sound_; }

    std::string_view text(const CsvCell& cell) const {
        return std::string_view(text_).substr(cell.offset, cell.length);
    }
    /// Hands over the text of which the cells are slices; the reader is of no use afterwards.
    std::string take_text() { return std::move(text_); }

private:
    /// Whether there are `ahead` more bytes; reads on in the stream for them.
    bool has(std::size_t ahead);
    bool at_line_break();
    void step();
    void step_over_line_break();
    void skip_cell();
    CsvCell read_quoted();
    CsvCell read_plain();
    void check_length(const std::vector<CsvCell>& row);
    void report(int line, int column, std::string what, std::string why, std::string suggestion);

    std::string text_;
    std::unique_ptr<std::istream> stream_;
    std::string file_;
    Problems& problems_;
    std::vector<std::string> columns_;
    SourceLocation header_where_;
    std::size_t at_ = 0;
    int line_ = 1, column_ = 1;
    bool is_sound_ = true;
};

}  // namespace ytterby
