#pragma once

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string>
#include <string_view>

#include "records/store/sqlite.hpp"

namespace ytterby {

/// Appends a text as a CSV cell: quoted when it holds a comma, a quote, a line break or outer blanks (RFC 4180).
/// Control characters become visible, and what a spreadsheet would take for a formula gets an apostrophe before it.
void append_csv_text(std::string& line, std::string_view text);
/// Appends a number in the shortest form that reads back the same; NaN and infinities become an empty cell.
void append_csv_number(std::string& line, double value);
void append_csv_number(std::string& line, std::int64_t value);

/// Writes what a query returns as CSV, one header line first, NULL as an empty cell; returns the number of rows.
/// Throws RecordError when the stream fails.
std::int64_t write_csv(Statement& query, std::ostream& out);

/// Writes every table of a run as `<folder>/csv/<table>.csv` (tidy: one header, one row per observation), read from its
/// SQLite file, in bounded memory; an existing file is replaced only when the new one is complete. Returns the rows.
/// Throws InputError when the folder holds no run, RecordError when it cannot be written to.
std::int64_t export_csv(const std::filesystem::path& folder);

}  // namespace ytterby
