#include "records/store/stored_run.hpp"

#include <string>

#include "core/config/diagnostics.hpp"
#include "records/store/run_store.hpp"
#include "records/store/schema.hpp"

namespace ytterby {

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

std::int64_t last_recorded_tick(const std::filesystem::path& folder) {
    try {
        const Database database = open_run(folder);
        Statement last(database, "SELECT coalesce(max(tick), -1) FROM ticks");
        last.step();
        return last.integer(0);
    } catch (const InputError&) {
        return -1;
    }
}

void copy_records(const std::filesystem::path& from, const std::filesystem::path& to) {
    const Database source = open_run(from);
    Database copy((to / store_file).string(), DatabaseAccess::write);
    copy.copy_all(source);
}

}  // namespace ytterby
