#include "core/config/table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/config/json.hpp"
#include "core/config/text_file.hpp"

namespace ytterby {

namespace {

constexpr std::size_t most_bytes = 1u << 30;

/// A bound with its unit, for messages.
std::string bound_text(double bound, const std::string& unit) {
    return json_number(bound) + (unit.empty() ? "" : " " + unit);
}

std::string shown(std::string_view text) {
    constexpr std::size_t most_shown = 60;
    return "\"" + std::string(text.substr(0, most_shown)) + (text.size() > most_shown ? "..." : "") + "\"";
}

/// Suggests how to correct a malformed number.
std::string suggest_number(std::string_view text) {
    if (text.find_first_of("0123456789") == std::string_view::npos) {
        return "write a number, or leave the row out";
    }
    if (text.find(',') != std::string_view::npos) {
        return "write it with a decimal point and without thousands separators";
    }
    if (text.back() == '%') {
        return "write a share, such as 0.25 for 25%";
    }
    if (text.find_first_of(" \t") != std::string_view::npos) {
        return "remove the spaces";
    }
    return "write digits, one point and an exponent; units belong in the column's name";
}

}  // namespace

/// Reads the text once; doubled quotes are replaced in place, so that each cell is a slice of the text.
struct Table::Parser {
    Table& table;
    Problems& problems;
    std::string& text = table.content_;
    std::size_t at = 0;
    int line = 1;
    int column = 1;
    bool row_sound = true;

    bool at_end() const { return at >= text.size(); }
    bool at_line_break() const {
        return text[at] == '\n' || (text[at] == '\r' && (at + 1 >= text.size() || text[at + 1] == '\n'));
    }

    void step() {
        if (text[at] == '\n') {
            ++line;
            column = 1;
        } else if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) {  // count characters, not bytes
            ++column;
        }
        ++at;
    }

    void report(int at_line, int at_column, std::string what, std::string why, std::string suggestion) {
        row_sound = false;
        problems.add({.what = std::move(what),
                      .why = std::move(why),
                      .suggestion = std::move(suggestion),
                      .where = {table.file_, at_line, at_column}});
    }

    Cell read_quoted() {
        Cell cell{.line = line, .column = column};
        step();
        const std::size_t begin = at;
        std::size_t end = at;
        while (true) {
            if (at_end()) {
                report(cell.line, cell.column, "the quote that opens here is never closed",
                       "a quoted cell runs to the next single quote",
                       "close it, or double a quote that belongs to the text");
                break;
            }
            if (text[at] == '"') {
                step();
                if (at_end() || text[at] != '"') {
                    break;
                }
            }
            const char letter = text[at];
            step();
            text[end++] = letter;
        }
        if (!at_end() && text[at] != ',' && !at_line_break()) {
            report(line, column, "text after the closing quote", "a quoted cell ends at its quote",
                   "double a quote that belongs to the text, or put the comma right after the quote");
            while (!at_end() && text[at] != ',' && !at_line_break()) {
                step();
            }
        }
        cell.offset = static_cast<std::uint32_t>(begin);
        cell.length = static_cast<std::uint32_t>(end - begin);
        return cell;
    }

    Cell read_plain() {
        Cell cell{.offset = static_cast<std::uint32_t>(at), .line = line, .column = column};
        while (!at_end() && text[at] != ',' && !at_line_break()) {
            if (text[at] == '"') {
                report(line, column, "a quote inside an unquoted cell", "quotes enclose the whole cell",
                       "put the whole cell in quotes and double the inner ones");
                while (!at_end() && text[at] != ',' && !at_line_break()) {
                    step();
                }
                break;
            }
            step();
        }
        cell.length = static_cast<std::uint32_t>(at - cell.offset);
        return cell;
    }

    /// Reads one row into `row`; false at the end of the text.
    bool read_row(std::vector<Cell>& row) {
        row.clear();
        row_sound = true;
        while (!at_end() && at_line_break()) {
            step_over_line_break();  // empty lines are skipped
        }
        if (at_end()) {
            return false;
        }
        while (true) {
            const bool quoted = !at_end() && text[at] == '"';
            row.push_back(quoted ? read_quoted() : read_plain());
            if (at_end()) {
                break;
            }
            if (text[at] == ',') {
                step();
                continue;
            }
            step_over_line_break();
            break;
        }
        return true;
    }

    void step_over_line_break() {
        if (text[at] == '\r') {
            step();
        }
        if (!at_end() && text[at] == '\n') {
            step();
        }
    }

    void read_header() {
        std::vector<Cell> row;
        if (!read_row(row)) {
            report(1, 1, "the table is empty", "its first row must name the columns", "write a header row");
            return;
        }
        constexpr std::size_t most_columns = 4096;
        if (row.size() > most_columns) {
            report(1, 1, "the header has " + std::to_string(row.size()) + " columns",
                   "at most " + std::to_string(most_columns) + " are read", "turn columns into rows");
            return;
        }
        table.header_where_ = {table.file_, row.front().line, row.front().column};
        for (const Cell& cell : row) {
            const std::string name = text.substr(cell.offset, cell.length);
            if (name.empty()) {
                report(cell.line, cell.column, "a column without a name", "columns are found by name",
                       "name it in the header row");
            } else if (table.has_column(name)) {
                report(cell.line, cell.column, "a second column named '" + name + "'", "columns are found by name",
                       "rename one of them");
            }
            table.columns_.push_back(name);
        }
        if (row.size() == 1 && table.columns_.front().find_first_of(";\t") != std::string::npos) {
            report(1, 1, "the header is one single cell", "cells are separated by commas",
                   "save the table with commas as separators");
        }
        if (!row_sound) {
            table.columns_.clear();
        }
    }

    void read_rows() {
        std::vector<Cell> row;
        while (read_row(row)) {
            if (!row_sound) {
                continue;
            }
            if (row.size() == table.columns_.size()) {
                table.cells_.insert(table.cells_.end(), row.begin(), row.end());
                continue;
            }
            const bool more = row.size() > table.columns_.size();
            const Cell& odd = more ? row[table.columns_.size()] : row.back();
            report(odd.line, odd.column,
                   "the row has " + std::to_string(row.size()) + " cells, the header " +
                       std::to_string(table.columns_.size()),
                   "every row must have as many cells as the header",
                   more ? "put quotes around a text that holds a comma"
                        : "add the missing cells; '" + table.columns_[row.size()] + "' is the first");
        }
    }
};

Table Table::read_file(const std::string& path, Problems& problems) {
    std::string why;
    auto content = read_text_file(path, most_bytes, why);
    if (!content) {
        const std::string nearest = nearest_file(path);
        problems.add({.what = "cannot read the table '" + path + "'",
                      .why = why,
                      .suggestion = nearest.empty() ? "check the path" : "did you mean '" + nearest + "'?",
                      .where = {.file = path}});
        Table table;
        table.file_ = path;
        table.problems_ = &problems;
        return table;
    }
    return parse(std::move(*content), path, problems);
}

Table Table::parse(std::string text, const std::string& file, Problems& problems) {
    Table table;
    table.file_ = file;
    table.content_ = std::move(text);
    table.problems_ = &problems;
    Parser parser{.table = table, .problems = problems};
    if (table.content_.starts_with("\xEF\xBB\xBF")) {
        parser.at = 3;
    }
    parser.read_header();
    if (table.is_readable()) {
        parser.read_rows();
    }
    return table;
}

bool Table::has_column(std::string_view name) const {
    return std::find(columns_.begin(), columns_.end(), name) != columns_.end();
}

TableColumn Table::optional_column(std::string_view name) const {
    const auto found = std::find(columns_.begin(), columns_.end(), name);
    return {.name = std::string(name),
            .index = static_cast<std::size_t>(found - columns_.begin()),
            .found = found != columns_.end()};
}

TableColumn Table::column(std::string_view name) const {
    TableColumn column = optional_column(name);
    if (!column.found && is_readable()) {
        problems_->add({.key = column.name,
                        .what = "there is no such column",
                        .why = "the table needs it",
                        .suggestion = suggest_name(name, columns_),
                        .where = header_where_});
    }
    return column;
}

std::string_view Table::text(std::size_t row, const TableColumn& column) const {
    if (!column.found) {
        return {};
    }
    const Cell& held = cell(row, column);
    return std::string_view(content_).substr(held.offset, held.length);
}

std::string_view Table::required_text(std::size_t row, const TableColumn& column) const {
    const std::string_view held = text(row, column);
    if (column.found && held.empty()) {
        problem(row, column, "the cell is empty", "a value is needed here", "fill it in");
    }
    return held;
}

std::optional<double> Table::parse_number(std::size_t row, const TableColumn& column, const CellBounds& bounds) const {
    std::string_view held = text(row, column);
    while (!held.empty() && held.front() == ' ') {
        held.remove_prefix(1);
    }
    while (!held.empty() && held.back() == ' ') {
        held.remove_suffix(1);
    }
    if (held.empty()) {
        return std::nullopt;
    }
    double value = 0.0;
    const char* begin = held.data() + (held.front() == '+' && held.size() > 1 && held[1] != '-' ? 1 : 0);
    const char* end = held.data() + held.size();
    const auto parsed = std::from_chars(begin, end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end || !std::isfinite(value)) {
        problem(row, column, shown(held) + " is not a number", "", suggest_number(held));
        return std::numeric_limits<double>::quiet_NaN();
    }
    const bool low = value < bounds.low;
    if (low || value > bounds.high) {
        problem(row, column,
                std::string(held) + (low ? " is below the least allowed, " + bound_text(bounds.low, bounds.unit)
                                         : " is above the most allowed, " + bound_text(bounds.high, bounds.unit)),
                "", "check the value and its unit");
        return std::numeric_limits<double>::quiet_NaN();
    }
    return value;
}

double Table::number(std::size_t row, const TableColumn& column, const CellBounds& bounds) const {
    const auto value = parse_number(row, column, bounds);
    if (!value && column.found) {
        problem(row, column, "the cell is empty", "a number is needed here", "fill it in");
    }
    return value.value_or(std::numeric_limits<double>::quiet_NaN());
}

std::optional<double> Table::optional_number(std::size_t row, const TableColumn& column,
                                             const CellBounds& bounds) const {
    const auto value = parse_number(row, column, bounds);
    return value && std::isnan(*value) ? std::nullopt : value;
}

std::int64_t Table::integer(std::size_t row, const TableColumn& column, const CellBounds& bounds) const {
    const double value = number(row, column, bounds);
    if (std::isnan(value)) {
        return 0;
    }
    constexpr double exact = 9007199254740992.0;  // 2^53: beyond it a double skips whole numbers
    if (value != std::floor(value) || std::abs(value) > exact) {
        problem(row, column, shown(text(row, column)) + " is not a whole number", "", "write it without a fraction");
        return 0;
    }
    return static_cast<std::int64_t>(value);
}

bool Table::boolean(std::size_t row, const TableColumn& column) const {
    const std::string_view held = text(row, column);
    if (held == "1" || held == "true" || held == "yes") {
        return true;
    }
    if (held != "0" && held != "false" && held != "no" && column.found) {
        problem(row, column, shown(held) + " is neither yes nor no", "", "write 1 or 0, true or false, yes or no");
    }
    return false;
}

SourceLocation Table::location(std::size_t row, const TableColumn& column) const {
    if (!column.found) {
        return header_where_;
    }
    const Cell& held = cell(row, column);
    return {file_, held.line, held.column};
}

void Table::problem(std::size_t row, const TableColumn& column, std::string what, std::string why,
                    std::string suggestion) const {
    problems_->add({.key = column.name,
                    .what = std::move(what),
                    .why = std::move(why),
                    .suggestion = std::move(suggestion),
                    .where = location(row, column)});
}

}  // namespace ytterby
