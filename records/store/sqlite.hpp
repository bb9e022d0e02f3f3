#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace ytterby {

/// A failure to write or read a run's records for a reason outside the program: disk full, no permission, damaged file.
class RecordError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// How a database is opened.
enum class DatabaseAccess : std::uint8_t {
    read,
    write,
    repair,  ///< write to a file that must be there
    in_memory
};

/// An open SQLite database, closed by its destructor. Every failure throws RecordError with path and reason.
class Database {
public:
    Database(const std::string& path, DatabaseAccess access);
    ~Database();
    Database(Database&& other) noexcept;
    Database& operator=(Database&& other) noexcept;

    /// Runs statements that return nothing of interest.
    void execute(const std::string& sql);
    /// Rolls back a transaction if one is open; never throws.
    void roll_back() noexcept;

    /// Becomes a copy of another database.
    void copy_all(const Database& other);

    sqlite3* handle() const { return handle_; }
    const std::string& path() const { return path_; }
    /// Throws RecordError for a result code of SQLite.
    [[noreturn]] void fail(int code, std::string_view doing) const;

private:
    sqlite3* handle_ = nullptr;
    std::string path_;
};

/// A prepared statement. Parameters count from 1 and columns from 0, as in SQLite.
class Statement {
public:
    Statement() = default;
    Statement(const Database& database, std::string_view sql);
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;

    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, double value);
    /// The text must not change until the next `step`.
    Statement& bind(int parameter, std::string_view text);
    Statement& bind_null(int parameter);

    /// Runs to the next row; false when there is none. Then the statement is ready to be bound and run again.
    bool step();
    /// Discards the remaining rows.
    void reset();

    bool is_prepared() const { return handle_ != nullptr; }
    int columns() const;
    std::string_view column_name(int column) const;
    bool is_null(int column) const;
    bool is_integer(int column) const;
    bool is_text(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    /// Valid until the next `step`.
    std::string_view text(int column) const;

private:
    void check(int code) const;

    const Database* database_ = nullptr;
    sqlite3_stmt* handle_ = nullptr;
};

}  // namespace ytterby
