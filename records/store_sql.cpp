#include "records/store_sql.hpp"

#include "records/stored_table.hpp"

namespace ytterby {

namespace {

/// Key texts are stored as codes into `names`.
bool is_coded(const Field& field) { return field.key && field.type == FieldType::text; }

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

/// How the code of a coded field reads in its table of the file.
std::string code_sql(const TableSchema& table, std::size_t place, const std::string& alias) {
  const std::string prefix = alias.empty() ? "" : alias + ".";
  if (!table.packed || place >= 3) return prefix + quoted(table.written_fields()[place].name);
  std::string sql = packed_code_sql(place);
  return sql.replace(sql.find("codes"), 5, prefix + "codes");
}

/// Rows of a table of the file as users see them: codes replaced by names, ticks given their dates.
std::string select_sql(const TableSchema& table, std::size_t stored) {
  std::string select = "SELECT data.tick, ticks.date";
  std::string from = " FROM " + stored_name(stored) + " AS data JOIN ticks ON ticks.tick = data.tick";
  for (std::size_t place = 0; place < table.written_fields().size(); ++place) {
    const Field& field = table.written_fields()[place];
    const std::string name = quoted(field.name);
    if (is_coded(field)) {
      const std::string alias = std::string(field.name) + "_name";
      select += ", " + alias + ".name AS " + name;
      from += " JOIN names AS " + alias + " ON " + alias + ".code = " + code_sql(table, place, "data");
    } else {
      select += ", " + (stored == plain_flows ? plain_flow_sql(field) : "data." + name) + " AS " + name;
    }
  }
  return select + from;
}

/// The view that users query.
std::string view_sql(std::size_t table) {
  std::string sql = "CREATE VIEW " + std::string(tables()[table].name) + " AS " + select_sql(tables()[table], table);
  if (table == static_cast<std::size_t>(TableId::flows)) sql += " UNION ALL " + select_sql(tables()[table], plain_flows);
  return sql + ";\n";
}

std::string index_sql(const TableSchema& table, std::size_t stored, const std::string& name) {
  for (std::size_t place = 0; place < table.written_fields().size(); ++place) {
    if (table.written_fields()[place].name == "good") {
      return "CREATE INDEX IF NOT EXISTS " + name + " ON " + stored_name(stored) + " (" + code_sql(table, place, "") + ", tick);\n";
    }
  }
  return "";
}

}  // namespace

std::string ticks_sql(TableId table) {
  std::string sql = "SELECT tick FROM " + stored_name(static_cast<std::size_t>(table));
  if (table == TableId::flows) sql += " UNION SELECT tick FROM " + stored_name(plain_flows);
  return sql;
}

std::string create_store_sql() {
  std::string sql = "PRAGMA application_id = 1498698818;\n";  // "YTTB"
  sql += "PRAGMA user_version = " + std::to_string(records_schema) + ";\n";
  sql += "CREATE TABLE names (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);\n";
  sql += "CREATE TABLE ticks (tick INTEGER PRIMARY KEY, date TEXT NOT NULL);\n";
  for (std::size_t stored = 0; stored < stored_count; ++stored) {
    std::string columns;
    for (const StoredColumn& column : stored_columns(stored)) columns += (columns.empty() ? "" : ", ") + quoted(std::string_view(column.name)) + " " + column.type;
    sql += "CREATE TABLE " + stored_name(stored) + " (" + columns + ");\n";
  }
  for (std::size_t table = 0; table < table_count; ++table) sql += view_sql(table);
  for (const TableSchema& table : side_tables()) {
    sql += "CREATE TABLE " + std::string(table.name) + " (";
    for (const Field& field : table.fields) sql += quoted(field.name) + " TEXT NOT NULL, ";
    sql += "PRIMARY KEY (" + table.key_names() + ")) WITHOUT ROWID;\n";
  }
  return sql;
}

std::string create_index_sql() {
  std::string sql;
  for (std::size_t table = 0; table < table_count; ++table) sql += index_sql(tables()[table], table, std::string(tables()[table].name) + "_by_good");
  return sql + index_sql(schema_of(TableId::flows), plain_flows, "plain_flows_by_good");
}

std::string insert_sql(std::size_t stored) {
  std::string columns;
  for (std::size_t i = 0; i < stored_columns(stored).size(); ++i) columns += (i == 0 ? "v" : ", v") + std::to_string(i);
  // OR ROLLBACK: any failure gives up the transaction anyway, and so SQLite need not keep a copy of the pages that each
  // statement touches, which took four times as long as the rows themselves.
  return "INSERT OR ROLLBACK INTO " + stored_name(stored) + " SELECT " + columns + " FROM chunk_rows";
}

}  // namespace ytterby
