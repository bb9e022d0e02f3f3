#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "records/store/schema.hpp"
#include "records/store/sqlite.hpp"

namespace ytterby {

/// Code of a name in the store's dictionary; ask once with `name_code`, then write rows without looking names up.
struct NameCode {
    std::int64_t value = 0;
};

/// One value of a row. Texts are views: they must last until `append` returns. NaN and infinities are written as NULL.
class Value {
public:
    enum class Kind : std::uint8_t { null, integer, real, text, name };

    constexpr Value() = default;
    constexpr Value(std::nullptr_t) {}
    constexpr Value(double real) : kind_(Kind::real), real_(real) {}
    template <std::integral Integer>
    constexpr Value(Integer integer) : kind_(Kind::integer), integer_(static_cast<std::int64_t>(integer)) {}
    constexpr Value(std::string_view text)
        : kind_(Kind::text), length_(static_cast<std::uint32_t>(text.size())), text_(text.data()) {}
    constexpr Value(const char* text) : Value(std::string_view(text)) {}
    Value(const std::string& text) : Value(std::string_view(text)) {}
    constexpr Value(NameCode code) : kind_(Kind::name), integer_(code.value) {}

    constexpr Kind kind() const { return kind_; }
    constexpr double real() const { return real_; }
    constexpr std::int64_t integer() const { return integer_; }
    constexpr std::string_view text() const { return {text_, length_}; }
    /// The number, whole or real, as it is in memory; meaningless for a text.
    std::uint64_t bits() const {
        std::uint64_t bits = 0;
        static_assert(sizeof bits == sizeof integer_);
        std::memcpy(&bits, &integer_, sizeof bits);
        return bits;
    }

private:
    Kind kind_ = Kind::null;
    std::uint32_t length_ = 0;
    union {
        std::int64_t integer_ = 0;
        double real_;
        const char* text_;
    };
};

/// Indicators of every good in every country that needs it; they are written together.
inline constexpr std::array<std::string_view, 6> node_indicator_names{
    "import_reliance", "stock_months", "use_t", "unmet_t", "shortage_usd", "perceived_risk"};
using NodeIndicators = std::array<double, node_indicator_names.size()>;

/// A row of `flows` for a given good, in tonnes and USD as there; the cap is not finite where there is none.
struct FlowRow {
    NameCode origin, destination;
    double tonnes = 0.0;
    double contract_tonnes = 0.0;
    double fob_usd = 0.0;
    double export_duty_usd = 0.0;
    double tariff_usd = 0.0;
    double freight_usd = 0.0;
    double friction_usd = 0.0;
    double rent_usd = 0.0;
    double cap_tonnes = std::numeric_limits<double>::quiet_NaN();

    double landed_usd() const { return fob_usd + export_duty_usd + freight_usd + tariff_usd + friction_usd + rent_usd; }
};

/// How a store writes, and whether it begins with an empty file or with the rows of an earlier run.
struct StoreOptions {
    /// Ticks per transaction: what is committed survives the end of the process, by Ctrl-C or SIGKILL alike.
    int ticks_per_commit = 1;
    /// Write on a separate thread while the caller continues. A failure is then thrown some ticks later, at `finish` at
    /// the latest; the file is the same.
    bool in_background = false;
    /// Keep the file safe from a power cut at all times; otherwise only a finished file is. A killed process damages
    /// nothing either way.
    bool outlasts_power_cut = true;
    /// Expect many rows, as from a hundred ticks of the shipped data: pages of 64 kB instead of 16, which need a
    /// quarter of the system calls, but make a file of a megabyte for a few rows.
    bool many_rows = false;
    /// Keep the rows of an interrupted run up to and including `resume_after_tick`, drop later ones.
    bool resume = false;
    std::int64_t resume_after_tick = -1;
    /// The fingerprints of the rows that are kept, where they have been compared with the file already; else they are
    /// taken from it.
    std::vector<std::string> resume_digests = {};  // RowDigests::texts
};

/// Writes the tables of a run into `<folder>/run.sqlite`, tick by tick, in bounded memory.
///
/// Goods, countries and other key texts are stored once, in the dictionary `names`; the rows, in tables such as
/// `flows_data`, hold codes. What users query are views with plain names: `SELECT * FROM flows WHERE good = '...'`.
/// The file is in write-ahead mode while a run writes, so that others can read what is committed; `finish` leaves one
/// ordinary file. Failures to write throw RecordError, and nothing committed is lost. One thread uses it at a time.
///
/// Reasons (flows, 375,000 rows, one insert per row, pages of 4 kB): coded rows in the order of writing take 1.0 us and
/// 68 bytes each, plain texts 1.2 us and 95 bytes, plain texts under a primary key 1.9 us and 101 bytes. Rows of a tick
/// and good are consecutive, so a table of spans (records/store/stored_table.hpp) finds them; an index on the good took
/// longer to build than the rows, and a fifth of the file. With eight rows per insert, no copies of pages and pages of
/// 16 kB, a row takes about half of the first figure. Each value then took about 350 instructions, so the file's own
/// tables are narrower than the views (records/store/stored_table.hpp), and SQLite reads rows itself
/// (records/store/chunk_rows.hpp).
class RunStore {
public:
    RunStore(const std::filesystem::path& folder, const StoreOptions& options = {});
    /// Writes what is still in transit, commits the ticks that ended and drops a tick that did not.
    ~RunStore();
    RunStore(RunStore&&) noexcept;
    RunStore& operator=(RunStore&&) noexcept;

    /// Opens a tick; ticks must come in rising order. `date` is its label, YYYY-MM.
    void begin_tick(std::int64_t tick, std::string_view date);
    /// Appends a row of the open tick; `values` are those of `schema_of(table).written_fields()`, in order. The caller
    /// sees to it that no two rows share their key columns.
    void append(TableId table, std::span<const Value> values);
    void append(TableId table, std::initializer_list<Value> values) {
        append(table, std::span<const Value>(values.begin(), values.size()));
    }
    /// Appends rows of `flows` for a good.
    void append_flows(NameCode good, std::span<const FlowRow> flows);
    /// Appends a row of `indicators` for each of `node_indicator_names`, for a good in a country.
    void append_indicators(NameCode good, NameCode country, const NodeIndicators& values);
    /// Closes the open tick, and commits when a commit is due.
    void end_tick();

    /// Code of a good, country or other key text in the dictionary, entered if need be.
    NameCode name_code(std::string_view name);
    /// Sets a fact in the table `meta`, replacing an earlier one.
    void set_meta(std::string_view key, std::string_view value);

    /// Commits the ticks that ended and flushes them to the disk, so that they survive a power cut too. Between ticks
    /// only.
    void commit();
    /// Commits everything and leaves one ordinary file without helper files. To be called once, as the last.
    void finish();

    /// Rows of a table so far, including those not yet committed.
    std::int64_t rows(TableId table) const;
    /// Table names and their rows, for the manifest.
    std::vector<std::pair<std::string, std::int64_t>> row_counts() const;
    /// Fingerprints of the rows up to the last tick that ended, as texts (RowDigests); waits for what is in transit.
    std::vector<std::string> row_digests() const;
    /// The last tick that is safely committed, or -1; waits for what is still in transit.
    std::int64_t committed_tick() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The file in a run's folder that holds its tables.
inline constexpr std::string_view store_file = "run.sqlite";

}  // namespace ytterby
