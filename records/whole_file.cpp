#include "records/whole_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>

#include "core/system_message.hpp"
#include "records/store/sqlite.hpp"

namespace ytterby {

namespace {

/// Flushes a file's contents, or a folder's list of names, to the disk; false when the system could not.
bool flush_to_disk(const std::filesystem::path& file) {
    const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) {
        return false;
    }
    const bool flushed = ::fsync(handle) == 0;
    ::close(handle);
    return flushed;
}

}  // namespace

void write_whole_file(const std::filesystem::path& file, const std::function<void(std::ostream&)>& write) {
    std::filesystem::path unfinished = file;
    unfinished += unfinished_ending;
    std::error_code trouble;
    try {
        errno = 0;
        std::ofstream out(unfinished, std::ios::binary | std::ios::trunc);
        if (out) {
            write(out);
        }
        out.close();
        if (!out || !flush_to_disk(unfinished)) {
            const std::string why = errno != 0 ? system_message(errno) : "writing failed";
            throw RecordError("cannot write " + file.string() + ": " + why);
        }
        std::filesystem::rename(unfinished, file, trouble);
        if (trouble) {
            throw RecordError("cannot write " + file.string() + ": " + trouble.message());
        }
        // Some file systems cannot flush a folder; the file itself is complete either way.
        flush_to_disk(file.has_parent_path() ? file.parent_path() : std::filesystem::path("."));
    } catch (...) {
        std::filesystem::remove(unfinished, trouble);
        throw;
    }
}

void write_whole_file(const std::filesystem::path& file, std::string_view text) {
    write_whole_file(file,
                     [&](std::ostream& out) { out.write(text.data(), static_cast<std::streamsize>(text.size())); });
}

}  // namespace ytterby
