#include "records/store/stored_table.hpp"

namespace ytterby {

namespace {

std::string sql_type(const Field& field) {
    if (field.key && field.type == FieldType::text) {
        return "INTEGER NOT NULL";  // a code into `names`
    }
    switch (field.type) {
        case FieldType::integer:
            return field.key ? "INTEGER NOT NULL" : "INTEGER";
        case FieldType::real:
            return "REAL";
        case FieldType::text:
            return "TEXT";
    }
    return "";
}

}  // namespace

CellKind cell_kind(const Field& field) {
    if (field.type == FieldType::real) {
        return CellKind::real;
    }
    return field.type == FieldType::text && !field.key ? CellKind::text : CellKind::integer;
}

std::string stored_name(std::size_t stored) {
    if (stored == plain_flows) {
        return "plain_flows_data";
    }
    return stored == node_indicators ? "node_indicators_data" : std::string(tables()[stored].name) + "_data";
}

std::vector<StoredColumn> stored_columns(std::size_t stored) {
    if (stored == plain_flows) {
        // Without a type SQLite does not check whether a number could be stored as an integer, which these cannot.
        std::vector<StoredColumn> columns;
        for (std::size_t row = 0; row < flows_in_one; ++row) {
            columns.push_back({plain_flow_column("codes", row), "INTEGER", CellKind::integer});
            for (const std::string_view name : {"tonnes", "fob_usd", "freight_usd"}) {
                columns.push_back({plain_flow_column(name, row), "", CellKind::real});
            }
        }
        return columns;
    }
    std::vector<StoredColumn> columns;
    if (stored == node_indicators) {
        columns.push_back({"codes", "INTEGER", CellKind::integer});
        for (const std::string_view indicator : node_indicator_names) {
            columns.push_back({std::string(indicator), "REAL", CellKind::real});
        }
        return columns;
    }
    const TableSchema& table = tables()[stored];
    if (table.packed) {
        columns.push_back({"codes", "INTEGER", CellKind::integer});
    }
    for (const Field& field : table.written_fields().subspan(table.packed ? 3 : 0)) {
        columns.push_back({std::string(field.name), sql_type(field), cell_kind(field)});
    }
    return columns;
}

std::string row_count_sql(std::size_t stored) {
    if (stored != plain_flows) {
        return "count(*) * " + std::to_string(rows_in_one(stored));
    }
    std::string sql;
    for (std::size_t row = 0; row < flows_in_one; ++row) {
        sql += (row == 0 ? "count(" : " + count(") + plain_flow_column("codes", row) + ")";
    }
    return sql;
}

std::string packed_code_sql(std::size_t stored, std::size_t place, std::size_t row) {
    const std::string codes =
        "data." + (stored == plain_flows ? plain_flow_column("codes", row) : std::string("codes"));
    switch (place) {
        case 0:
            return "(" + codes + " >> 32)";
        case 1:
            return "(" + codes + " >> 16 & 65535)";
        default:
            return "(" + codes + " & 65535)";
    }
}

std::optional<std::size_t> good_place(std::size_t stored) {
    const std::span<const Field> fields = tables()[table_of(stored)].written_fields();
    for (std::size_t place = 0; place < fields.size(); ++place) {
        if (fields[place].name == "good" && fields[place].key) {
            return place;
        }
    }
    return std::nullopt;
}

GoodCell good_cell(std::size_t stored) {
    const std::optional<std::size_t> place = good_place(stored);
    if (!place) {
        return {};
    }
    const bool packed = tables()[table_of(stored)].packed;
    if (packed && *place < 3) {
        return {0, static_cast<int>(16 * (2 - *place)), packed_codes - 1};
    }
    return {*place - (packed ? 2 : 0), 0, -1};
}

std::string plain_flow_column(std::string_view name, std::size_t row) {
    return std::string(name) + (row == 0 ? "" : "_" + std::to_string(row + 1));
}

std::string plain_flow_sql(const Field& field, std::size_t row) {
    const auto column = [&](std::string_view name) { return "data." + plain_flow_column(name, row); };
    if (field.name == "tonnes" || field.name == "fob_usd" || field.name == "freight_usd") {
        return column(field.name);
    }
    if (field.name == "landed_usd") {
        return column("fob_usd") + " + " + column("freight_usd");
    }
    return field.name == "cap_tonnes" ? "NULL" : "0.0";
}

}  // namespace ytterby
