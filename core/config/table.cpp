#include "core/config/table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/config/text_file.hpp"
#include "core/number_text.hpp"

namespace ytterby {

namespace {

constexpr std::size_t most_bytes = 1u << 30;

/// A bound with its unit, for messages.
std::string bound_text(double bound, const std::string& unit) {
    return number_text(bound) + (unit.empty() ? "" : " " + unit);
}

std::string quoted_start(std::string_view text) {
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
    table.problems_ = &problems;
    CsvReader reader(std::move(text), file, problems);
    if (reader.read_header()) {
        table.columns_ = reader.columns();
        table.header_where_ = reader.header_where();
        std::vector<CsvCell> row;
        while (reader.read_row(row)) {
            if (reader.is_sound()) {
                table.cells_.insert(table.cells_.end(), row.begin(), row.end());
            }
        }
    }
    table.content_ = reader.take_text();
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
    const CsvCell& held = cell(row, column);
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
        problem(row, column, quoted_start(held) + " is not a number", "", suggest_number(held));
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
        problem(row, column, quoted_start(text(row, column)) + " is not a whole number", "",
                "write it without a fraction");
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
        problem(row, column, quoted_start(held) + " is neither yes nor no", "",
                "write 1 or 0, true or false, yes or no");
    }
    return false;
}

SourceLocation Table::location(std::size_t row, const TableColumn& column) const {
    if (!column.found) {
        return header_where_;
    }
    const CsvCell& held = cell(row, column);
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
