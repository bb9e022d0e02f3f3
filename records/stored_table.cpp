#include "records/stored_table.hpp"

#include <cmath>

namespace ytterby {

namespace {

std::string sql_type(const Field& field) {
  if (field.key && field.type == FieldType::text) return "INTEGER NOT NULL";  // a code into `names`
  switch (field.type) {
    case FieldType::integer: return field.key ? "INTEGER NOT NULL" : "INTEGER";
    case FieldType::real: return "REAL";
    case FieldType::text: return "TEXT";
  }
  return "";
}

}  // namespace

std::string stored_name(std::size_t stored) {
  if (stored == plain_flows) return "plain_flows_data";
  return stored == node_indicators ? "node_indicators_data" : std::string(tables()[stored].name) + "_data";
}

std::vector<StoredColumn> stored_columns(std::size_t stored) {
  if (stored == plain_flows) {
    return {{"codes", "INTEGER"}, {"tonnes", "REAL"}, {"fob_usd", "REAL"}, {"freight_usd", "REAL"}};
  }
  std::vector<StoredColumn> columns;
  if (stored == node_indicators) {
    columns.push_back({"codes", "INTEGER"});
    for (const std::string_view indicator : node_indicator_names) columns.push_back({std::string(indicator), "REAL"});
    return columns;
  }
  const TableSchema& table = tables()[stored];
  if (table.packed) columns.push_back({"codes", "INTEGER"});
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
  const std::span<const Field> fields = tables()[table_of(stored)].written_fields();
  for (std::size_t place = 0; place < fields.size(); ++place) {
    if (fields[place].name == "good" && fields[place].key) return place;
  }
  return std::nullopt;
}

GoodCell good_cell(std::size_t stored) {
  const std::optional<std::size_t> place = good_place(stored);
  if (!place) return {};
  const bool packed = tables()[table_of(stored)].packed;
  if (packed && *place < 3) return {0, static_cast<int>(16 * (2 - *place)), packed_codes - 1};
  return {*place - (packed ? 2 : 0), 0, -1};
}

bool is_plain(const FlowRow& flow) {
  return flow.contract_tonnes == 0.0 && flow.export_duty_usd == 0.0 && flow.tariff_usd == 0.0 && flow.friction_usd == 0.0 && flow.rent_usd == 0.0 &&
         !std::isfinite(flow.cap_tonnes) && std::isfinite(flow.tonnes) && std::isfinite(flow.fob_usd) && std::isfinite(flow.freight_usd);
}

std::string plain_flow_sql(const Field& field) {
  if (field.name == "tonnes" || field.name == "fob_usd" || field.name == "freight_usd") return "data." + std::string(field.name);
  if (field.name == "landed_usd") return "data.fob_usd + data.freight_usd";
  return field.name == "cap_tonnes" ? "NULL" : "0.0";
}

}  // namespace ytterby
