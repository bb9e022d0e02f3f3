#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "records/store/sqlite.hpp"
#include "records/store/stored_cell.hpp"

namespace ytterby {

/// Rows of values that a database reads as a table `chunk_rows` with columns v0, v1, ... (an eponymous virtual table):
/// one statement then inserts all of them, whereas binding each value took a quarter of the time of writing.
class ChunkRows {
public:
    /// Most columns.
    static constexpr std::size_t widest = 32;

    /// No statement may read the table afterwards.
    explicit ChunkRows(const Database& database);
    ~ChunkRows();

    /// Shows rows one after the other, with cells of these kinds, until the next call; both must live until then.
    void show(std::span<const StoredCell> cells, std::span<const CellKind> kinds);

private:
    struct Rows;
    std::unique_ptr<Rows> rows_;
};

}  // namespace ytterby
