#include "experiments/analysis/analysis_table.hpp"

#include <cmath>

#include "core/check.hpp"
#include "records/csv.hpp"
#include "records/store/sqlite.hpp"
#include "records/whole_file.hpp"

namespace ytterby {
namespace {

std::string csv_of(const AnalysisTable& table) {
    std::string text;
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        text += column > 0 ? "," : "";
        append_csv_text(text, table.columns[column]);
    }
    text += "\r\n";
    for (const std::vector<TableCell>& row : table.rows) {
        ensure(row.size() == table.columns.size(), "a row has a field for every column");
        for (std::size_t column = 0; column < row.size(); ++column) {
            text += column > 0 ? "," : "";
            if (const auto* text_field = std::get_if<std::string>(&row[column])) {
                append_csv_text(text, *text_field);
            } else if (const auto* whole = std::get_if<std::int64_t>(&row[column])) {
                append_csv_number(text, *whole);
            } else {
                append_csv_number(text, std::get<double>(row[column]));
            }
        }
        text += "\r\n";
    }
    return text;
}

std::string quoted(const std::string& name) {
    std::string text = "\"";
    for (const char letter : name) {
        text += letter == '"' ? "\"\"" : std::string(1, letter);
    }
    return text + "\"";
}

void insert(Database& database, const AnalysisTable& table) {
    std::string columns, marks;
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        const bool is_text = !table.rows.empty() && std::holds_alternative<std::string>(table.rows.front()[column]);
        const bool is_whole = !table.rows.empty() && std::holds_alternative<std::int64_t>(table.rows.front()[column]);
        columns += (column > 0 ? ", " : "") + quoted(table.columns[column]) +
                   (is_text    ? " TEXT"
                    : is_whole ? " INTEGER"
                               : " REAL");
        marks += column > 0 ? ", ?" : "?";
    }
    database.execute("DROP TABLE IF EXISTS " + quoted(table.name));
    database.execute("CREATE TABLE " + quoted(table.name) + " (" + columns + ")");
    Statement statement(database, "INSERT INTO " + quoted(table.name) + " VALUES (" + marks + ")");
    for (const std::vector<TableCell>& row : table.rows) {
        for (std::size_t column = 0; column < row.size(); ++column) {
            const int place = static_cast<int>(column) + 1;
            if (const auto* text_field = std::get_if<std::string>(&row[column])) {
                statement.bind(place, std::string_view(*text_field));
            } else if (const auto* whole = std::get_if<std::int64_t>(&row[column])) {
                statement.bind(place, *whole);
            } else if (const double value = std::get<double>(row[column]); std::isfinite(value)) {
                statement.bind(place, value);
            } else {
                statement.bind_null(place);
            }
        }
        statement.step();
    }
}

}  // namespace

void write_tables(const std::filesystem::path& folder, const std::vector<AnalysisTable>& tables) {
    std::error_code trouble;
    std::filesystem::create_directories(folder, trouble);
    if (trouble) {
        throw RecordError("cannot make the folder " + folder.string() + ": " + trouble.message());
    }
    for (const AnalysisTable& table : tables) {
        write_whole_file(folder / (table.name + ".csv"), csv_of(table));
    }
    Database database((folder / "analysis.sqlite").string(), DatabaseAccess::write);
    database.execute("BEGIN");
    try {
        for (const AnalysisTable& table : tables) {
            insert(database, table);
        }
        database.execute("COMMIT");
    } catch (...) {
        database.roll_back();
        throw;
    }
}

}  // namespace ytterby
