#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace ytterby {

/// What to do when the output folder holds something already.
enum class ExistingRun : std::uint8_t {
    refuse,     ///< stop and say so
    overwrite,  ///< remove the files of the run that is there, and only those
    resume      ///< go on with the run that is there
};

/// `runs/<name of the config file without its ending>-<seed>`, relative to the working folder.
std::filesystem::path default_run_folder(const std::filesystem::path& config_file, std::uint64_t seed);

/// A run's output folder, taken for this process alone as long as this object lives.
///
/// A new or empty folder is taken as it is. One with something in it is refused unless the caller overwrites or
/// resumes, and then it must hold a manifest that ytterby wrote. Overwriting removes only files that ytterby writes;
/// what else lies there stays. A folder that another process writes to is refused. Refusals are InputErrors with a
/// suggestion, and leave everything as it was.
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

/// The file that stands for the lock; it stays, and means nothing unless a process holds it.
inline constexpr const char* lock_file = ".ytterby.lock";

}  // namespace ytterby
