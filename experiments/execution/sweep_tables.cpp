#include "experiments/execution/sweep_tables.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <fstream>
#include <memory>

#include "core/check.hpp"
#include "core/config/csv_rows.hpp"
#include "core/system_message.hpp"
#include "records/csv.hpp"
#include "records/store/sqlite.hpp"
#include "records/whole_file.hpp"

namespace ytterby {
namespace {

namespace fs = std::filesystem;

std::string quoted_column(const std::string& name) {
    std::string quoted = "\"";
    for (const char letter : name) {
        quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    }
    return quoted + "\"";
}

/// Binds a cell as what it looks like: whole number, number or text; an empty one is NULL.
void bind_cell(Statement& statement, int parameter, std::string_view cell) {
    std::int64_t whole = 0;
    double number = 0.0;
    const char* end = cell.data() + cell.size();
    if (cell.empty()) {
        statement.bind_null(parameter);
    } else if (const auto read = std::from_chars(cell.data(), end, whole); read.ec == std::errc() && read.ptr == end) {
        statement.bind(parameter, whole);
    } else if (const auto real = std::from_chars(cell.data(), end, number); real.ec == std::errc() && real.ptr == end) {
        statement.bind(parameter, number);
    } else {
        statement.bind(parameter, cell);
    }
}

Statement prepare_insert(const Database& database, const std::string& table, std::size_t columns) {
    std::string sql = "INSERT INTO " + table + " VALUES (?";
    for (std::size_t column = 1; column < columns; ++column) {
        sql += ", ?";
    }
    return Statement(database, sql + ")");
}

void insert_texts(Database& database, const std::string& table, const std::vector<std::vector<std::string>>& rows) {
    for (const std::vector<std::string>& row : rows) {
        Statement statement = prepare_insert(database, table, row.size());
        for (std::size_t column = 0; column < row.size(); ++column) {
            statement.bind(static_cast<int>(column) + 1, std::string_view(row[column]));
        }
        statement.step();
    }
}

/// Calls `visit` with each row of the plan and its record.
void each_row(
    const fs::path& folder, const SweepLedger& ledger, const SegmentReader& reader,
    const std::function<void(const CsvRows& plan, SweepLedger::State state, const RunRecord& record)>& visit) {
    CsvRows plan = CsvRows::read_file((folder / sweep_plan_file).string());
    for (std::size_t row = 0; row < ledger.rows(); ++row) {
        if (!plan.next()) {
            throw RecordError((folder / sweep_plan_file).string() + " has changed while it was read");
        }
        const SweepLedger::State state = ledger.state(row);
        visit(plan, state,
              state == SweepLedger::State::unplayed || state == SweepLedger::State::spared
                  ? RunRecord{}
                  : reader.at(ledger.place(row)));
    }
}

/// The status of a run in the tables.
const char* status_of(SweepLedger::State state) {
    switch (state) {
        case SweepLedger::State::ok:
            return "ok";
        case SweepLedger::State::failed:
            return "failed";
        case SweepLedger::State::unplayed:
            return "unplayed";
        case SweepLedger::State::spared:
            return "spared";
    }
    return "";
}

void write_results(const fs::path& folder, const SweepState& state, const SweepLedger& ledger,
                   const SegmentReader& reader) {
    write_whole_file(folder / sweep_results_file, [&](std::ostream& out) {
        std::string text = "run_id,cell,replicate,status,error";
        for (const SweepState::MetricRow& metric : state.metrics) {
            text += "," + metric.name;
        }
        out << text << "\r\n";
        each_row(folder, ledger, reader,
                 [&](const CsvRows& plan, SweepLedger::State state_of_row, const RunRecord& record) {
                     text.clear();
                     for (const std::size_t column : {0, 1, 2}) {
                         text.append(plan.text(column)) += ',';
                     }
                     text.append(status_of(state_of_row)) += ',';
                     append_csv_text(text, record.error);
                     for (std::size_t metric = 0; metric < state.metrics.size(); ++metric) {
                         text += ',';
                         if (state_of_row == SweepLedger::State::ok) {
                             append_csv_number(text, record.values[metric]);
                         }
                     }
                     out << text << "\r\n";
                 });
    });
}

void write_catalogue(const fs::path& file, const fs::path& folder, const SweepState& state, const SweepLedger& ledger,
                     const SegmentReader& reader) {
    Database database(file.string(), DatabaseAccess::write);
    database.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
    const std::vector<std::string> columns = CsvRows::read_file((folder / sweep_plan_file).string()).columns();
    std::string plan_sql = "CREATE TABLE plan (run_id TEXT, cell INTEGER, replicate INTEGER";
    for (std::size_t column = 3; column < columns.size(); ++column) {
        plan_sql += ", " + quoted_column(columns[column]);
    }
    std::string results_sql =
        "CREATE TABLE results (run_id TEXT, cell INTEGER, replicate INTEGER, status TEXT, error TEXT";
    for (const SweepState::MetricRow& metric : state.metrics) {
        results_sql += ", " + quoted_column(metric.name) + " REAL";
    }
    database.execute(plan_sql + "); " + results_sql +
                     "); CREATE TABLE levers (name TEXT, role TEXT, sets TEXT, levels TEXT); CREATE TABLE metrics "
                     "(name TEXT, of TEXT, unit TEXT, subject TEXT, over TEXT, take TEXT)");
    std::vector<std::vector<std::string>> texts;
    texts.reserve(state.factors.size());
    for (const SweepState::FactorRow& factor : state.factors) {
        texts.push_back({factor.name, factor.role, factor.sets, factor.values});
    }
    insert_texts(database, "levers", texts);
    texts.clear();
    for (const SweepState::MetricRow& metric : state.metrics) {
        texts.push_back({metric.name, metric.of, metric.unit, metric.subject, metric.over, metric.take});
    }
    insert_texts(database, "metrics", texts);
    Statement plan_row = prepare_insert(database, "plan", columns.size());
    Statement result_row = prepare_insert(database, "results", state.metrics.size() + 5);
    each_row(folder, ledger, reader,
             [&](const CsvRows& plan, SweepLedger::State state_of_row, const RunRecord& record) {
                 plan_row.bind(1, plan.text(0));
                 result_row.bind(1, plan.text(0));
                 for (std::size_t column = 1; column < columns.size(); ++column) {
                     bind_cell(plan_row, static_cast<int>(column) + 1, plan.text(column));
                 }
                 plan_row.step();
                 bind_cell(result_row, 2, plan.text(1));
                 bind_cell(result_row, 3, plan.text(2));
                 result_row.bind(4, std::string_view(status_of(state_of_row)));
                 result_row.bind(5, std::string_view(record.error));
                 for (std::size_t metric = 0; metric < state.metrics.size(); ++metric) {
                     const int parameter = static_cast<int>(metric) + 6;
                     if (state_of_row == SweepLedger::State::ok) {
                         result_row.bind(parameter, record.values[metric]);
                     } else {
                         result_row.bind_null(parameter);
                     }
                 }
                 result_row.step();
             });
    database.execute(
        "CREATE INDEX results_by_run ON results (run_id); CREATE INDEX plan_by_run ON plan (run_id); COMMIT");
}

/// Waits until a closed file is on the disk.
void sync_to_disk(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool done = file >= 0 && ::fsync(file) == 0;
    const int code = errno;
    if (file >= 0) {
        ::close(file);
    }
    if (!done) {
        throw RecordError("cannot write " + path.string() + ": " + system_message(code));
    }
}

}  // namespace

void write_sweep_tables(const fs::path& folder, const SweepState& state, const SweepLedger& ledger,
                        const SegmentReader& reader) {
    write_results(folder, state, ledger, reader);
    const fs::path unfinished = folder / (std::string(sweep_catalogue_file) + std::string(unfinished_ending));
    std::error_code trouble;
    fs::remove(unfinished, trouble);
    try {
        write_catalogue(unfinished, folder, state, ledger, reader);
        sync_to_disk(unfinished);
        fs::rename(unfinished, folder / sweep_catalogue_file);
    } catch (...) {
        fs::remove(unfinished, trouble);
        throw;
    }
}

namespace {

/// Copies what describes a sweep, the manifest first: it shows whose the folder is.
void copy_plan(const fs::path& from, const fs::path& into) {
    for (const char* name : {"manifest.json", sweep_plan_file, "design.toml", sweep_state_file}) {
        std::error_code trouble;
        const fs::path source = from / name;
        if (!fs::is_regular_file(fs::symlink_status(source, trouble))) {
            throw RecordError(source.string() + " is missing, or no plain file");
        }
        std::ifstream in(source, std::ios::binary);
        write_whole_file(into / name, [&](std::ostream& out) { out << in.rdbuf(); });
    }
}

}  // namespace

SweepStanding merge_sweeps(const fs::path& into, const std::vector<fs::path>& from) {
    const SweepFolder folder(into, false);
    const SweepState state = read_sweep_state(from.front());
    if (folder.is_begun() && read_sweep_state(into).identity != state.identity) {
        throw InputError(Problem{.key = "output folder " + into.string(),
                                 .what = "it holds another sweep",
                                 .why = "its plan is not that of " + from.front().string(),
                                 .suggestion = "choose another folder"});
    }
    // All records are compared before any is written: one that contradicts another would stay in the folder.
    std::vector<std::unique_ptr<const SegmentReader>> readers;
    readers.push_back(std::make_unique<const SegmentReader>(into, state.identity, state.metrics.size()));
    SweepLedger known(read_planned_runs(folder.is_begun() ? into : from.front(), state));
    known.take_all(*readers.front());
    std::vector<std::uint32_t> origin(known.rows(), 0);  // of the record that counts: 0 the folder itself, else a part
    for (const fs::path& part : from) {
        const SweepState other = read_sweep_state(part);
        if (other.identity != state.identity || other.plan_digest != state.plan_digest || other.rows != state.rows ||
            other.metrics.size() != state.metrics.size()) {
            throw InputError(
                Problem{.key = part.string(),
                        .what = "belongs to another sweep",
                        .why = "design, scenario, data or program differ from those of " + from.front().string(),
                        .suggestion = "merge shards of one plan only"});
        }
        SweepLedger theirs(read_planned_runs(part, other));
        readers.push_back(std::make_unique<const SegmentReader>(part, other.identity, other.metrics.size()));
        theirs.take_all(*readers.back());
        for (std::size_t row = 0; row < theirs.rows(); ++row) {
            const SweepLedger::State found = theirs.state(row);
            const SweepLedger::State had = known.state(row);
            if (theirs.is_leader(row) && (found == SweepLedger::State::ok || (found == SweepLedger::State::failed &&
                                                                              had == SweepLedger::State::unplayed))) {
                known.take(readers.back()->at(theirs.place(row)), theirs.place(row), readers[origin[row]].get());
                origin[row] =
                    had == SweepLedger::State::ok ? origin[row] : static_cast<std::uint32_t>(readers.size() - 1);
            }
        }
    }
    if (!folder.is_begun()) {
        copy_plan(from.front(), into);
    }
    {
        SegmentWriter writer(into, state.identity);
        for (std::size_t row = 0; row < known.rows(); ++row) {
            if (known.is_leader(row) && origin[row] > 0) {
                writer.append(readers[origin[row]]->at(known.place(row)));
            }
        }
        writer.flush();
    }
    SweepLedger all(read_planned_runs(into, state));
    const SegmentReader reader(into, state.identity, state.metrics.size());
    all.take_all(reader);
    SweepStanding standing = standing_of(state, std::move(all), reader);
    write_sweep_tables(into, state, standing.ledger, reader);
    return standing;
}

}  // namespace ytterby
