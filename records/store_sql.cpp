#include "records/store_sql.hpp"

namespace ytterby {

namespace {

/// Key texts are stored as codes into `names`.
bool is_coded(const Field& field) { return field.key && field.type == FieldType::text; }

std::string sql_type(const Field& field) {
  if (is_coded(field)) return "INTEGER NOT NULL";
  switch (field.type) {
    case FieldType::integer: return field.key ? "INTEGER NOT NULL" : "INTEGER";
    case FieldType::real: return "REAL";
    case FieldType::text: return "TEXT";
  }
  return "";
}

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

/// The view that users query: codes replaced by names, ticks given their dates.
std::string view_sql(const TableSchema& table) {
  std::string select = "CREATE VIEW " + std::string(table.name) + " AS SELECT data.tick, ticks.date";
  std::string from = " FROM " + data_table(table) + " AS data JOIN ticks ON ticks.tick = data.tick";
  for (const Field& field : table.written_fields()) {
    const std::string name = quoted(field.name);
    if (is_coded(field)) {
      const std::string alias = std::string(field.name) + "_name";
      select += ", " + alias + ".name AS " + name;
      from += " JOIN names AS " + alias + " ON " + alias + ".code = data." + name;
    } else {
      select += ", data." + name;
    }
  }
  return select + from + ";\n";
}

}  // namespace

std::string data_table(const TableSchema& table) { return std::string(table.name) + "_data"; }

std::string create_store_sql() {
  std::string sql = "PRAGMA application_id = 1498698818;\n";  // "YTTB"
  sql += "PRAGMA user_version = " + std::to_string(records_schema) + ";\n";
  sql += "CREATE TABLE names (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);\n";
  sql += "CREATE TABLE ticks (tick INTEGER PRIMARY KEY, date TEXT NOT NULL);\n";
  for (const TableSchema& table : tables()) {
    sql += "CREATE TABLE " + data_table(table) + " (tick INTEGER NOT NULL";
    for (const Field& field : table.written_fields()) sql += ", " + quoted(field.name) + " " + sql_type(field);
    sql += ");\n";
    sql += view_sql(table);
  }
  for (const TableSchema& table : side_tables()) {
    sql += "CREATE TABLE " + std::string(table.name) + " (";
    for (const Field& field : table.fields) sql += quoted(field.name) + " TEXT NOT NULL, ";
    sql += "PRIMARY KEY (" + table.key_names() + ")) WITHOUT ROWID;\n";
  }
  return sql;
}

std::string create_index_sql() {
  std::string sql;
  for (const TableSchema& table : tables()) {
    for (const Field& field : table.written_fields()) {
      if (field.name == "good") {
        sql += "CREATE INDEX IF NOT EXISTS " + std::string(table.name) + "_by_good ON " + data_table(table) + " (good, tick);\n";
      }
    }
  }
  return sql;
}

std::string insert_sql(const TableSchema& table, std::size_t rows) {
  std::string one = "(?";
  for (std::size_t i = 0; i < table.written_fields().size(); ++i) one += ", ?";
  one += ")";
  // OR ROLLBACK: any failure gives up the transaction anyway, and so SQLite need not keep a copy of the pages that each
  // statement touches, which took four times as long as the rows themselves.
  std::string sql = "INSERT OR ROLLBACK INTO " + data_table(table) + " VALUES ";
  for (std::size_t row = 0; row < rows; ++row) sql += (row == 0 ? "" : ", ") + one;
  return sql;
}

}  // namespace ytterby
