#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/store/run_store.hpp"
#include "records/store/schema.hpp"
#include "records/store/stored_cell.hpp"

namespace ytterby {

// Tables of the file are fewer values than the views that users query, since writing takes a time for every row and
// value. Each of `tables()` has one, by its number there; none keeps its tick, which spans know; packed ones keep three
// codes as one number; most flows, which pay freight and nothing else, have a table of their own, some of a good side
// by side in one row, and so have the indicators of a good in a country.

/// Numbers of the tables of plain flows and of indicators side by side.
inline constexpr std::size_t plain_flows = table_count;
inline constexpr std::size_t node_indicators = table_count + 1;
inline constexpr std::size_t stored_count = table_count + 2;

/// The table of `tables()` that a table of the file is part of.
constexpr std::size_t table_of(std::size_t stored) {
    if (stored == plain_flows) {
        return static_cast<std::size_t>(TableId::flows);
    }
    return stored == node_indicators ? static_cast<std::size_t>(TableId::indicators) : stored;
}
/// Plain flows that stand side by side; the last row of a good and tick may hold fewer. Beyond four a row more saves
/// little.
inline constexpr std::size_t flows_in_one = 4;
/// Cells of one of them.
inline constexpr std::size_t plain_flow_cells = 4;
/// How many rows of that table a row of the file stands for, at most.
constexpr std::size_t rows_in_one(std::size_t stored) {
    if (stored == plain_flows) {
        return flows_in_one;
    }
    return stored == node_indicators ? node_indicator_names.size() : 1;
}
/// SQL of how many they are in all of a table of the file.
std::string row_count_sql(std::size_t stored);

/// A column of a table of the file.
struct StoredColumn {
    std::string name;
    std::string type;
    CellKind kind = CellKind::real;
};

/// What the column of a written field holds, where it has one.
CellKind cell_kind(const Field& field);

/// Name of a table of the file: "flows_data".
std::string stored_name(std::size_t stored);
/// Its columns.
std::vector<StoredColumn> stored_columns(std::size_t stored);

/// Codes of a packed table must be below this.
inline constexpr std::int64_t packed_codes = 65536;
constexpr std::int64_t packed(std::int64_t first, std::int64_t second, std::int64_t third) {
    return (first << 32) + (second << 16) + third;
}
/// SQL of one of the three codes (0 to 2) in a packed table; of several rows in one, in that of `row`.
std::string packed_code_sql(std::size_t stored, std::size_t place, std::size_t row);

/// Place of the good among the written fields of a table of the file, where its rows have one.
std::optional<std::size_t> good_place(std::size_t stored);

/// Where a row of a table of the file holds the code of its good.
struct GoodCell {
    std::optional<std::size_t> cell = {};
    int shift = 0;
    std::int64_t mask = -1;

    std::int64_t code(const StoredCell* row) const { return cell ? row[*cell].whole() >> shift & mask : 0; }
};
GoodCell good_cell(std::size_t stored);

/// Rows of one table, tick and good that stand one after the other, by their numbers. Readers find a tick and a good by
/// these few rows instead of an index, which took longer to make than the rows themselves.
struct RowSpan {
    std::size_t stored = 0;
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int64_t good = 0;
};

/// Whether a flow pays freight and nothing else, so that the table of plain flows keeps it: no contract, duty, tariff,
/// friction, rent or cap.
inline bool is_plain(const FlowRow& flow) {
    return flow.contract_tonnes == 0.0 && flow.export_duty_usd == 0.0 && flow.tariff_usd == 0.0 &&
           flow.friction_usd == 0.0 && flow.rent_usd == 0.0 && !std::isfinite(flow.cap_tonnes);
}
/// A column of the table of plain flows, for one of those side by side: "tonnes", "tonnes_2".
std::string plain_flow_column(std::string_view name, std::size_t row);
/// SQL of a written field of flows from there.
std::string plain_flow_sql(const Field& field, std::size_t row);

}  // namespace ytterby
