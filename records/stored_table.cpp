#include "records/stored_table.hpp"

#include <cmath>

namespace ytterby {

namespace {

/// Written fields of flows that `plain_flow` looks at, by place.
enum FlowPlace : std::size_t { tonnes = 3, contract = 4, fob = 5, landed = 6, duty = 7, tariff = 8, freight = 9, friction = 10, rent = 11, cap = 12 };

std::string sql_type(const Field& field) {
  if (field.key && field.type == FieldType::text) return "INTEGER NOT NULL";  // a code into `names`
  switch (field.type) {
    case FieldType::integer: return field.key ? "INTEGER NOT NULL" : "INTEGER";
    case FieldType::real: return "REAL";
    case FieldType::text: return "TEXT";
  }
  return "";
}

bool is_nothing(const Value& value) { return value.kind() == Value::Kind::real && value.real() == 0.0; }
bool is_number(const Value& value) { return value.kind() == Value::Kind::real && std::isfinite(value.real()); }
bool is_none(const Value& value) { return value.kind() == Value::Kind::null || (value.kind() == Value::Kind::real && !std::isfinite(value.real())); }

}  // namespace

std::string stored_name(std::size_t stored) {
  return stored == plain_flows ? std::string("plain_flows_data") : std::string(tables()[stored].name) + "_data";
}

std::vector<StoredColumn> stored_columns(std::size_t stored) {
  if (stored == plain_flows) {
    return {{"tick", "INTEGER NOT NULL"}, {"codes", "INTEGER NOT NULL"}, {"tonnes", "REAL"}, {"fob_usd", "REAL"}, {"freight_usd", "REAL"}};
  }
  const TableSchema& table = tables()[stored];
  std::vector<StoredColumn> columns{{"tick", "INTEGER NOT NULL"}};
  if (table.packed) columns.push_back({"codes", "INTEGER NOT NULL"});
  for (const Field& field : table.written_fields().subspan(table.packed ? 3 : 0)) columns.push_back({std::string(field.name), sql_type(field)});
  return columns;
}

std::string packed_code_sql(std::size_t place) {
  switch (place) {
    case 0: return "(codes >> 32)";
    case 1: return "(codes >> 16 & 65535)";
    default: return "(codes & 65535)";
  }
}

std::optional<std::size_t> good_place(std::size_t stored) {
  const std::span<const Field> fields = tables()[stored == plain_flows ? static_cast<std::size_t>(TableId::flows) : stored].written_fields();
  for (std::size_t place = 0; place < fields.size(); ++place) {
    if (fields[place].name == "good" && fields[place].key) return place;
  }
  return std::nullopt;
}

GoodCell good_cell(std::size_t stored) {
  const std::optional<std::size_t> place = good_place(stored);
  if (!place) return {};
  const bool packed = stored == plain_flows || tables()[stored].packed;
  if (packed && *place < 3) return {1, static_cast<int>(16 * (2 - *place)), packed_codes - 1};
  return {1 + *place - (packed ? 2 : 0), 0, -1};
}

std::optional<std::array<Value, 3>> plain_flow(std::span<const Value> values) {
  for (const FlowPlace place : {contract, duty, tariff, friction, rent}) {
    if (!is_nothing(values[place])) return std::nullopt;
  }
  if (!is_none(values[cap]) || !is_number(values[tonnes]) || !is_number(values[fob]) || !is_number(values[freight]) || !is_number(values[landed]) ||
      values[landed].real() != values[fob].real() + values[freight].real()) {
    return std::nullopt;
  }
  return std::array{values[tonnes], values[fob], values[freight]};
}

std::string plain_flow_sql(const Field& field) {
  if (field.name == "tonnes" || field.name == "fob_usd" || field.name == "freight_usd") return "data." + std::string(field.name);
  if (field.name == "landed_usd") return "data.fob_usd + data.freight_usd";
  return field.name == "cap_tonnes" ? "NULL" : "0.0";
}

}  // namespace ytterby
