#pragma once

#include <cstddef>
#include <string>

#include "records/store/schema.hpp"

namespace ytterby {

/// SQL that lists the ticks in which a table has rows; a tick may come more than once.
std::string ticks_sql(TableId table);

/// SQL that creates dictionary, ticks, spans, coded tables, views and side tables, all derived from the schema.
std::string create_store_sql();

/// SQL that inserts the rows that are shown (records/store/chunk_rows.hpp) into a table of the file
/// (records/store/stored_table.hpp).
std::string insert_sql(std::size_t stored);
/// The same for the table of spans: table of the file, tick, first and last row, good.
std::string insert_spans_sql();

}  // namespace ytterby
