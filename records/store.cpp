#include "records/store.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <unordered_map>

#include "core/check.hpp"
#include "core/diagnostics.hpp"
#include "records/store_sql.hpp"

namespace ytterby {

namespace {

/// Rows per INSERT: measured on flows, 8 take 0.7 us a row where 1 takes 1.0 us; more gain nothing.
constexpr std::size_t rows_per_insert = 8;

/// Finds names by view, so that looking up needs no allocation.
struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
};

/// Gathers the rows of one table into inserts of several rows.
struct TableWriter {
  const TableSchema* schema = nullptr;
  std::size_t width = 0;         ///< columns that are stored: tick and the written fields
  std::size_t rows_at_once = 1;  ///< 1 where plain texts would have to be kept until the insert
  std::size_t waiting = 0;       ///< rows in `cells`
  std::int64_t rows = 0;
  std::vector<Value> cells;      ///< room for `rows_at_once` rows
  std::array<Statement, rows_per_insert + 1> inserts;  ///< by number of rows; prepared when first needed
};

}  // namespace

struct RunStore::State {
  State(const std::filesystem::path& folder, const StoreOptions& store_options);

  void create();
  void resume();
  void prepare();
  void open_transaction();
  void commit();
  NameCode code_of(std::string_view name);
  Value checked(const TableSchema& schema, const Field& field, const Value& value);
  void flush(TableWriter& writer);

  /// Runs a step; when it fails, the store gives up the open transaction and takes nothing more.
  template <class Step>
  void guarded(Step&& step) {
    ensure(!finished, "records written after the end of the run");
    if (failed) throw RecordError("cannot write to " + database.path() + ": an earlier write failed");
    try {
      step();
    } catch (const RecordError& error) {
      failed = true;
      in_tick = false;
      database.roll_back();
      throw RecordError(std::string(error.what()) + "; " +
                        (committed_tick < 0 ? std::string("no tick was kept")
                                            : "everything up to tick " + std::to_string(committed_tick) + " is kept"));
    }
  }

  StoreOptions options;
  Database database;  // must outlive the statements below
  std::array<TableWriter, table_count> writers;
  Statement insert_tick, insert_name, insert_meta;
  std::unordered_map<std::string, std::int64_t, NameHash, std::equal_to<>> codes;
  std::int64_t tick = -1;
  std::int64_t last_ended_tick = -1;
  std::int64_t committed_tick = -1;
  int ticks_waiting = 0;
  bool in_transaction = false;
  bool in_tick = false;
  bool failed = false;
  bool finished = false;
};

RunStore::State::State(const std::filesystem::path& folder, const StoreOptions& store_options)
    : options(store_options), database((folder / store_file).string(), DatabaseAccess::write) {
  // Write-ahead log without a flush per commit: a killed process loses nothing committed, a power cut at most the last
  // ticks, and neither damages the file.
  database.execute("PRAGMA journal_mode = WAL");
  database.execute("PRAGMA synchronous = NORMAL");
  if (options.resume) {
    resume();
  } else {
    create();
  }
  prepare();
}

void RunStore::State::create() {
  {
    Statement present(database, "SELECT count(*) FROM sqlite_schema");
    present.step();
    ensure(present.integer(0) == 0, "a new store over an old one; the folder rules come first");
  }
  database.execute("BEGIN");
  database.execute(create_store_sql());
  Statement insert(database, "INSERT INTO columns VALUES (?, ?, ?, ?, ?)");
  for (const std::span<const TableSchema> group : {tables(), side_tables()}) {
    for (const TableSchema& table : group) {
      for (const Field& field : table.fields) {
        insert.bind(1, table.name).bind(2, field.name).bind(3, name_of(field.type)).bind(4, field.unit);
        insert.bind(5, field.meaning).step();
      }
    }
  }
  database.execute("COMMIT");
}

void RunStore::State::resume() {
  Statement version(database, "PRAGMA user_version");
  version.step();
  if (version.integer(0) != records_schema) {
    throw InputError(Problem{.what = "the records in " + database.path() + " are of schema " +
                                     std::to_string(version.integer(0)) + ", this program writes schema " +
                                     std::to_string(records_schema),
                             .suggestion = "start the run anew with --overwrite"});
  }
  version.reset();
  database.execute("BEGIN");
  const std::string later = " WHERE tick > " + std::to_string(options.resume_after_tick);
  for (std::size_t i = 0; i < table_count; ++i) {
    const std::string data = data_table(tables()[i]);
    database.execute("DELETE FROM " + data + later);
    Statement count(database, "SELECT count(*) FROM " + data);
    count.step();
    writers[i].rows = count.integer(0);
  }
  database.execute("DELETE FROM ticks" + later);
  Statement last(database, "SELECT coalesce(max(tick), -1) FROM ticks");
  last.step();
  tick = last_ended_tick = committed_tick = last.integer(0);
  last.reset();
  Statement names(database, "SELECT name, code FROM names");
  while (names.step()) codes.emplace(names.text(0), names.integer(1));
  database.execute("COMMIT");
}

void RunStore::State::prepare() {
  for (std::size_t i = 0; i < table_count; ++i) {
    TableWriter& writer = writers[i];
    writer.schema = &tables()[i];
    writer.width = writer.schema->fields.size() - 1;
    bool plain_text = false;
    for (const Field& field : writer.schema->written_fields()) {
      plain_text = plain_text || (field.type == FieldType::text && !field.key);
    }
    writer.rows_at_once = plain_text ? 1 : rows_per_insert;
    writer.cells.resize(writer.rows_at_once * writer.width);
  }
  insert_tick = Statement(database, "INSERT INTO ticks VALUES (?, ?)");
  insert_name = Statement(database, "INSERT INTO names VALUES (?, ?)");
  insert_meta = Statement(database, "INSERT OR REPLACE INTO meta VALUES (?, ?)");
}

void RunStore::State::open_transaction() {
  if (in_transaction) return;
  database.execute("BEGIN");
  in_transaction = true;
}

void RunStore::State::commit() {
  if (!in_transaction) return;
  database.execute("COMMIT");
  in_transaction = false;
  ticks_waiting = 0;
  committed_tick = last_ended_tick;
}

NameCode RunStore::State::code_of(std::string_view name) {
  const auto found = codes.find(name);
  if (found != codes.end()) return {found->second};
  open_transaction();
  const std::int64_t code = static_cast<std::int64_t>(codes.size()) + 1;
  insert_name.bind(1, code).bind(2, name).step();
  codes.emplace(name, code);
  return {code};
}

Value RunStore::State::checked(const TableSchema& schema, const Field& field, const Value& value) {
  using Kind = Value::Kind;
  const auto fits = [&](bool fit) {
    if (!fit) {
      ensure(false, "the value for " + std::string(schema.name) + "." + std::string(field.name) + " is not of type " +
                        std::string(name_of(field.type)));
    }
  };
  if (value.kind() == Kind::null) {
    fits(!field.key);
    return value;
  }
  switch (field.type) {
    case FieldType::real:
      fits(value.kind() == Kind::real || value.kind() == Kind::integer);
      if (value.kind() == Kind::real && !std::isfinite(value.real())) return {};
      return value;
    case FieldType::integer: fits(value.kind() == Kind::integer); return value;
    case FieldType::text:
      if (!field.key) {
        fits(value.kind() == Kind::text);
        return value;
      }
      if (value.kind() == Kind::text) return code_of(value.text());
      fits(value.kind() == Kind::name);
      return value;
  }
  return value;
}

void RunStore::State::flush(TableWriter& writer) {
  if (writer.waiting == 0) return;
  Statement& insert = writer.inserts[writer.waiting];
  if (!insert.is_prepared()) insert = Statement(database, insert_sql(*writer.schema, writer.waiting));
  int parameter = 0;
  for (const Value& value : std::span(writer.cells).first(writer.waiting * writer.width)) {
    ++parameter;
    switch (value.kind()) {
      case Value::Kind::null: insert.bind_null(parameter); break;
      case Value::Kind::real: insert.bind(parameter, value.real()); break;
      case Value::Kind::text: insert.bind(parameter, value.text()); break;
      case Value::Kind::integer:
      case Value::Kind::name: insert.bind(parameter, value.integer()); break;
    }
  }
  insert.step();
  writer.waiting = 0;
}

RunStore::RunStore(const std::filesystem::path& folder, const StoreOptions& options)
    : state_(std::make_unique<State>(folder, options)) {}

RunStore::~RunStore() {
  if (state_ == nullptr || state_->finished || state_->failed) return;
  try {
    if (state_->in_tick && state_->options.ticks_per_commit <= 1) {
      state_->database.roll_back();
      return;
    }
    if (state_->in_tick) state_->database.execute("ROLLBACK TO whole_ticks");
    if (state_->in_transaction) state_->database.execute("COMMIT");
  } catch (const RecordError&) {
    state_->database.roll_back();
  }
}

RunStore::RunStore(RunStore&&) noexcept = default;
RunStore& RunStore::operator=(RunStore&&) noexcept = default;

void RunStore::begin_tick(std::int64_t tick, std::string_view date) {
  State& state = *state_;
  ensure(!state.in_tick, "a tick of the records begins inside another");
  ensure(tick > state.tick, "ticks of the records must rise");
  state.guarded([&] {
    state.open_transaction();
    if (state.options.ticks_per_commit > 1) state.database.execute("SAVEPOINT whole_ticks");
    state.in_tick = true;
    state.tick = tick;
    state.insert_tick.bind(1, tick).bind(2, date).step();
  });
}

void RunStore::append(TableId table, std::span<const Value> values) {
  State& state = *state_;
  TableWriter& writer = state.writers[static_cast<std::size_t>(table)];
  const TableSchema& schema = *writer.schema;
  ensure(state.in_tick || state.failed, "a row of the records outside a tick");
  ensure(values.size() + 1 == writer.width, "a row of the records has the wrong number of values");
  state.guarded([&] {
    Value* row = writer.cells.data() + writer.waiting * writer.width;
    *row = state.tick;
    const std::span<const Field> fields = schema.written_fields();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Value& value = values[i];
      const bool finite_real = value.kind() == Value::Kind::real && fields[i].type == FieldType::real &&
                               std::isfinite(value.real());
      *++row = finite_real ? value : state.checked(schema, fields[i], value);  // most values take the short way
    }
    ++writer.rows;
    if (++writer.waiting == writer.rows_at_once) state.flush(writer);
  });
}

void RunStore::end_tick() {
  State& state = *state_;
  ensure(state.in_tick || state.failed, "a tick of the records ends that did not begin");
  state.guarded([&] {
    for (TableWriter& writer : state.writers) state.flush(writer);
    if (state.options.ticks_per_commit > 1) state.database.execute("RELEASE whole_ticks");
    state.in_tick = false;
    state.last_ended_tick = state.tick;
    if (++state.ticks_waiting >= state.options.ticks_per_commit) state.commit();
  });
}

NameCode RunStore::name_code(std::string_view name) {
  NameCode code;
  state_->guarded([&] { code = state_->code_of(name); });
  return code;
}

void RunStore::set_meta(std::string_view key, std::string_view value) {
  state_->guarded([&] { state_->insert_meta.bind(1, key).bind(2, value).step(); });
}

void RunStore::finish() {
  State& state = *state_;
  ensure(!state.in_tick, "the records end inside a tick");
  state.guarded([&] {
    state.commit();
    // Indexes are made once the rows stand: keeping them up row by row costs half as much again as the rows.
    state.database.execute(create_index_sql());
    // While someone still reads, or without room on the disk, the log cannot be folded in; then the files stay as they
    // are, complete and readable together.
    try {
      state.database.execute("PRAGMA busy_timeout = 500");
      state.database.execute("PRAGMA journal_mode = DELETE");
    } catch (const RecordError&) {
      state.database.roll_back();
    }
  });
  state.finished = true;
}

std::int64_t RunStore::rows(TableId table) const { return state_->writers[static_cast<std::size_t>(table)].rows; }

std::vector<std::pair<std::string, std::int64_t>> RunStore::row_counts() const {
  std::vector<std::pair<std::string, std::int64_t>> counts;
  for (const TableWriter& writer : state_->writers) counts.emplace_back(writer.schema->name, writer.rows);
  return counts;
}

std::int64_t RunStore::committed_tick() const { return state_->committed_tick; }

Database open_run(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / store_file;
  if (!std::filesystem::exists(file)) {
    throw InputError(Problem{.what = "there are no records of a run in " + folder.string(),
                             .why = std::string(store_file) + " is missing",
                             .suggestion = "name the folder that a run wrote, such as runs/baseline-1"});
  }
  Database database(file.string(), DatabaseAccess::read);
  std::int64_t found = 0;
  try {
    Statement version(database, "PRAGMA user_version");
    version.step();
    found = version.integer(0);
  } catch (const RecordError& error) {
    throw InputError(Problem{.what = error.what(), .suggestion = "the file is damaged or not one of ytterby's"});
  }
  if (found != records_schema) {
    throw InputError(Problem{.what = file.string() + " holds schema " + std::to_string(found) + " of the records",
                             .why = "this program reads schema " + std::to_string(records_schema),
                             .suggestion = "run it again with this version of the program"});
  }
  return database;
}

}  // namespace ytterby
