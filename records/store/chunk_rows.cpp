#include "records/store/chunk_rows.hpp"

#include <sqlite3.h>

#include <new>
#include <string>

#include "core/check.hpp"

namespace ytterby {

/// The rows that are shown.
struct ChunkRows::Rows {
    const StoredCell* cells = nullptr;
    std::size_t count = 0;
    const CellKind* kinds = nullptr;
    std::size_t width = 1;
};

namespace {

// The calls that SQLite makes of a virtual table (https://sqlite.org/vtab.html).

template <class Rows>
struct Table {
    sqlite3_vtab base = {};
    const Rows* rows = nullptr;
};

template <class Rows>
struct Cursor {
    sqlite3_vtab_cursor base = {};
    const Rows* rows = nullptr;
    std::size_t at = 0;
};

template <class Rows>
int connect(sqlite3* database, void* rows, int, const char* const*, sqlite3_vtab** table, char**) {
    std::string sql = "CREATE TABLE chunk_rows (v0";
    for (std::size_t i = 1; i < ChunkRows::widest; ++i) {
        sql += ", v" + std::to_string(i);
    }
    if (const int code = sqlite3_declare_vtab(database, (sql + ")").c_str()); code != SQLITE_OK) {
        return code;
    }
    auto* made = new (std::nothrow) Table<Rows>{{}, static_cast<const Rows*>(rows)};
    if (made == nullptr) {
        return SQLITE_NOMEM;
    }
    *table = &made->base;
    return SQLITE_OK;
}

template <class Rows>
int disconnect(sqlite3_vtab* table) {
    delete reinterpret_cast<Table<Rows>*>(table);
    return SQLITE_OK;
}

int best_index(sqlite3_vtab*, sqlite3_index_info* info) {
    info->estimatedCost = 1000.0;
    info->estimatedRows = 1000;
    return SQLITE_OK;
}

template <class Rows>
int open(sqlite3_vtab* table, sqlite3_vtab_cursor** cursor) {
    auto* made = new (std::nothrow) Cursor<Rows>{{}, reinterpret_cast<Table<Rows>*>(table)->rows};
    if (made == nullptr) {
        return SQLITE_NOMEM;
    }
    *cursor = &made->base;
    return SQLITE_OK;
}

template <class Rows>
Cursor<Rows>& of(sqlite3_vtab_cursor* cursor) {
    return *reinterpret_cast<Cursor<Rows>*>(cursor);
}

template <class Rows>
int close(sqlite3_vtab_cursor* cursor) {
    delete &of<Rows>(cursor);
    return SQLITE_OK;
}

template <class Rows>
int filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) {
    of<Rows>(cursor).at = 0;
    return SQLITE_OK;
}

template <class Rows>
int next(sqlite3_vtab_cursor* cursor) {
    of<Rows>(cursor).at += of<Rows>(cursor).rows->width;
    return SQLITE_OK;
}

template <class Rows>
int is_at_end(sqlite3_vtab_cursor* cursor) {
    return of<Rows>(cursor).at >= of<Rows>(cursor).rows->count ? 1 : 0;
}

template <class Rows>
int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int number) {
    // A call that gives no result gives NULL, and SQLite stores NaN as NULL too.
    const auto place = static_cast<std::size_t>(number);
    const Rows& rows = *of<Rows>(cursor).rows;
    const StoredCell cell = rows.cells[of<Rows>(cursor).at + place];
    switch (rows.kinds[place]) {
        case CellKind::real:
            sqlite3_result_double(context, cell.real());
            break;
        case CellKind::text:
            if (const std::string* const text = cell.text()) {
                sqlite3_result_text64(context, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
            }
            break;
        case CellKind::integer:
            if (cell.integer() != StoredCell::no_integer) {
                sqlite3_result_int64(context, cell.integer());
            }
            break;
    }
    return SQLITE_OK;
}

template <class Rows>
int row_number(sqlite3_vtab_cursor* cursor, sqlite3_int64* number) {
    *number = static_cast<sqlite3_int64>(of<Rows>(cursor).at);
    return SQLITE_OK;
}

template <class Rows>
const sqlite3_module& virtual_table() {
    static const sqlite3_module made = [] {
        sqlite3_module calls = {};
        calls.xConnect = connect<Rows>;
        calls.xBestIndex = best_index;
        calls.xDisconnect = disconnect<Rows>;
        calls.xOpen = open<Rows>;
        calls.xClose = close<Rows>;
        calls.xFilter = filter<Rows>;
        calls.xNext = next<Rows>;
        calls.xEof = is_at_end<Rows>;
        calls.xColumn = column<Rows>;
        calls.xRowid = row_number<Rows>;
        return calls;
    }();
    return made;
}

}  // namespace

ChunkRows::ChunkRows(const Database& database) : rows_(std::make_unique<Rows>()) {
    const int code = sqlite3_create_module(database.handle(), "chunk_rows", &virtual_table<Rows>(), rows_.get());
    if (code != SQLITE_OK) {
        database.fail(code, "prepare to write");
    }
}

ChunkRows::~ChunkRows() = default;

void ChunkRows::show(std::span<const StoredCell> cells, std::span<const CellKind> kinds) {
    ensure(!kinds.empty() && kinds.size() <= widest && cells.size() % kinds.size() == 0,
           "rows shown to the database are not whole");
    *rows_ = {cells.data(), cells.size(), kinds.data(), kinds.size()};
}

}  // namespace ytterby
