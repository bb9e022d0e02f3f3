#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/check.hpp"
#include "core/table.hpp"

namespace ytterby {

/// Reads bytes as a CSV table and every cell by every getter. Problems are fine, anything thrown is a bug.
inline void try_table(const std::uint8_t* bytes, std::size_t count) {
  Problems problems;
  const Table table = Table::parse(std::string(reinterpret_cast<const char*>(bytes), count), "fuzz.csv", problems);
  constexpr std::size_t most_cells_read = 10000;
  std::size_t read = 0;
  for (const std::string& name : table.column_names()) {
    const TableColumn column = table.column(name);
    for (std::size_t row = 0; row < table.rows() && read < most_cells_read; ++row, ++read) {
      ensure(table.text(row, column).size() <= count, "a cell is no longer than the file");
      table.required_text(row, column);
      table.number(row, column, {.low = -1.0, .high = 1e6, .unit = "t"});
      table.optional_number(row, column);
      table.integer(row, column);
      table.boolean(row, column);
      const SourceLocation where = table.location(row, column);
      ensure(where.line >= 1 && where.column >= 1, "a cell has a place");
    }
  }
  table.column("nowhere");
  ensure(table.rows() == 0 || table.is_readable(), "rows only under a header");
  problems.render();
}

}  // namespace ytterby
