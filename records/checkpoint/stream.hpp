#pragma once

#include <cstdint>
#include <istream>
#include <ostream>
#include <string>

#include "core/config/diagnostics.hpp"
#include "core/digest.hpp"
#include "core/state/state_visitor.hpp"

namespace ytterby {

/// Version of the format below; a reader accepts only its own.
inline constexpr std::uint32_t checkpoint_format = 1;

/// A checkpoint whose bytes are not those that were written; an older one may still be intact.
class DamagedCheckpoint : public InputError {
public:
    using InputError::InputError;
};

/// Writes state into a stream, column after column, without a copy of it. What a reader would refuse is not written: it
/// throws a RecordError that names the column.
///
/// The format, little-endian: "YTTERBYC", the format's version (u32); then for each column the length of its name (u16)
/// and the name, the length of its type (u16) and the type ("f64", "(row:u32 tonnes:f32)"), bytes per row (u32), rows
/// (u64) and the rows without gaps; at the end the XXH3 fingerprint of all that (128 bits).
class CheckpointWriter final : public StateVisitor {
public:
    explicit CheckpointWriter(std::ostream& out);
    /// Writes the fingerprint. The state of the stream tells whether everything was written.
    void finish();

private:
    std::uint64_t begin(const StateColumn& column, std::uint64_t rows, ColumnLength length) override;
    void bytes(void* first, std::size_t count) override { put(first, count); }
    bool fills() const override { return false; }
    bool checks() const override { return true; }
    void refuse(std::string_view why) override;

    void put(const void* first, std::size_t count);
    template <class Integer>
    void put_integer(Integer value) {
        put(&value, sizeof value);
    }

    std::ostream& out_;
    Digest digest_;
    std::string column_;
};

/// Fills state from a stream that a CheckpointWriter wrote. The columns must come in the order in which state has them,
/// with the same names, types and lengths; anything else in the bytes ends in one InputError.
class CheckpointReader final : public StateVisitor {
public:
    /// Reads the whole stream once and checks its fingerprint; messages call it `name`. Throws
    /// DamagedCheckpoint, and InputError for one of another format.
    CheckpointReader(std::istream& in, std::string name);
    /// Checks that no column is left.
    void finish();

private:
    std::uint64_t begin(const StateColumn& column, std::uint64_t rows, ColumnLength length) override;
    void bytes(void* first, std::size_t count) override;
    bool fills() const override { return true; }
    void refuse(std::string_view why) override;

    void check_fingerprint();
    template <class Integer>
    Integer get_integer() {
        Integer value{};
        bytes(&value, sizeof value);
        return value;
    }
    std::string get_text();
    [[noreturn]] void misfit(const std::string& what, const std::string& why) const;
    [[noreturn]] void damaged(const std::string& why) const;

    std::istream& in_;
    std::string name_;
    std::string column_ = "its head";
    std::uint64_t left_ = 0;  // bytes of columns that are not read yet
};

}  // namespace ytterby
