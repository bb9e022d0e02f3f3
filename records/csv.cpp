#include "records/csv.hpp"

#include <charconv>
#include <cmath>
#include <fstream>

#include "core/number_text.hpp"
#include "core/printable.hpp"
#include "records/store/schema.hpp"
#include "records/store/stored_run.hpp"
#include "records/whole_file.hpp"

namespace ytterby {

namespace {

/// Whether a spreadsheet would take a text for a formula. Signed numbers are none.
bool looks_like_formula(std::string_view text) {
    if (text.empty() || std::string_view("=+-@\t\r").find(text.front()) == std::string_view::npos) {
        return false;
    }
    double number = 0.0;
    const std::string_view rest = text.front() == '+' ? text.substr(1) : text;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    return text.size() > 1 && !(read.ec == std::errc() && read.ptr == rest.data() + rest.size());
}

}  // namespace

void append_csv_text(std::string& line, std::string_view written) {
    const std::string text = (looks_like_formula(written) ? "'" : "") + printable(written);
    const bool outer_blank = !text.empty() && (text.front() == ' ' || text.back() == ' ');
    if (!outer_blank && text.find_first_of(",\"\r\n") == std::string_view::npos) {
        line += text;
        return;
    }
    line += '"';
    for (const char letter : text) {
        if (letter == '"') {
            line += '"';
        }
        line += letter;
    }
    line += '"';
}

void append_csv_number(std::string& line, double value) {
    if (std::isfinite(value)) {
        append_number(line, value);
    }
}

void append_csv_number(std::string& line, std::int64_t value) { line += std::to_string(value); }

std::int64_t write_csv(Statement& query, std::ostream& out) {
    constexpr std::size_t buffered = 1u << 16;
    std::string text;
    const int columns = query.columns();
    for (int column = 0; column < columns; ++column) {
        if (column > 0) {
            text += ',';
        }
        append_csv_text(text, query.column_name(column));
    }
    text += "\r\n";
    std::int64_t rows = 0;
    while (query.step()) {
        for (int column = 0; column < columns; ++column) {
            if (column > 0) {
                text += ',';
            }
            if (query.is_null(column)) {
                continue;
            }
            if (query.is_integer(column)) {
                append_csv_number(text, query.integer(column));
            } else if (query.is_text(column)) {
                append_csv_text(text, query.text(column));
            } else {
                append_csv_number(text, query.real(column));
            }
        }
        text += "\r\n";
        ++rows;
        if (text.size() >= buffered) {
            out.write(text.data(), static_cast<std::streamsize>(text.size()));
            text.clear();
        }
    }
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.flush();
    if (!out) {
        throw RecordError("cannot write CSV: the disk is full or the file cannot be written");
    }
    return rows;
}

std::int64_t export_csv(const std::filesystem::path& folder) {
    const Database run = open_run(folder);
    const std::filesystem::path target = folder / "csv";
    make_own_folder(target);
    std::int64_t rows = 0;
    for (const std::span<const TableSchema> group : {tables(), side_tables()}) {
        for (const TableSchema& table : group) {
            const bool has_ticks = table.fields.front().name == "tick";
            Statement query(run, "SELECT * FROM " + std::string(table.name) + (has_ticks ? " ORDER BY tick" : ""));
            write_whole_file(target / (std::string(table.name) + ".csv"),
                             [&](std::ostream& out) { rows += write_csv(query, out); });
        }
    }
    return rows;
}

}  // namespace ytterby
