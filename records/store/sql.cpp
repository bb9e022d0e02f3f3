#include "records/store/sql.hpp"

#include "records/store/stored_table.hpp"

namespace ytterby {

namespace {

/// Key texts are stored as codes into `names`.
bool is_coded(const Field& field) { return field.key && field.type == FieldType::text; }

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

/// SQL for the code of a coded field in a table of the file.
std::string code_sql(std::size_t stored, std::size_t place, std::size_t row) {
    const TableSchema& table = tables()[table_of(stored)];
    return table.packed && place < 3 ? packed_code_sql(stored, place, row)
                                     : "data." + quoted(table.written_fields()[place].name);
}

/// SQL for a field that is not coded in a table of the file; where one stored row holds several, for the one numbered
/// `row`.
std::string field_sql(std::size_t stored, const Field& field, std::size_t row) {
    if (stored == plain_flows) {
        return plain_flow_sql(field, row);
    }
    return "data." + quoted(stored == node_indicators ? node_indicator_names[row] : field.name);
}

/// SQL for the rows of a table of the file as users see them: codes replaced by names, ticks with their dates; where
/// one stored row holds several, the one numbered `row`. The query always starts from the spans, an order that CROSS
/// JOIN fixes, so that a tick or a good is found among few spans and rows come in the order of writing.
std::string select_sql(std::size_t stored, std::size_t row) {
    const TableSchema& table = tables()[table_of(stored)];
    std::string select = "SELECT spans.tick, ticks.date";
    std::string from = " FROM spans CROSS JOIN ticks";
    std::string before_data, after_data;
    std::string where = " WHERE spans.stored = " + std::to_string(stored) +
                        " AND ticks.tick = spans.tick AND data.rowid BETWEEN spans.first AND spans.last";
    if (stored == plain_flows && row > 0) {
        where += " AND data." + plain_flow_column("codes", row) + " IS NOT NULL";
    }
    for (std::size_t place = 0; place < table.written_fields().size(); ++place) {
        const Field& field = table.written_fields()[place];
        const std::string name = quoted(field.name);
        if (stored == node_indicators && place == 0) {
            select += ", '" + std::string(node_indicator_names[row]) + "' AS " + name;
        } else if (is_coded(field)) {
            const std::string alias = std::string(field.name) + "_name";
            const bool good = place == good_place(stored);
            select += ", " + alias + ".name AS " + name;
            (good ? before_data : after_data) += " CROSS JOIN names AS " + alias;
            where += " AND " + alias + ".code = " + (good ? "spans.good" : code_sql(stored, place, row));
        } else {
            select += ", " + field_sql(stored, field, row) + " AS " + name;
        }
    }
    return select + from + before_data + " CROSS JOIN " + stored_name(stored) + " AS data" + after_data + where;
}

/// The view that users query.
std::string view_sql(std::size_t table) {
    std::string selects;
    for (std::size_t stored = 0; stored < stored_count; ++stored) {
        for (std::size_t row = 0; table_of(stored) == table && row < rows_in_one(stored); ++row) {
            selects += (selects.empty() ? "" : " UNION ALL ") + select_sql(stored, row);
        }
    }
    return "CREATE VIEW " + std::string(tables()[table].name) + " AS " + selects + ";\n";
}

}  // namespace

std::string ticks_sql(TableId table) {
    std::string sql = "SELECT tick FROM spans WHERE stored IN (" + std::to_string(static_cast<std::size_t>(table));
    for (std::size_t stored = table_count; stored < stored_count; ++stored) {
        if (table_of(stored) == static_cast<std::size_t>(table)) {
            sql += ", " + std::to_string(stored);
        }
    }
    return sql + ")";
}

std::string insert_spans_sql() { return "INSERT OR ROLLBACK INTO spans SELECT v0, v1, v2, v3, v4 FROM chunk_rows"; }

std::string create_store_sql() {
    std::string sql = "PRAGMA application_id = 1498698818;\n";  // "YTTB"
    sql += "PRAGMA user_version = " + std::to_string(records_schema) + ";\n";
    sql += "CREATE TABLE names (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);\n";
    sql += "CREATE TABLE ticks (tick INTEGER PRIMARY KEY, date TEXT NOT NULL);\n";
    sql +=
        "CREATE TABLE spans (stored INTEGER NOT NULL, tick INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT "
        "NULL, good INTEGER NOT NULL, "
        "PRIMARY KEY (stored, tick, first)) WITHOUT ROWID;\n";
    for (std::size_t stored = 0; stored < stored_count; ++stored) {
        std::string columns;
        for (const StoredColumn& column : stored_columns(stored)) {
            columns += (columns.empty() ? "" : ", ") + quoted(std::string_view(column.name)) + " " + column.type;
        }
        sql += "CREATE TABLE " + stored_name(stored) + " (" + columns + ");\n";
    }
    for (std::size_t table = 0; table < table_count; ++table) {
        sql += view_sql(table);
    }
    for (const TableSchema& table : side_tables()) {
        sql += "CREATE TABLE " + std::string(table.name) + " (";
        for (const Field& field : table.fields) {
            sql += quoted(field.name) + " TEXT NOT NULL, ";
        }
        sql += "PRIMARY KEY (" + table.key_names() + ")) WITHOUT ROWID;\n";
    }
    return sql;
}

std::string insert_sql(std::size_t stored) {
    std::string columns;
    for (std::size_t i = 0; i < stored_columns(stored).size(); ++i) {
        columns += (i == 0 ? "v" : ", v") + std::to_string(i);
    }
    // OR ROLLBACK: any failure abandons the transaction anyway, so SQLite need not copy the pages that each statement
    // touches, which took four times as long as the rows themselves.
    return "INSERT OR ROLLBACK INTO " + stored_name(stored) + " SELECT " + columns + " FROM chunk_rows";
}

}  // namespace ytterby
