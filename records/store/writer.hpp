#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "records/store/chunk_rows.hpp"
#include "records/store/row_digests.hpp"
#include "records/store/run_store.hpp"
#include "records/store/sqlite.hpp"
#include "records/store/stored_table.hpp"

namespace ytterby {

/// Checked rows of one tick, or some of them, on the way into the file.
struct StoreChunk {
    std::int64_t tick = -1;
    std::string date;
    bool begins = false;                                      ///< the tick begins with these rows
    bool ends = false;                                        ///< no further rows of the tick follow
    std::vector<std::pair<std::int64_t, std::string>> names;  ///< new codes of the dictionary
    /// Rows of one table that follow one another.
    struct Run {
        std::size_t stored = 0;  ///< number of a table of the file
        std::size_t cells = 0;
    };
    std::vector<Run> runs;
    std::vector<StoredCell> cells;  ///< row after row
    std::size_t filled = 0;         ///< how many of them are in use
    std::deque<std::string> texts;  ///< to which cells of texts point

    void clear();
};

/// Writes chunks into the file of a run, one after the other. One thread uses it at a time.
class StoreWriter {
public:
    StoreWriter(const std::filesystem::path& folder, const StoreOptions& options);
    /// Commits the ticks that ended and drops one that did not.
    ~StoreWriter();

    /// Writes a chunk, and commits if it ends a tick and a commit is due.
    void write(const StoreChunk& chunk);
    void set_meta(std::string_view key, std::string_view value);
    /// Commits the ticks that ended and flushes them to the disk.
    void commit_to_disk();
    /// Commits everything and leaves one ordinary file.
    void finish();

    std::int64_t committed_tick() const { return committed_tick_; }
    /// Fingerprints of the rows up to the last tick that ended.
    const RowDigests& digests() const { return digests_; }
    /// The last tick in the file, and the rows and dictionary that an earlier run left.
    std::int64_t last_tick() const { return last_ended_tick_; }
    std::int64_t rows_found(std::size_t table) const { return rows_found_[table]; }
    std::vector<std::pair<std::int64_t, std::string>> names_found() const;

private:
    bool is_empty() const;
    void create();
    void resume();
    void keep_names();
    void open_transaction();
    void commit();
    void drop_tick();
    void write_names(const StoreChunk& chunk);
    void write_rows(std::size_t stored, std::span<const StoredCell> cells);
    void note_spans(std::size_t stored, std::span<const StoredCell> cells);
    void write_spans();
    static void flush(const std::string& path);

    /// Runs a step; when it fails, the writer abandons the open transaction and accepts nothing more.
    template <class Step>
    void guarded(Step&& step) {
        if (failed_) {
            throw RecordError("cannot write to " + database_.path() + ": an earlier write failed");
        }
        try {
            step();
        } catch (const RecordError& error) {
            failed_ = true;
            in_tick_ = false;
            database_.roll_back();
            throw RecordError(std::string(error.what()) + "; " +
                              (committed_tick_ < 0
                                   ? std::string("no tick was kept")
                                   : "everything up to tick " + std::to_string(committed_tick_) + " is kept"));
        }
    }

    StoreOptions options_;
    Database database_;                                        // must outlive the statements below
    std::array<std::vector<CellKind>, stored_count> kinds_{};  ///< of the cells of a row
    std::array<GoodCell, stored_count> goods_{};
    ChunkRows rows_;                               // what the inserts read
    std::array<Statement, stored_count> inserts_;  ///< prepared when first needed
    Statement insert_tick_, insert_name_, insert_meta_, insert_spans_;
    std::vector<RowSpan> spans_;  ///< of the open tick
    RowDigests digests_;
    std::vector<StoredCell> span_cells_;
    std::array<std::int64_t, table_count> rows_found_{};
    std::int64_t last_ended_tick_ = -1;
    std::int64_t committed_tick_ = -1;
    std::int64_t open_tick_ = -1;
    int ticks_waiting_ = 0;
    bool in_transaction_ = false;
    bool in_tick_ = false;
    bool failed_ = false;
    bool finished_ = false;
};

}  // namespace ytterby
