#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "records/sqlite.hpp"
#include "records/store.hpp"

namespace ytterby {

/// Rows of values that a database reads as a table `chunk_rows` with columns v0, v1, ... (an eponymous virtual table): one
/// statement then takes all of them, where binding each value took a quarter of the time of writing.
class ChunkRows {
 public:
  /// Most columns.
  static constexpr std::size_t widest = 32;

  /// No statement may read the table afterwards.
  explicit ChunkRows(const Database& database);
  ~ChunkRows();

  /// Shows rows of `width` values one after the other, until the next call; they must last as long.
  void show(std::span<const Value> cells, std::size_t width);

 private:
  struct Rows;
  std::unique_ptr<Rows> rows_;
};

}  // namespace ytterby
