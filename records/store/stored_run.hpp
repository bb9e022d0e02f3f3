#pragma once

#include <cstdint>
#include <filesystem>

#include "records/store/sqlite.hpp"

namespace ytterby {

/// Opens the tables of a run, running or ended, for reading. Throws InputError when there are none or when their schema
/// version is another.
Database open_run(const std::filesystem::path& folder);

/// The last tick in a run's tables; -1 when there are no ticks or no tables.
std::int64_t last_recorded_tick(const std::filesystem::path& folder);

/// Copies the tables of a run, running or not, into another folder. Throws RecordError.
void copy_records(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace ytterby
