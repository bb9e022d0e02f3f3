#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "records/schema.hpp"
#include "records/store.hpp"

namespace ytterby {

// Tables of the file are fewer values than the views that users query, since writing takes a time for every row and value.
// Each of `tables()` has one, by its number there; none keeps its tick, which spans know; packed ones keep three codes as one
// number; most flows, which pay freight and nothing else, have a table of their own, and so have the indicators of a good in a
// country, which stand side by side in one row.

/// Numbers of the tables of plain flows and of indicators side by side.
inline constexpr std::size_t plain_flows = table_count;
inline constexpr std::size_t node_indicators = table_count + 1;
inline constexpr std::size_t stored_count = table_count + 2;

/// The table of `tables()` that a table of the file is part of.
constexpr std::size_t table_of(std::size_t stored) {
  if (stored == plain_flows) return static_cast<std::size_t>(TableId::flows);
  return stored == node_indicators ? static_cast<std::size_t>(TableId::indicators) : stored;
}
/// How many rows of that table a row of the file stands for.
constexpr std::size_t rows_in_one(std::size_t stored) { return stored == node_indicators ? node_indicator_names.size() : 1; }

/// A column of a table of the file.
struct StoredColumn {
  std::string name;
  std::string type;
};

/// Name of a table of the file: "flows_data".
std::string stored_name(std::size_t stored);
/// Its columns.
std::vector<StoredColumn> stored_columns(std::size_t stored);

/// Codes of a packed table must be below this.
inline constexpr std::int64_t packed_codes = 65536;
inline Value packed(std::int64_t first, std::int64_t second, std::int64_t third) {
  return Value((first << 32) + (second << 16) + third);
}
/// SQL of one of the three codes (0 to 2) in a packed table.
std::string packed_code_sql(std::size_t place);

/// Place of the good among the written fields of a table of the file, where its rows have one.
std::optional<std::size_t> good_place(std::size_t stored);

/// Where a row of a table of the file holds the code of its good.
struct GoodCell {
  std::optional<std::size_t> cell = {};
  int shift = 0;
  std::int64_t mask = -1;

  std::int64_t code(const Value* row) const { return cell ? row[*cell].integer() >> shift & mask : 0; }
};
GoodCell good_cell(std::size_t stored);

/// Rows of one table, tick and good that stand one after the other, by their numbers. Readers find a tick and a good by these few
/// rows instead of an index, which took longer to make than the rows themselves.
struct RowSpan {
  std::size_t stored = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::int64_t good = 0;
};

/// Whether a flow pays freight and nothing else, so that the table of plain flows keeps it: no contract, duty, tariff, friction,
/// rent or cap.
bool is_plain(const FlowRow& flow);
/// SQL of a written field of flows from the table of plain flows.
std::string plain_flow_sql(const Field& field);

}  // namespace ytterby
