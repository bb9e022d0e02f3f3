#pragma once

#include <cstddef>
#include <string>

#include "records/schema.hpp"

namespace ytterby {

/// Name of the table that holds the coded rows behind a view: "flows_data".
std::string data_table(const TableSchema& table);

/// SQL that creates dictionary, ticks, coded tables, views and side tables, all derived from the schema.
std::string create_store_sql();

/// SQL that makes indexes by good and tick on every table that has goods.
std::string create_index_sql();

/// SQL that inserts a number of coded rows: the tick, then the written fields, for each row.
std::string insert_sql(const TableSchema& table, std::size_t rows);

}  // namespace ytterby
