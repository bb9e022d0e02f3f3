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

// The tables of the file hold fewer values than the views that users query, since every row and value takes time to
// write. Each of `tables()` has one, with its number there. None stores the tick, which is in the spans. Packed ones
// store three codes as one number. Most flows pay freight and nothing else; they have a table of their own in which one
// row holds several flows of a good, and so do the indicators of a good in a country.

/// Numbers of the tables of plain flows and of node indicators.
inline constexpr std::size_t plain_flows = table_count;
inline constexpr std::size_t node_indicators = table_count + 1;
inline constexpr std::size_t stored_count = table_count + 2;

/// The table of `tables()` to which a table of the file belongs.
constexpr std::size_t table_of(std::size_t stored) {
    if (stored == plain_flows) {
        return static_cast<std::size_t>(TableId::flows);
    }
    return stored == node_indicators ? static_cast<std::size_t>(TableId::indicators) : stored;
}
/// Plain flows in one stored row; the last row of a good and tick may hold fewer. More than four save little.
inline constexpr std::size_t flows_in_one = 4;
/// Cells of a plain flow.
inline constexpr std::size_t plain_flow_cells = 4;
/// How many rows of its table a row of the file holds, at most.
constexpr std::size_t rows_in_one(std::size_t stored) {
    if (stored == plain_flows) {
        return flows_in_one;
    }
    return stored == node_indicators ? node_indicator_names.size() : 1;
}
/// SQL for the number of rows that a table of the file holds.
std::string row_count_sql(std::size_t stored);

/// A column of a table of the file.
struct StoredColumn {
    std::string name;
    std::string type;
    CellKind kind = CellKind::real;
};

/// What the column of a written field holds, if the field has a column.
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
/// SQL for one of the three codes (0 to 2) in a packed table; where one stored row holds several, for the one numbered
/// `row`.
std::string packed_code_sql(std::size_t stored, std::size_t place, std::size_t row);

/// Place of the good among the written fields of a table of the file, if its rows have one.
std::optional<std::size_t> good_place(std::size_t stored);

/// The place of the good's code in a row of a table of the file.
struct GoodCell {
    std::optional<std::size_t> cell = {};
    int shift = 0;
    std::int64_t mask = -1;

    std::int64_t code(const StoredCell* row) const { return cell ? row[*cell].integer() >> shift & mask : 0; }
};
GoodCell good_cell(std::size_t stored);

/// Consecutive rows of one table, tick and good, by their numbers. Readers find a tick and a good by the few spans
/// instead of an index, which took longer to build than the rows themselves.
struct RowSpan {
    std::size_t stored = 0;
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int64_t good = 0;
};

/// Whether a flow pays freight and nothing else (no contract, duty, tariff, friction, rent or cap), so that it goes
/// into the table of plain flows.
inline bool is_plain(const FlowRow& flow) {
    return flow.contract_tonnes == 0.0 && flow.export_duty_usd == 0.0 && flow.tariff_usd == 0.0 &&
           flow.friction_usd == 0.0 && flow.rent_usd == 0.0 && !std::isfinite(flow.cap_tonnes);
}
/// A column of the table of plain flows, for one of the flows in a row: "tonnes", "tonnes_2".
std::string plain_flow_column(std::string_view name, std::size_t row);
/// SQL for a written field of `flows` from there.
std::string plain_flow_sql(const Field& field, std::size_t row);

}  // namespace ytterby
