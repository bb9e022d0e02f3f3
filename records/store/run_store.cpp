#include "records/store/run_store.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <optional>
#include <unordered_map>

#include "core/background.hpp"
#include "core/check.hpp"
#include "records/store/stored_table.hpp"
#include "records/store/writer.hpp"

namespace ytterby {

namespace {

/// Cells that are handed to the writer at once: 64 kB, which fit the cache.
constexpr std::size_t cells_per_chunk = 8192;
/// Room for one more row (technical; tables are narrower).
constexpr std::size_t widest_row = 64;
/// Chunks that may be filled or in transit: a dozen ticks of the shipped data, 4 MB in all, enough for the time that a
/// commit takes. The chunk that came back last is filled first, so that few are in use while the writer keeps up.
constexpr std::size_t chunk_count = 64;

/// No kind of value.
constexpr auto no_kind = static_cast<Value::Kind>(0xFF);

/// The kind of value that a field accepts without further checks.
Value::Kind usual_kind(const Field& field) {
    switch (field.type) {
        case FieldType::real:
            return Value::Kind::real;
        case FieldType::integer:
            return no_kind;
        case FieldType::text:
            return field.key ? Value::Kind::name : no_kind;
    }
    return no_kind;
}

}  // namespace

/// The caller's side of a store: checks rows, keeps the dictionary, fills chunks and hands them to the writer.
struct RunStore::State {
    /// Finds names by view, so that a look-up allocates nothing.
    struct NameHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
    };

    State(const std::filesystem::path& folder, const StoreOptions& options);

    NameCode code_of(std::string_view name);
    StoredCell checked(const TableSchema& schema, const Field& field, const Value& value);
    StoredCell packed_keys(const TableSchema& schema, std::span<const Value> values);
    void hand_over();
    void settle();

    StoreChunk& chunk() { return chunks[filling]; }

    /// Three codes of names in the dictionary, as one number.
    StoredCell packed_codes_of(NameCode first, NameCode second, NameCode third) const {
        for (const NameCode code : {first, second, third}) {
            ensure(code.value > 0 && code.value < packed_codes && code.value <= static_cast<std::int64_t>(codes.size()),
                   "a row of the records has a name without a code, or one too high");
        }
        return StoredCell::of_integer(packed(first.value, second.value, third.value));
    }

    /// Room for a row at the end of the chunk; `keep_row` makes it part of the chunk.
    StoredCell* room_for_row(std::size_t width) {
        ensure(in_tick, "a row of the records outside a tick");
        StoreChunk& into = chunk();
        if (into.cells.size() < into.filled + width) {
            into.cells.resize(std::max(into.filled + width, cells_per_chunk + widest_row));
        }
        return into.cells.data() + into.filled;
    }

    /// Keeps the row that room was made for, in a table of the file; it counts as so many rows.
    void keep_row(std::size_t stored, std::size_t width, std::size_t counts_as) {
        StoreChunk& into = chunk();
        into.filled += width;
        if (into.runs.empty() || into.runs.back().stored != stored) {
            into.runs.push_back({stored, 0});
        }
        into.runs.back().cells += width;
        rows[table_of(stored)] += static_cast<std::int64_t>(counts_as);
        if (into.filled < cells_per_chunk) {
            return;
        }
        hand_over();
        chunk().tick = tick;
    }

    /// Adds a plain flow, in the open row of its good or in a new one.
    void set_beside(NameCode good, const FlowRow& flow) {
        if (beside == 0 || beside == flows_in_one || good.value != good_beside.value) {
            keep_flows();
            flows_beside = room_for_row(plain_flow_cells * flows_in_one);
            good_beside = good;
        }
        StoredCell* const cells = flows_beside + plain_flow_cells * beside;
        cells[0] = packed_codes_of(good, flow.origin, flow.destination);
        cells[1] = StoredCell::of_real(flow.tonnes);
        cells[2] = StoredCell::of_real(flow.fob_usd);
        cells[3] = StoredCell::of_real(flow.freight_usd);
        ++beside;
        ++rows[static_cast<std::size_t>(TableId::flows)];
    }

    /// Ends the open row of plain flows at the end of the chunk, if any; called before anything else is added.
    void keep_flows() {
        if (beside == 0) {
            return;
        }
        for (StoredCell* rest = flows_beside + plain_flow_cells * beside; beside < flows_in_one;
             ++beside, rest += plain_flow_cells) {
            rest[0] = StoredCell::null(CellKind::integer);
            std::fill(rest + 1, rest + plain_flow_cells, StoredCell::null(CellKind::real));
        }
        beside = 0;
        keep_row(plain_flows, plain_flow_cells * flows_in_one, 0);  // counted when they were added
    }

    /// Runs a step that may meet a failed write; after one the store accepts nothing more.
    template <class Step>
    void guarded(Step&& step) {
        ensure(!finished, "records written after the end of the run");
        if (failed) {
            throw RecordError("cannot write to " + path + ": an earlier write failed");
        }
        try {
            step();
        } catch (const RecordError&) {
            failed = true;
            in_tick = false;
            throw;
        }
    }

    std::string path;
    StoreWriter writer;
    std::vector<StoreChunk> chunks;
    std::size_t filling = 0;               // the chunk that is being filled
    std::vector<std::size_t> spare;        // free chunks
    std::deque<std::size_t> given;         // chunks in transit, in order
    std::size_t taken_back = 0;            // chunks that were in transit and are free again
    std::atomic<std::size_t> written = 0;  // chunks that the writer has finished
    std::size_t beside = 0;                // plain flows in the open row at the end of the chunk
    NameCode good_beside;                  // their good
    StoredCell* flows_beside = nullptr;    // the cells of that row
    std::array<std::int64_t, table_count> rows{};
    std::array<std::vector<Value::Kind>, table_count>
        usual_kinds;  // by table and written field: what is accepted unchecked
    std::unordered_map<std::string, std::int64_t, NameHash, std::equal_to<>> codes;
    std::int64_t tick = -1;
    bool in_tick = false;
    bool failed = false;
    bool finished = false;
    std::optional<Background> background;  // last, so that it ends before what its jobs use
};

RunStore::State::State(const std::filesystem::path& folder, const StoreOptions& options)
    : path((folder / store_file).string()),
      writer(folder, options),
      chunks(options.in_background ? chunk_count : 1),
      tick(writer.last_tick()) {
    for (std::size_t table = 0; table < table_count; ++table) {
        rows[table] = writer.rows_found(table);
        for (const Field& field : tables()[table].written_fields()) {
            usual_kinds[table].push_back(usual_kind(field));
        }
    }
    for (const auto& [code, name] : writer.names_found()) {
        codes.emplace(name, code);
    }
    for (std::size_t number = chunks.size(); number > 1; --number) {
        spare.push_back(number - 1);
    }
    if (options.in_background) {
        background.emplace(chunk_count - 1);
    }
}

NameCode RunStore::State::code_of(std::string_view name) {
    const auto found = codes.find(name);
    if (found != codes.end()) {
        return {found->second};
    }
    const std::int64_t code = static_cast<std::int64_t>(codes.size()) + 1;
    chunk().names.emplace_back(code, name);
    codes.emplace(name, code);
    return {code};
}

StoredCell RunStore::State::checked(const TableSchema& schema, const Field& field, const Value& value) {
    using Kind = Value::Kind;
    const auto fits = [&](bool fit) {
        if (!fit) {
            ensure(false, "the value for " + std::string(schema.name) + "." + std::string(field.name) +
                              " is not of type " + std::string(name_of(field.type)));
        }
    };
    if (value.kind() == Kind::null) {
        fits(!field.key);
        return StoredCell::null(cell_kind(field));
    }
    switch (field.type) {
        case FieldType::real:
            fits(value.kind() == Kind::real || value.kind() == Kind::integer);
            return StoredCell::of_real(value.kind() == Kind::real ? value.real()
                                                                  : static_cast<double>(value.integer()));
        case FieldType::integer:
            fits(value.kind() == Kind::integer && value.integer() != StoredCell::no_integer);
            return StoredCell::of_integer(value.integer());
        case FieldType::text:
            if (!field.key) {
                fits(value.kind() == Kind::text);
                return StoredCell::of_text(chunk().texts.emplace_back(value.text()));
            }
            if (value.kind() == Kind::text) {
                return StoredCell::of_integer(code_of(value.text()).value);
            }
            fits(value.kind() == Kind::name);
            return StoredCell::of_integer(value.integer());
    }
    return StoredCell::null(cell_kind(field));
}

/// The three codes of a row of a packed table as one number.
StoredCell RunStore::State::packed_keys(const TableSchema& schema, std::span<const Value> values) {
    std::array<NameCode, 3> key{};
    for (std::size_t i = 0; i < key.size(); ++i) {
        const bool is_code = values[i].kind() == Value::Kind::name;
        key[i] = {is_code ? values[i].integer() : checked(schema, schema.written_fields()[i], values[i]).integer()};
    }
    return packed_codes_of(key[0], key[1], key[2]);
}

/// Gives the chunk to the writer and begins the next.
void RunStore::State::hand_over() {
    if (!background) {
        writer.write(chunk());
        chunk().clear();
        return;
    }
    background->give([this, number = filling] {
        writer.write(chunks[number]);
        written.fetch_add(1, std::memory_order_release);
    });
    given.push_back(filling);
    // At most all chunks but one are in transit now.
    for (const std::size_t done = written.load(std::memory_order_acquire); taken_back < done; ++taken_back) {
        spare.push_back(given.front());
        given.pop_front();
    }
    filling = spare.back();
    spare.pop_back();
    chunk().clear();
}

/// Waits until everything handed over is written; then this thread may use the writer.
void RunStore::State::settle() {
    if (background) {
        background->wait();
    }
}

RunStore::RunStore(const std::filesystem::path& folder, const StoreOptions& options)
    : state_(std::make_unique<State>(folder, options)) {}

RunStore::~RunStore() = default;
RunStore::RunStore(RunStore&&) noexcept = default;
RunStore& RunStore::operator=(RunStore&&) noexcept = default;

void RunStore::begin_tick(std::int64_t tick, std::string_view date) {
    State& state = *state_;
    ensure(!state.in_tick, "a tick of the records begins inside another");
    ensure(tick > state.tick, "ticks of the records must rise");
    state.guarded([&] {
        state.in_tick = true;
        state.beside = 0;
        state.tick = tick;
        state.chunk().begins = true;
        state.chunk().tick = tick;
        state.chunk().date = date;
    });
}

void RunStore::append(TableId table, std::span<const Value> values) {
    State& state = *state_;
    const TableSchema& schema = schema_of(table);
    ensure(values.size() + 2 == schema.fields.size(), "a row of the records has the wrong number of values");
    state.guarded([&] {
        state.keep_flows();
        const auto number = static_cast<std::size_t>(table);
        const std::size_t keys = schema.packed ? 1 : 0;  // three codes, kept as one number
        const std::span<const Value> rest = values.subspan(3 * keys);
        StoredCell* const row = state.room_for_row(keys + rest.size());
        if (keys > 0) {
            row[0] = state.packed_keys(schema, values);
        }
        StoredCell* const cells = row + keys;
        const Value::Kind* const usual = state.usual_kinds[number].data() + 3 * keys;
        // Most rows need no further checks: they have codes and numbers in the expected places.
        bool odd = false;
        for (std::size_t i = 0; i < rest.size(); ++i) {
            odd |= rest[i].kind() != usual[i];
            cells[i] = StoredCell::of_bits(rest[i].bits());
        }
        for (std::size_t i = 0; odd && i < rest.size(); ++i) {
            if (rest[i].kind() != usual[i]) {
                cells[i] = state.checked(schema, schema.written_fields()[3 * keys + i], rest[i]);
            }
        }
        state.keep_row(number, keys + rest.size(), 1);
    });
}

void RunStore::append_flows(NameCode good, std::span<const FlowRow> flows) {
    State& state = *state_;
    state.guarded([&] {
        for (const FlowRow& flow : flows) {
            if (is_plain(flow)) {
                state.set_beside(good, flow);
            } else {
                append(TableId::flows, {good, flow.origin, flow.destination, flow.tonnes, flow.contract_tonnes,
                                        flow.fob_usd, flow.landed_usd(), flow.export_duty_usd, flow.tariff_usd,
                                        flow.freight_usd, flow.friction_usd, flow.rent_usd, flow.cap_tonnes});
            }
        }
    });
}

void RunStore::append_indicators(NameCode good, NameCode country, const NodeIndicators& values) {
    State& state = *state_;
    state.guarded([&] {
        state.keep_flows();
        StoredCell* const row = state.room_for_row(1 + values.size());
        row[0] = state.packed_codes_of(good, good, country);  // the first place, the indicator's, is not read
        for (std::size_t i = 0; i < values.size(); ++i) {
            row[1 + i] = StoredCell::of_real(values[i]);
        }
        state.keep_row(node_indicators, 1 + values.size(), values.size());
    });
}

void RunStore::end_tick() {
    State& state = *state_;
    ensure(state.in_tick || state.failed, "a tick of the records ends that did not begin");
    state.guarded([&] {
        state.keep_flows();
        state.chunk().ends = true;
        state.hand_over();
        state.in_tick = false;
    });
}

NameCode RunStore::name_code(std::string_view name) {
    NameCode code;
    state_->guarded([&] { code = state_->code_of(name); });
    return code;
}

void RunStore::set_meta(std::string_view key, std::string_view value) {
    state_->guarded([&] {
        state_->settle();
        state_->writer.set_meta(key, value);
    });
}

void RunStore::commit() {
    State& state = *state_;
    ensure(!state.in_tick, "the records are committed inside a tick");
    state.guarded([&] {
        if (!state.chunk().names.empty()) {
            state.hand_over();
        }
        state.settle();
        state.writer.commit_to_disk();
    });
}

void RunStore::finish() {
    State& state = *state_;
    ensure(!state.in_tick, "the records end inside a tick");
    state.guarded([&] {
        if (!state.chunk().names.empty()) {
            state.hand_over();
        }
        state.settle();
        state.writer.finish();
    });
    state.finished = true;
}

std::int64_t RunStore::rows(TableId table) const { return state_->rows[static_cast<std::size_t>(table)]; }

std::vector<std::pair<std::string, std::int64_t>> RunStore::row_counts() const {
    std::vector<std::pair<std::string, std::int64_t>> counts;
    for (std::size_t table = 0; table < table_count; ++table) {
        counts.emplace_back(tables()[table].name, state_->rows[table]);
    }
    return counts;
}

std::vector<std::string> RunStore::row_digests() const {
    state_->settle();
    return state_->writer.digests().texts();
}

std::int64_t RunStore::committed_tick() const {
    try {
        state_->settle();
    } catch (const RecordError&) {
        state_->failed = true;
        state_->in_tick = false;
    }
    return state_->writer.committed_tick();
}

}  // namespace ytterby
