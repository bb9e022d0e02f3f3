#include "records/whole_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
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

/// A new file to write a stream into. Whatever had its name is removed first and never written through: a link may lead
/// to someone else's file. The first error stays.
class NewFile final : public std::streambuf {
public:
    explicit NewFile(const std::filesystem::path& path) {
        ::unlink(path.c_str());
        handle_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        error_ = handle_ < 0 ? errno : 0;
        setp(buffer_.data(), buffer_.data() + buffer_.size());
    }
    ~NewFile() override {
        if (handle_ >= 0) {
            ::close(handle_);
        }
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    /// Writes what is left, waits until it is on the disk and closes the file; the error's number, or 0.
    int finish() {
        sync();
        if (error_ == 0 && ::fsync(handle_) != 0) {
            error_ = errno;
        }
        if (handle_ >= 0 && ::close(handle_) != 0 && error_ == 0) {
            error_ = errno;
        }
        handle_ = -1;
        return error_;
    }

private:
    int_type overflow(int_type letter) override {
        if (sync() != 0) {
            return traits_type::eof();
        }
        if (!traits_type::eq_int_type(letter, traits_type::eof())) {
            *pptr() = traits_type::to_char_type(letter);
            pbump(1);
        }
        return traits_type::not_eof(letter);
    }

    int sync() override {
        for (const char* at = pbase(); error_ == 0 && at < pptr();) {
            const ssize_t written = ::write(handle_, at, static_cast<std::size_t>(pptr() - at));
            if (written < 0 && errno != EINTR) {
                error_ = errno;
            }
            at += written > 0 ? written : 0;
        }
        setp(buffer_.data(), buffer_.data() + buffer_.size());
        return error_ == 0 ? 0 : -1;
    }

    std::array<char, 1 << 16> buffer_;
    int handle_ = -1;
    int error_ = 0;
};

}  // namespace

void write_whole_file(const std::filesystem::path& file, const std::function<void(std::ostream&)>& write) {
    std::filesystem::path unfinished = file;
    unfinished += unfinished_ending;
    std::error_code trouble;
    try {
        NewFile target(unfinished);
        std::ostream out(&target);
        write(out);
        if (const int error = target.finish(); error != 0) {
            throw RecordError("cannot write " + file.string() + ": " + system_message(error));
        }
        if (!out) {
            throw RecordError("cannot write " + file.string() + ": writing failed");
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

void make_own_folder(const std::filesystem::path& folder) {
    std::error_code trouble;
    std::filesystem::create_directory(folder, trouble);
    if (!trouble && std::filesystem::is_symlink(std::filesystem::symlink_status(folder, trouble))) {
        throw RecordError("cannot write to " + folder.string() +
                          ": it is a link, and what it leads to may be someone else's");
    }
    if (trouble) {
        throw RecordError("cannot create " + folder.string() + ": " + trouble.message());
    }
}

}  // namespace ytterby
