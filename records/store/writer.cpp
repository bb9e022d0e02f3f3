#include "records/store/writer.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/check.hpp"
#include "core/config/diagnostics.hpp"
#include "core/system_message.hpp"
#include "records/store/sql.hpp"
#include "records/store/stored_table.hpp"

namespace ytterby {

namespace {

/// The columns of the table of spans.
constexpr std::array<CellKind, 5> span_kinds{CellKind::integer, CellKind::integer, CellKind::integer, CellKind::integer,
                                             CellKind::integer};

/// Size of the log at which SQLite moves it into the file.
constexpr std::int64_t log_bytes = 8 << 20;

}  // namespace

void StoreChunk::clear() {
    begins = ends = false;
    names.clear();
    runs.clear();
    filled = 0;
    texts.clear();
}

StoreWriter::StoreWriter(const std::filesystem::path& folder, const StoreOptions& options)
    : options_(options), database_((folder / store_file).string(), DatabaseAccess::write), rows_(database_) {
    // Write-ahead log without a flush per commit: a killed process loses nothing committed. A power cut loses at most
    // the last ticks and damages nothing where the options ask for that; otherwise the file is safe on the disk only
    // when it is finished. Each page takes two system calls into the log and two out of it into the file. An existing
    // file keeps its page size.
    database_.execute("PRAGMA page_size = " + std::to_string(options_.many_rows ? 65536 : 16384));
    database_.execute("PRAGMA cache_size = -4096");  // 4 MB: most pages of a transaction stay cached until its end
    database_.execute("PRAGMA journal_mode = WAL");
    Statement page(database_, "PRAGMA page_size");
    page.step();
    database_.execute("PRAGMA wal_autocheckpoint = " + std::to_string(log_bytes / page.integer(0)));
    page.reset();
    database_.execute(options_.outlasts_power_cut ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = OFF");
    for (std::size_t stored = 0; stored < stored_count; ++stored) {
        for (const StoredColumn& column : stored_columns(stored)) {
            kinds_[stored].push_back(column.kind);
        }
        goods_[stored] = good_cell(stored);
    }
    if (options_.resume) {
        resume();
    } else {
        create();
    }
    insert_tick_ = Statement(database_, "INSERT INTO ticks VALUES (?, ?)");
    insert_name_ = Statement(database_, "INSERT INTO names VALUES (?, ?)");
    insert_meta_ = Statement(database_, "INSERT OR REPLACE INTO meta VALUES (?, ?)");
}

StoreWriter::~StoreWriter() {
    if (finished_ || failed_) {
        return;
    }
    try {
        if (in_tick_ && options_.ticks_per_commit <= 1) {
            database_.roll_back();
            return;
        }
        if (in_tick_) {
            drop_tick();
        }
        if (in_transaction_) {
            database_.execute("COMMIT");
        }
    } catch (const RecordError&) {
        database_.roll_back();
    }
}

bool StoreWriter::is_empty() const {
    Statement present(database_, "SELECT count(*) FROM sqlite_schema");
    present.step();
    return present.integer(0) == 0;
}

void StoreWriter::create() {
    ensure(is_empty(), "a new store over an old one; the folder rules come first");
    database_.execute("BEGIN");
    database_.execute(create_store_sql());
    Statement insert(database_, "INSERT INTO columns VALUES (?, ?, ?, ?, ?)");
    for (const std::span<const TableSchema> group : {tables(), side_tables()}) {
        for (const TableSchema& table : group) {
            for (const Field& field : table.fields) {
                insert.bind(1, table.name).bind(2, field.name).bind(3, name_of(field.type)).bind(4, field.unit);
                insert.bind(5, field.meaning).step();
            }
        }
    }
    database_.execute("COMMIT");
}

void StoreWriter::resume() {
    if (is_empty()) {  // stopped before there was anything to keep
        create();
        return;
    }
    Statement version(database_, "PRAGMA user_version");
    version.step();
    if (version.integer(0) != records_schema) {
        throw InputError(Problem{.what = "the records in " + database_.path() + " are of schema " +
                                         std::to_string(version.integer(0)) + ", this program writes schema " +
                                         std::to_string(records_schema),
                                 .suggestion = "start the run anew with --overwrite"});
    }
    version.reset();
    database_.execute("BEGIN");
    const std::string later = " WHERE tick > " + std::to_string(options_.resume_after_tick);
    const std::string earlier = " WHERE tick <= " + std::to_string(options_.resume_after_tick);
    for (std::size_t stored = 0; stored < stored_count; ++stored) {
        const std::string data = stored_name(stored);
        database_.execute("DELETE FROM " + data + " WHERE rowid > (SELECT coalesce(max(last), 0) FROM spans" + earlier +
                          " AND stored = " + std::to_string(stored) + ")");
        Statement count(database_, "SELECT " + row_count_sql(stored) + " FROM " + data);
        count.step();
        rows_found_[table_of(stored)] += count.integer(0);
    }
    database_.execute("DELETE FROM spans" + later);
    database_.execute("DELETE FROM ticks" + later);
    Statement last(database_, "SELECT coalesce(max(tick), -1) FROM ticks");
    last.step();
    last_ended_tick_ = committed_tick_ = last.integer(0);
    last.reset();
    keep_names();
    database_.execute("COMMIT");
}

/// Drops the names that only later ticks have, and takes the fingerprints up again.
void StoreWriter::keep_names() {
    std::int64_t kept = 0;
    std::optional<RowDigests> compared = RowDigests::from_texts(options_.resume_digests);
    if (compared) {
        kept = compared->names();
    } else if (committed_tick_ >= 0) {
        Statement last(database_, "SELECT coalesce(max(code), 0) FROM names");
        last.step();
        kept = last.integer(0);
    }
    database_.execute("DELETE FROM names WHERE code > " + std::to_string(kept));
    digests_ = compared ? std::move(*compared) : digests_of_rows(database_, options_.resume_after_tick, kept);
}

std::vector<std::pair<std::int64_t, std::string>> StoreWriter::names_found() const {
    std::vector<std::pair<std::int64_t, std::string>> found;
    Statement names(database_, "SELECT code, name FROM names ORDER BY code");
    while (names.step()) {
        found.emplace_back(names.integer(0), names.text(1));
    }
    return found;
}

void StoreWriter::open_transaction() {
    if (in_transaction_) {
        return;
    }
    database_.execute("BEGIN");
    in_transaction_ = true;
}

void StoreWriter::commit() {
    if (!in_transaction_) {
        return;
    }
    database_.execute("COMMIT");
    in_transaction_ = false;
    ticks_waiting_ = 0;
    committed_tick_ = last_ended_tick_;
}

/// Deletes the rows of the open tick. A savepoint would do so too, but copies every page that a tick touches.
void StoreWriter::drop_tick() {
    for (const RowSpan& span : spans_) {
        database_.execute("DELETE FROM " + stored_name(span.stored) + " WHERE rowid >= " + std::to_string(span.first));
    }
    spans_.clear();  // not yet in the file
    database_.execute("DELETE FROM ticks WHERE tick = " + std::to_string(open_tick_));
}

void StoreWriter::write_names(const StoreChunk& chunk) {
    for (const auto& [code, name] : chunk.names) {
        insert_name_.bind(1, code).bind(2, name).step();
        digests_.add_name(code, name);
    }
}

void StoreWriter::write_rows(std::size_t stored, std::span<const StoredCell> cells) {
    Statement& insert = inserts_[stored];
    if (!insert.is_prepared()) {
        insert = Statement(database_, insert_sql(stored));
    }
    rows_.show(cells, kinds_[stored]);
    insert.step();
    digests_.add_rows(stored, cells, kinds_[stored]);
    note_spans(stored, cells);
}

/// Enters rows just inserted, whose numbers are consecutive, into the last span or new ones.
void StoreWriter::note_spans(std::size_t stored, std::span<const StoredCell> cells) {
    const std::size_t width = kinds_[stored].size();
    std::int64_t row = sqlite3_last_insert_rowid(database_.handle()) - static_cast<std::int64_t>(cells.size() / width);
    for (std::size_t cell = 0; cell < cells.size(); cell += width) {
        ++row;
        const std::int64_t good = goods_[stored].code(cells.data() + cell);
        if (!spans_.empty() && spans_.back().stored == stored && spans_.back().good == good &&
            spans_.back().last == row - 1) {
            spans_.back().last = row;
        } else {
            spans_.push_back({stored, row, row, good});
        }
    }
}

void StoreWriter::write_spans() {
    if (spans_.empty()) {
        return;
    }
    if (!insert_spans_.is_prepared()) {
        insert_spans_ = Statement(database_, insert_spans_sql());
    }
    span_cells_.clear();
    for (const RowSpan& span : spans_) {
        for (const std::int64_t cell :
             {static_cast<std::int64_t>(span.stored), open_tick_, span.first, span.last, span.good}) {
            span_cells_.push_back(StoredCell::of_integer(cell));
        }
    }
    rows_.show(span_cells_, span_kinds);
    insert_spans_.step();
    spans_.clear();
}

void StoreWriter::write(const StoreChunk& chunk) {
    guarded([&] {
        open_transaction();
        if (chunk.begins) {
            in_tick_ = true;
            open_tick_ = chunk.tick;
            insert_tick_.bind(1, chunk.tick).bind(2, chunk.date).step();
            digests_.begin_tick(chunk.tick, chunk.date);
        }
        write_names(chunk);
        std::span<const StoredCell> cells(chunk.cells.data(), chunk.filled);
        for (const StoreChunk::Run& run : chunk.runs) {
            write_rows(run.stored, cells.first(run.cells));
            cells = cells.subspan(run.cells);
        }
        if (!chunk.ends) {
            return;
        }
        digests_.end_tick(spans_);
        write_spans();
        in_tick_ = false;
        last_ended_tick_ = chunk.tick;
        if (++ticks_waiting_ >= options_.ticks_per_commit) {
            commit();
        }
    });
}

void StoreWriter::set_meta(std::string_view key, std::string_view value) {
    guarded([&] { insert_meta_.bind(1, key).bind(2, value).step(); });
}

/// Flushes a file to the disk, if it exists.
void StoreWriter::flush(const std::string& path) {
    const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) {
        return;
    }
    const bool flushed = ::fsync(handle) == 0;
    const std::string why = system_message(errno);
    ::close(handle);
    if (!flushed) {
        throw RecordError("cannot write " + path + " to the disk: " + why);
    }
}

void StoreWriter::commit_to_disk() {
    guarded([&] {
        commit();
        // What is committed is in the log until SQLite moves it, and then in the file, which SQLite flushes itself
        // where a power cut must not damage it. Opening and closing the file beside the connection would drop its locks
        // (POSIX).
        if (!options_.outlasts_power_cut) {
            flush(database_.path());
        }
        flush(database_.path() + "-wal");
    });
}

void StoreWriter::finish() {
    guarded([&] {
        commit();
        // While another process reads, or without space on the disk, the log cannot be merged into the file; then both
        // files stay as they are, complete and readable together.
        try {
            database_.execute("PRAGMA busy_timeout = 500");
            database_.execute("PRAGMA journal_mode = DELETE");
        } catch (const RecordError&) {
            database_.roll_back();
        }
        if (!options_.outlasts_power_cut) {
            flush(database_.path());
            flush(database_.path() + "-wal");
        }
    });
    finished_ = true;
}

}  // namespace ytterby
