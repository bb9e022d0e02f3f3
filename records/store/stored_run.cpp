#include "records/store/stored_run.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/config/diagnostics.hpp"
#include "records/store/row_digests.hpp"
#include "records/store/run_store.hpp"
#include "records/store/schema.hpp"
#include "records/store/sql.hpp"

namespace ytterby {

namespace {

namespace fs = std::filesystem;

/// Puts a file in order whose writer was killed while SQLite left the write-ahead mode: its journal must be rolled
/// back, which a reader may not do. A file that another process is writing has no such journal.
void roll_back_journal(const fs::path& file) {
    fs::path journal = file;
    journal += "-journal";
    std::error_code trouble;
    if (fs::file_size(journal, trouble) == 0 || trouble) {
        return;
    }
    const Database database(file.string(), DatabaseAccess::repair);
    Statement(database, "SELECT count(*) FROM sqlite_schema").step();
}

/// What a file holds beside rows: its tables, views, indexes and triggers by name, as SQL.
std::map<std::string, std::string> schema_of_file(const Database& database) {
    std::map<std::string, std::string> schema;
    Statement entries(database, "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE sql IS NOT NULL");
    while (entries.step()) {
        std::string name(entries.text(0));
        schema.emplace(std::move(name), entries.text(1));
    }
    return schema;
}

/// Refuses a file whose tables or views are not those that runs make: a view made by someone else may answer anything,
/// or never end. Tables, views and indexes that a user adds are left alone.
void require_own_schema(const Database& database) {
    static const std::map<std::string, std::string> expected = [] {
        Database empty("", DatabaseAccess::in_memory);
        empty.execute(create_store_sql());
        return schema_of_file(empty);
    }();
    const std::map<std::string, std::string> found = schema_of_file(database);
    std::string changed;
    for (const auto& [name, sql] : expected) {
        const auto same = found.find(name);
        if (same == found.end() || same->second != sql) {
            changed = name;
            break;
        }
    }
    for (const auto& [name, sql] : found) {
        changed = changed.empty() && name.starts_with("trigger ") ? name : changed;
    }
    if (!changed.empty()) {
        throw InputError(Problem{.what = database.path() + ": " + changed + " is not as runs make it",
                                 .why = "someone has changed the file, and what it answers cannot be trusted",
                                 .suggestion = "take a copy that was not changed, or run it again"});
    }
}

}  // namespace

Database open_run(const fs::path& folder) {
    const fs::path file = folder / store_file;
    if (!fs::exists(file)) {
        throw InputError(Problem{.what = "there are no records of a run in " + folder.string(),
                                 .why = std::string(store_file) + " is missing",
                                 .suggestion = "name the folder that a run wrote, such as runs/baseline-1"});
    }
    std::int64_t found = 0;
    std::optional<Database> database;
    try {
        roll_back_journal(file);
        database.emplace(file.string(), DatabaseAccess::read);
        Statement version(*database, "PRAGMA user_version");
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
    require_own_schema(*database);
    return std::move(*database);
}

std::int64_t last_recorded_tick(const fs::path& folder) {
    std::error_code trouble;
    if (!fs::exists(folder / store_file, trouble)) {
        return -1;
    }
    try {
        const Database database = open_run(folder);
        Statement last(database, "SELECT coalesce(max(tick), -1) FROM ticks");
        last.step();
        return last.integer(0);
    } catch (const RecordError& error) {
        throw InputError(Problem{.what = error.what(), .suggestion = "the file is damaged or not one of ytterby's"});
    }
}

void require_same_rows(const fs::path& folder, std::int64_t last_tick, const std::vector<std::string>& digests) {
    const std::optional<RowDigests> expected = RowDigests::from_texts(digests);
    const auto refuse = [&](const std::string& what) {
        throw InputError(Problem{.key = (folder / store_file).string(),
                                 .what = what,
                                 .why = "they were changed after they had been written, or are of another run",
                                 .suggestion = "put the old file back, or start the run anew with --overwrite"});
    };
    if (!expected) {
        refuse("the checkpoint's fingerprints of its rows cannot be read");
    }
    std::vector<std::string> found;
    try {
        found = digests_of_rows(open_run(folder), last_tick, expected->names()).texts();
    } catch (const RecordError& error) {
        refuse(std::string("its rows cannot be read: ") + error.what());
    }
    const std::vector<std::string> wanted = expected->texts();
    std::string changed;
    for (std::size_t place = 0; place < wanted.size(); ++place) {
        if (found[place] != wanted[place]) {
            changed += (changed.empty() ? "" : ", ") + wanted[place].substr(0, wanted[place].find(' '));
        }
    }
    if (!changed.empty()) {
        refuse("the rows of " + changed + " up to tick " + std::to_string(last_tick) +
               " are not those that were written");
    }
}

void copy_records(const fs::path& from, const fs::path& to) {
    const Database source = open_run(from);
    Database copy((to / store_file).string(), DatabaseAccess::write);
    copy.copy_all(source);
}

}  // namespace ytterby
