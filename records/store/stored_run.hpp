#pragma once

#include <cstdint>
#include <filesystem>

#include "records/store/sqlite.hpp"

namespace ytterby {

/// Opens the tables of a finished, interrupted or running run for reading. Throws InputError when there are none or
/// when they are of another schema version.
Database open_run(const std::filesystem::path& folder);

/// The last tick that a run's tables hold, or -1 when there is none or no tables.
std::int64_t last_recorded_tick(const std::filesystem::path& folder);

/// Copies the tables of a run, running or not, into another folder. Throws RecordError.
void copy_records(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace ytterby
