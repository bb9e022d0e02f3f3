#include "core/config/csv_reader.hpp"

#include <set>
#include <utility>

namespace ytterby {

namespace {

constexpr std::size_t bytes_at_a_time = 1u << 16;
constexpr std::size_t most_columns = 65536;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Whether a byte begins a character; those that go on with one do not count as a column.
bool begins_character(char letter) { return (static_cast<unsigned char>(letter) & 0xC0) != 0x80; }

}  // namespace

CsvReader::CsvReader(std::string text, std::string file, Problems& problems)
    : text_(std::move(text)), file_(std::move(file)), problems_(problems) {
    at_ = text_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
}

CsvReader::CsvReader(std::unique_ptr<std::istream> stream, std::string file, Problems& problems)
    : stream_(std::move(stream)), file_(std::move(file)), problems_(problems) {
    has(byte_order_mark.size());
    at_ = text_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
}

bool CsvReader::has(std::size_t ahead) {
    while (at_ + ahead > text_.size() && stream_ && stream_->good()) {
        const std::size_t size = text_.size();
        text_.resize(size + bytes_at_a_time);
        stream_->read(text_.data() + size, static_cast<std::streamsize>(bytes_at_a_time));
        text_.resize(size + static_cast<std::size_t>(stream_->gcount()));
        if (stream_->bad()) {
            report(line_, column_, "the file could not be read to its end", "", "try again, or copy it anew");
        }
    }
    return at_ + ahead <= text_.size();
}

bool CsvReader::at_line_break() {
    return text_[at_] == '\n' || (text_[at_] == '\r' && (!has(2) || text_[at_ + 1] == '\n'));
}

void CsvReader::step() {
    if (text_[at_] == '\n') {
        ++line_;
        column_ = 1;
    } else if (begins_character(text_[at_])) {
        ++column_;
    }
    ++at_;
}

void CsvReader::step_over_line_break() {
    if (text_[at_] == '\r') {
        step();
    }
    if (has(1) && text_[at_] == '\n') {
        step();
    }
}

void CsvReader::skip_cell() {
    while (has(1) && text_[at_] != ',' && !at_line_break()) {
        step();
    }
}

void CsvReader::report(int line, int column, std::string what, std::string why, std::string suggestion) {
    is_sound_ = false;
    problems_.add({.what = std::move(what),
                   .why = std::move(why),
                   .suggestion = std::move(suggestion),
                   .where = {file_, line, column}});
}

/// Doubled quotes are replaced in place, so that the cell is a slice of the text.
CsvCell CsvReader::read_quoted() {
    CsvCell cell{.line = line_, .column = column_};
    step();
    const std::size_t begin = at_;
    std::size_t end = at_;
    while (true) {
        if (!has(1)) {
            report(cell.line, cell.column, "the quote that opens here is never closed",
                   "a quoted cell runs to the next single quote",
                   "close it, or double a quote that belongs to the text");
            break;
        }
        if (text_[at_] == '"') {
            step();
            if (!has(1) || text_[at_] != '"') {
                break;
            }
        }
        const char letter = text_[at_];
        step();
        text_[end++] = letter;
    }
    if (has(1) && text_[at_] != ',' && !at_line_break()) {
        report(line_, column_, "text after the closing quote", "a quoted cell ends at its quote",
               "double a quote that belongs to the text, or put the comma right after the quote");
        skip_cell();
    }
    cell.offset = begin;
    cell.length = static_cast<std::uint32_t>(end - begin);
    return cell;
}

CsvCell CsvReader::read_plain() {
    CsvCell cell{.offset = at_, .line = line_, .column = column_};
    while (has(1)) {
        const char letter = text_[at_];
        if (letter == ',' || ((letter == '\n' || letter == '\r') && at_line_break())) {
            break;
        }
        if (letter == '"') {
            report(line_, column_, "a quote inside an unquoted cell", "quotes enclose the whole cell",
                   "put the whole cell in quotes and double the inner ones");
            skip_cell();
            break;
        }
        column_ += begins_character(letter) ? 1 : 0;
        ++at_;
    }
    cell.length = static_cast<std::uint32_t>(at_ - cell.offset);
    return cell;
}

bool CsvReader::read_row(std::vector<CsvCell>& row) {
    row.clear();
    is_sound_ = true;
    if (stream_ && at_ > bytes_at_a_time) {
        text_.erase(0, std::exchange(at_, 0));
    }
    while (has(1) && at_line_break()) {
        step_over_line_break();  // empty lines are skipped
    }
    if (!has(1)) {
        return false;
    }
    while (true) {
        row.push_back(has(1) && text_[at_] == '"' ? read_quoted() : read_plain());
        if (!has(1)) {
            break;
        }
        if (text_[at_] == ',') {
            step();
            continue;
        }
        step_over_line_break();
        break;
    }
    if (is_sound_ && !columns_.empty()) {
        check_length(row);
    }
    return true;
}

void CsvReader::check_length(const std::vector<CsvCell>& row) {
    if (row.size() == columns_.size()) {
        return;
    }
    const bool more = row.size() > columns_.size();
    const CsvCell& odd = more ? row[columns_.size()] : row.back();
    report(
        odd.line, odd.column,
        "the row has " + std::to_string(row.size()) + " cells, the header " + std::to_string(columns_.size()),
        "every row must have as many cells as the header",
        more ? "put quotes around a text that holds a comma"
             : "add the missing cells; '" + columns_[row.size()] + "' is the first, unless the file was cut off here");
}

bool CsvReader::read_header() {
    std::vector<CsvCell> row;
    if (!read_row(row)) {
        report(1, 1, "the table is empty", "its first row must name the columns", "write a header row");
        return false;
    }
    if (row.size() > most_columns) {
        report(1, 1, "the header has " + std::to_string(row.size()) + " columns",
               "at most " + std::to_string(most_columns) + " are read", "turn columns into rows");
        return false;
    }
    header_where_ = {file_, row.front().line, row.front().column};
    std::vector<std::string> names;
    std::set<std::string_view> seen;
    for (const CsvCell& cell : row) {
        const std::string name(text(cell));
        if (name.empty()) {
            report(cell.line, cell.column, "a column without a name", "columns are found by name",
                   "name it in the header row");
        } else if (!seen.insert(text(cell)).second) {
            report(cell.line, cell.column, "a second column named '" + name + "'", "columns are found by name",
                   "rename one of them");
        }
        names.push_back(name);
    }
    if (names.size() == 1 && names.front().find_first_of(";\t") != std::string::npos) {
        report(1, 1, "the header is one single cell", "cells are separated by commas",
               "save the table with commas as separators");
    }
    if (is_sound_) {
        columns_ = std::move(names);
    }
    return is_sound_;
}

}  // namespace ytterby
