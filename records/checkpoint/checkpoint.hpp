#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/calendar.hpp"
#include "records/checkpoint/stream.hpp"
#include "records/manifest.hpp"

namespace ytterby {

/// The run, the tick and the program that a checkpoint comes from.
struct CheckpointOrigin {
    std::int64_t tick = 0;  ///< ticks done
    std::string version = {};
    std::string commit = {};
    std::string compiler = {};
    std::string flags = {};
    std::string config_file = {};         ///< as the user named it
    std::string config_from_folder = {};  ///< relative to the run's folder
    std::vector<std::string> overrides = {};
    std::string config_json = {};               ///< resolved config, as in the manifest
    std::vector<std::string> data = {};         ///< name and fingerprint of each table of data
    std::vector<std::string> row_digests = {};  ///< of the records so far (RowDigests::texts)

    static constexpr auto state_fields() {
        using O = CheckpointOrigin;
        return std::tuple(field("tick", &O::tick), field("version", &O::version), field("commit", &O::commit),
                          field("compiler", &O::compiler), field("flags", &O::flags),
                          field("config_file", &O::config_file), field("config_from_folder", &O::config_from_folder),
                          field("overrides", &O::overrides), field("config_json", &O::config_json),
                          field("data", &O::data), field("row_digests", &O::row_digests));
    }
};

/// Walks over all state of a run: the World, and what its observers keep.
using StateWalk = std::function<void(StateVisitor&)>;

/// Writes a checkpoint into `<folder>/checkpoints`, so that a reader finds it complete or not at all, and then removes
/// all but the newest `keep` (0 keeps all). The records so far must have been committed before. Throws RecordError when
/// it cannot be written; older ones are then untouched.
void save_checkpoint(const std::filesystem::path& folder, CheckpointOrigin origin, const StateWalk& walk,
                     std::size_t keep);

/// Ticks of the checkpoints in a run's folder, ascending; damage is not looked for.
std::vector<std::int64_t> checkpoints_in(const std::filesystem::path& folder);
/// The file of a tick's checkpoint.
std::filesystem::path checkpoint_path(const std::filesystem::path& folder, std::int64_t tick);
/// Removes the checkpoints after a tick, and any that was not completed.
void remove_checkpoints_after(const std::filesystem::path& folder, std::int64_t tick);

/// An open checkpoint whose contents have been verified.
class Checkpoint {
public:
    /// Throws DamagedCheckpoint or InputError.
    Checkpoint(const std::filesystem::path& folder, std::int64_t tick);

    const CheckpointOrigin& origin() const { return origin_; }
    /// Fills the state, once. Throws InputError when the checkpoint does not fit it.
    void load(const StateWalk& walk);

private:
    std::unique_ptr<std::ifstream> file_;
    std::unique_ptr<CheckpointReader> reader_;
    CheckpointOrigin origin_;
};

/// When checkpoints are due: every so many ticks, or at the end of each month, quarter or year.
class CheckpointRhythm {
public:
    /// Reads "12", "month", "quarter" or "year"; nothing for anything else.
    static std::optional<CheckpointRhythm> parse(const std::string& text);
    bool due(std::int64_t ticks_done, const Calendar& calendar) const;

private:
    std::int64_t ticks_ = 0;
    int months_ = 0;
};

}  // namespace ytterby
