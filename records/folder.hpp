#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace ytterby {

/// What to do when the output folder is not empty.
enum class ExistingRun : std::uint8_t {
    refuse,     ///< stop with an error
    overwrite,  ///< remove the files of the run that is there, and only those
    resume      ///< continue the run that is there
};

/// `runs/<name of the config file without its ending>-<seed>`, relative to the working folder.
std::filesystem::path default_run_folder(const std::filesystem::path& config_file, std::uint64_t seed);

/// A run's output folder, locked for this process as long as this object lives.
///
/// A new or empty folder is accepted as it is. One that is not empty is refused unless the caller overwrites or
/// resumes, and then it must hold a manifest that ytterby wrote. Overwriting removes only files that ytterby writes;
/// and only those that its manifest lists where it lists any;
/// all others stay. A folder that another process writes to is refused. Refusals are InputErrors with a suggestion, and
/// change nothing.
class RunFolder {
public:
    RunFolder(std::filesystem::path path, ExistingRun existing);
    ~RunFolder();
    RunFolder(RunFolder&& other) noexcept;
    RunFolder& operator=(RunFolder&& other) noexcept;

    const std::filesystem::path& path() const { return path_; }

private:
    void take_lock(bool fresh);

    std::filesystem::path path_;
    int lock_ = -1;
};

/// Whether a file, named relative to a run's folder, is one that ytterby writes (and may therefore remove).
bool is_run_file(const std::filesystem::path& relative);

/// Removes a run from a folder as overwriting does, and the folder if nothing else is in it. A folder without a
/// manifest is left alone.
void remove_run(const std::filesystem::path& folder);

/// Refuses a folder in which a file whose name has so many bytes could not be opened, before anything is made there.
void require_short_path(const std::filesystem::path& folder, std::size_t longest_name);

/// Opens the lock file of a folder, -1 with errno where that fails or where it is a link.
int open_lock(const std::filesystem::path& folder);

/// The lock file. It stays behind, and means nothing unless a process holds the lock.
inline constexpr const char* lock_file = ".ytterby.lock";

}  // namespace ytterby
