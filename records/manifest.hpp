#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ytterby {

/// A file that a run read, with the fingerprint of its bytes (XXH3, 128 bits, hexadecimal).
struct InputFile {
    std::string path = {};
    std::string hash = {};
};

/// Wall time of one phase of the tick, summed over the run.
struct PhaseTime {
    std::string phase = {};
    double seconds = 0.0;
};

/// Which program wrote the run.
struct BuildInfo {
    std::string version = {};
    std::string commit = {};
    std::string compiler = {};
    std::string flags = {};
};

/// This build; version, commit and flags come from the build system (YTTERBY_VERSION, YTTERBY_COMMIT, YTTERBY_FLAGS)
/// and are "unknown" without it.
BuildInfo this_build();

/// The status of a run whose files are being removed: what is left of it cannot be used.
inline constexpr const char* status_of_removal = "being removed";

/// What a run read and how it ended: all that is needed to repeat it.
struct Manifest {
    std::string status = "running";  ///< running, finished, interrupted, failed or being removed
    std::string stop_reason = {};    ///< for a reader: "all ticks done", "interrupted by the user", an error message
    BuildInfo build = {};
    InputFile config_file = {};
    std::vector<InputFile> input_files = {};
    std::vector<std::string> overrides = {};  ///< `--set` arguments, and options that stand for one
    std::uint64_t seed = 0;
    std::uint64_t replicate = 0;
    int threads = 1;
    int host_cores = 0;
    std::string started = {};  ///< UTC, ISO 8601
    std::string ended = {};
    std::int64_t ticks_planned = 0;
    std::int64_t ticks_done = 0;
    double wall_seconds = 0.0;
    std::vector<PhaseTime> phases = {};
    std::vector<std::pair<std::string, std::int64_t>> rows = {};  ///< per table
    std::vector<std::string> row_digests = {};  ///< RowDigests::texts: table and fingerprint of its rows
    std::vector<std::string> written = {};      ///< files of this run, relative to its folder; `*` for numbers
    std::string final_digest = {};              ///< fingerprint of the World at the end
    std::string checkpoint_every = {};          ///< ticks, or month, quarter, year; empty: none
    std::int64_t keep_checkpoints = 2;
    std::int64_t resumed_from = 0;   ///< ticks done when the run was last resumed
    std::string branch_of = {};      ///< run and tick it was forked from, if it was
    std::string config_json = "{}";  ///< resolved config: each key's value, unit and origin
};

inline constexpr std::string_view manifest_file = "manifest.json";

/// A manifest with what is known when a run starts: build, host cores, start time, fingerprints of the files.
/// Throws RecordError when a file cannot be read.
Manifest start_manifest(const std::string& config_file, const std::vector<std::string>& input_files);

/// The manifest as JSON text. Throws std::logic_error when `config_json` is not JSON.
std::string manifest_json(const Manifest& manifest);

/// Writes `<folder>/manifest.json`, replacing an earlier one only when the new one is complete. Throws RecordError.
void write_manifest(const Manifest& manifest, const std::filesystem::path& folder);

/// The parts of a folder's manifest that resuming the run needs: status, config file, overrides, checkpoints, ticks.
/// Throws InputError when the folder has no manifest that ytterby wrote.
Manifest read_manifest(const std::filesystem::path& folder);

/// Whether the folder holds a manifest that ytterby wrote.
bool has_manifest(const std::filesystem::path& folder);

/// The time now as "2026-01-31T12:00:00Z".
std::string utc_now();

}  // namespace ytterby
