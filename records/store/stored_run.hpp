#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "records/store/sqlite.hpp"

namespace ytterby {

/// Opens a run's records for reading. A run that was killed while SQLite changed the file has left a journal or a log;
/// what it holds is first put in order, as SQLite does when it may write. Folders without records, damaged files, files
/// of another schema and files whose tables or views were changed are thrown as InputErrors.
Database open_run(const std::filesystem::path& folder);

/// The last tick that a run's records hold, -1 when there are none.
std::int64_t last_recorded_tick(const std::filesystem::path& folder);

/// Compares the rows of a run up to a tick with their fingerprints (RowDigests::texts); an InputError names the tables
/// that differ.
void require_same_rows(const std::filesystem::path& folder, std::int64_t last_tick,
                       const std::vector<std::string>& digests);

/// Copies a run's records, committed or not yet moved into the file, into another folder.
void copy_records(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace ytterby
