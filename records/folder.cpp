#include "records/folder.hpp"

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include "core/config/diagnostics.hpp"
#include "core/system_message.hpp"
#include "records/manifest.hpp"
#include "records/whole_file.hpp"

namespace ytterby {

namespace fs = std::filesystem;

namespace {

/// All files that a run writes, as patterns relative to its folder; `*` does not cross folders.
constexpr std::array run_files{
    "manifest.json",
    "manifest.json.tmp",
    "run.sqlite",
    "run.sqlite-wal",
    "run.sqlite-shm",
    "run.sqlite-journal",
    "run.log",
    "effective.toml",
    "effective.toml.tmp",
    "report.html",
    "report.html.tmp",
    "patterns.md",
    "patterns.md.tmp",
    "patterns.csv",
    "patterns.csv.tmp",
    "deals.txt",
    "deals.txt.tmp",
    "ensemble.csv",
    "ensemble.csv.tmp",
    "csv/*.csv",
    "csv/*.csv.tmp",
    "checkpoint-*.bin",
    "checkpoint-*.bin.tmp",
    "checkpoints/*.bin",
    "checkpoints/*.bin.tmp",
    lock_file,
};

/// The subfolders that hold some of them.
constexpr std::array run_subfolders{"csv", "checkpoints"};

[[noreturn]] void refuse(const fs::path& folder, std::string what, std::string why, std::string suggestion) {
    throw InputError(Problem{.key = "output folder " + folder.string(),
                             .what = std::move(what),
                             .why = std::move(why),
                             .suggestion = std::move(suggestion)});
}

/// The entries of a folder, without the lock file.
std::vector<fs::path> entries_of(const fs::path& folder, const fs::path& output) {
    std::vector<fs::path> found;
    std::error_code trouble;
    fs::directory_iterator entry(folder, trouble);
    for (; !trouble && entry != fs::directory_iterator(); entry.increment(trouble)) {
        if (entry->path().filename() != lock_file) {
            found.push_back(entry->path());
        }
    }
    if (trouble) {
        refuse(output, folder.string() + " cannot be read", trouble.message(), "choose another with --output");
    }
    return found;
}

/// The outermost folder of a path that does not exist yet.
fs::path first_missing(fs::path path) {
    std::error_code trouble;
    fs::path missing = path;
    for (; !path.empty() && !fs::exists(path, trouble); path = path.parent_path()) {
        missing = path;
    }
    return missing;
}

/// Removes folders that were made in vain, from the innermost to the one given.
void remove_empty_folders(fs::path path, const fs::path& outermost) {
    std::error_code trouble;
    while (path.native().size() >= outermost.native().size() && !path.empty()) {
        fs::remove(path, trouble);
        if (path == path.parent_path()) {
            break;
        }
        path = path.parent_path();
    }
}

/// Whether a manifest lists a file, or one that it makes on the way to it.
bool is_listed(const fs::path& relative, const std::vector<std::string>& written) {
    return std::any_of(written.begin(), written.end(), [&](const std::string& pattern) {
        for (const char* ending : {"", ".tmp", "-wal", "-shm", "-journal"}) {
            if (::fnmatch((pattern + ending).c_str(), relative.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0) {
                return true;
            }
        }
        return false;
    });
}

/// Removes the files of a run from its folder: those that its manifest lists, or where it lists none all that a run may
/// write. The manifest goes last, since it marks the folder as one of ytterby's; before the first file goes, it says
/// that the run is being removed.
void remove_run_files(const fs::path& folder) {
    std::error_code trouble;
    const std::vector<std::string> written = read_manifest(folder).written;
    write_manifest(Manifest{.status = status_of_removal,
                            .stop_reason = "its files were being removed",
                            .written = written,
                            .config_json = "{}"},
                   folder);
    const auto remove_files_in = [&](const fs::path& part) {
        for (const fs::path& file : entries_of(part, folder)) {
            const fs::path relative = file.lexically_relative(folder);
            if (!is_run_file(relative) || relative == manifest_file ||
                (!written.empty() && !is_listed(relative, written))) {
                continue;
            }
            if (fs::is_directory(fs::symlink_status(file, trouble))) {
                continue;
            }
            if (!fs::remove(file, trouble) && trouble) {
                refuse(folder, "the old run's " + relative.string() + " cannot be removed", trouble.message(),
                       "choose another with --output");
            }
        }
    };
    for (const char* part : run_subfolders) {
        if (!fs::is_directory(fs::symlink_status(folder / part, trouble))) {
            continue;
        }
        remove_files_in(folder / part);
        fs::remove(folder / part, trouble);  // only if it is empty by now
    }
    remove_files_in(folder);
    fs::remove(folder / manifest_file, trouble);
}

/// The run in a folder, for a message.
std::string earlier_run(const fs::path& folder) {
    const Manifest manifest = read_manifest(folder);
    return manifest.status == "finished" ? "a finished run"
                                         : "an unfinished run (" + std::to_string(manifest.ticks_done) + " of " +
                                               std::to_string(manifest.ticks_planned) + " ticks)";
}

bool can_be_resumed(const fs::path& folder) {
    const Manifest manifest = read_manifest(folder);
    return manifest.status != "finished" && !manifest.checkpoint_every.empty();
}

/// The first of FOLDER-2, FOLDER-3 ... that is not there.
fs::path free_folder_beside(const fs::path& folder) {
    std::error_code trouble;
    fs::path beside;
    for (int number = 2; beside.empty() || fs::exists(beside, trouble); ++number) {
        beside = (folder / "").parent_path().string() + "-" + std::to_string(number);
    }
    return beside;
}

}  // namespace

bool is_run_file(const fs::path& relative) {
    for (const char* pattern : run_files) {
        if (::fnmatch(pattern, relative.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0) {
            return true;
        }
    }
    return false;
}

void remove_run(const fs::path& folder) {
    std::error_code trouble;
    if (fs::is_symlink(fs::symlink_status(folder, trouble)) || !has_manifest(folder)) {
        return;
    }
    remove_run_files(folder);
    fs::remove(folder / lock_file, trouble);
    fs::remove(folder, trouble);  // only if it is empty by now
}

int open_lock(const fs::path& folder) {
    // Not through a link: the file behind it is someone else's.
    return ::open((folder / lock_file).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
}

fs::path default_run_folder(const fs::path& config_file, std::uint64_t seed) {
    return fs::path("runs") / (config_file.stem().string() + "-" + std::to_string(seed));
}

void require_short_path(const fs::path& folder, std::size_t longest_name) {
    constexpr std::size_t most = 512;  // of SQLite on Unix (MAX_PATHNAME of os_unix.c)
    constexpr std::size_t most_of_name = 255;
    std::error_code trouble;
    const fs::path whole = fs::weakly_canonical(folder, trouble);
    const std::size_t bytes = (trouble ? fs::absolute(folder, trouble) : whole).native().size();
    if (bytes + 1 + longest_name >= most) {
        refuse(folder, "its path is too long",
               std::to_string(bytes) + " bytes; SQLite opens files below " + std::to_string(most) +
                   ", and the longest name in it has " + std::to_string(longest_name),
               "choose a shorter one with --output");
    }
    for (const fs::path& part : folder) {
        if (part.native().size() > most_of_name) {
            refuse(folder, "a part of its path is too long",
                   std::to_string(part.native().size()) + " bytes; a file system takes " + std::to_string(most_of_name),
                   "choose a shorter one with --output");
        }
    }
}

RunFolder::RunFolder(fs::path path, ExistingRun existing) : path_(std::move(path)) {
    constexpr std::size_t longest_name = 40;  // checkpoints/tick-0000000000.bin.tmp
    require_short_path(path_, longest_name);
    std::error_code trouble;
    const fs::file_status status = fs::status(path_, trouble);
    const bool present = fs::exists(status);
    if (present && !fs::is_directory(status)) {
        refuse(path_, "there is a file of that name", "a run needs a folder of its own",
               "choose another with --output");
    }
    const std::vector<fs::path> entries = present ? entries_of(path_, path_) : std::vector<fs::path>();
    // A run that was killed while it wrote its first file has left nothing of use.
    const std::string begun = std::string(manifest_file) + std::string(unfinished_ending);
    const bool in_use = !entries.empty() && !(entries.size() == 1 && entries.front().filename() == begun);
    if (in_use && existing == ExistingRun::refuse) {
        if (!has_manifest(path_)) {
            refuse(path_, "it is not empty", "what is in it was not written by ytterby",
                   "choose another with --output");
        }
        refuse(path_, "it is not empty", "it holds " + earlier_run(path_),
               "add --overwrite to replace that run" +
                   std::string(can_be_resumed(path_) ? ", --resume to go on with it," : "") + " or --out " +
                   free_folder_beside(path_).string() + " to keep both");
    }
    if (in_use && !has_manifest(path_)) {
        refuse(path_, existing == ExistingRun::resume ? "there is no run to resume" : "it will not be overwritten",
               std::string(manifest_file) + " of ytterby is not in it, so its files may be someone else's",
               "choose another with --output, or empty the folder yourself");
    }
    if (!in_use && existing == ExistingRun::resume) {
        refuse(path_, "there is no run to resume", present ? "it is empty" : "it does not exist",
               "leave out --resume to start a run there");
    }
    if (!present) {
        const fs::path missing = first_missing(path_);
        fs::create_directories(path_, trouble);
        if (trouble) {
            remove_empty_folders(path_, missing);
            refuse(path_, "it cannot be created", trouble.message(), "choose another with --output");
        }
    }
    take_lock(!present);
    try {
        if (in_use && existing == ExistingRun::overwrite) {
            remove_run_files(path_);
        }
    } catch (...) {
        ::close(std::exchange(lock_, -1));
        throw;
    }
}

void RunFolder::take_lock(bool fresh) {
    std::error_code trouble;
    lock_ = open_lock(path_);
    if (lock_ < 0) {
        const std::string why = system_message(errno);
        if (fresh) {
            fs::remove(path_, trouble);
        }
        refuse(path_, "it cannot be written to", why, "check its permissions or choose another with --output");
    }
    if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) {
        return;
    }
    const int code = errno;
    ::close(std::exchange(lock_, -1));
    if (code == EWOULDBLOCK) {
        refuse(path_, "another run is writing to it", "two runs in one folder would destroy each other's records",
               "wait for the other run or choose another with --output");
    }
    refuse(path_, "it cannot be locked", system_message(code), "choose another with --output, on a local disk");
}

RunFolder::~RunFolder() {
    if (lock_ >= 0) {
        ::close(lock_);
    }
}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

RunFolder& RunFolder::operator=(RunFolder&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(lock_, other.lock_);
    return *this;
}

}  // namespace ytterby
