#include "records/store/sqlite.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <utility>

namespace ytterby {
namespace {

/// Why SQLite refused, in words of ours; what it says itself only where a statement of ours is wrong.
std::string reason(int code, sqlite3* handle) {
    switch (code & 0xFF) {
        case SQLITE_FULL:
            return "the disk is full";
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return "no permission to write";
        case SQLITE_IOERR:
            return "the disk does not take or give the data (disk full, file size limit or a failing disk)";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another program keeps it locked";
        case SQLITE_CANTOPEN:
            return "there is no such file, or no permission to read it";
        case SQLITE_NOTADB:
            return "it is not an SQLite file";
        case SQLITE_CORRUPT:
            return "the file is damaged";
        case SQLITE_NOMEM:
            return "out of memory";
        default:
            return handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    }
}

}  // namespace

Database::Database(const std::string& path, DatabaseAccess access) : path_(path) {
    int flags = SQLITE_OPEN_NOMUTEX;
    switch (access) {
        case DatabaseAccess::read:
            flags |= SQLITE_OPEN_READONLY;
            break;
        case DatabaseAccess::write:
            flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
            break;
        case DatabaseAccess::repair:
            flags |= SQLITE_OPEN_READWRITE;
            break;
        case DatabaseAccess::in_memory:
            flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY;
            break;
    }
    std::error_code trouble;
    const bool writes = access == DatabaseAccess::write || access == DatabaseAccess::repair;
    if (writes && std::filesystem::is_symlink(std::filesystem::symlink_status(path, trouble))) {
        throw RecordError("cannot open " + path + ": it is a link, and what it leads to may be someone else's");
    }
    const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr);
    if (code != SQLITE_OK) {
        const std::string why = reason(code, handle_);
        sqlite3_close_v2(std::exchange(handle_, nullptr));
        throw RecordError("cannot open " + path + ": " + why);
    }
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, 5000);
}

Database::~Database() { sqlite3_close_v2(handle_); }

Database::Database(Database&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), path_(std::move(other.path_)) {}

Database& Database::operator=(Database&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(path_, other.path_);
    return *this;
}

void Database::execute(const std::string& sql) {
    const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        fail(code, "write to");
    }
}

void Database::roll_back() noexcept {
    if (handle_ != nullptr && sqlite3_get_autocommit(handle_) == 0) {
        sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

void Database::copy_all(const Database& other) {
    sqlite3_backup* copy = sqlite3_backup_init(handle_, "main", other.handle_, "main");
    int code = SQLITE_ERROR;
    if (copy != nullptr) {
        do {
            code = sqlite3_backup_step(copy, -1);
        } while (code == SQLITE_BUSY || code == SQLITE_LOCKED);
        const int closed = sqlite3_backup_finish(copy);
        code = code == SQLITE_DONE ? closed : code;
    }
    if (code != SQLITE_OK) {
        fail(code, "copy records into");
    }
}

void Database::fail(int code, std::string_view doing) const {
    throw RecordError("cannot " + std::string(doing) + " " + path_ + ": " + reason(code, handle_));
}

Statement::Statement(const Database& database, std::string_view sql) : database_(&database) {
    check(sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                             &handle_, nullptr));
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), handle_(std::exchange(other.handle_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(database_, other.database_);
    std::swap(handle_, other.handle_);
    return *this;
}

Statement& Statement::bind(int parameter, std::int64_t value) {
    check(sqlite3_bind_int64(handle_, parameter, value));
    return *this;
}

Statement& Statement::bind(int parameter, double value) {
    check(sqlite3_bind_double(handle_, parameter, value));
    return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
    // A null pointer would bind NULL, and an empty view may hold one.
    check(sqlite3_bind_text64(handle_, parameter, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                              SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind_null(int parameter) {
    check(sqlite3_bind_null(handle_, parameter));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) {
        return true;
    }
    sqlite3_reset(handle_);
    if (code != SQLITE_DONE) {
        check(code);
    }
    return false;
}

void Statement::reset() { sqlite3_reset(handle_); }

int Statement::columns() const { return sqlite3_column_count(handle_); }
std::string_view Statement::column_name(int column) const { return sqlite3_column_name(handle_, column); }
bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }
bool Statement::is_integer(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_INTEGER; }
bool Statement::is_text(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_TEXT; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }
double Statement::real(int column) const { return sqlite3_column_double(handle_, column); }

std::string_view Statement::text(int column) const {
    const unsigned char* bytes = sqlite3_column_text(handle_, column);
    if (bytes == nullptr) {
        return {};
    }
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) {
        database_->fail(code, "use");
    }
}

}  // namespace ytterby
