#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <string>

namespace ytterby {

/// What the cells of a column of the file hold.
enum class CellKind : std::uint8_t { whole, real, text };

/// One value on its way into the file, as bits of the kind of its column: half the size of a `Value`, since all of them
/// pass from the processor of the thread that records to that of the one that writes.
class StoredCell {
public:
    /// The bits of a number, whole or real. Numbers that are not finite become NULL; the bits of whole numbers are
    /// those of none as long as they are between 0 and 2^62.
    static constexpr StoredCell of_bits(std::uint64_t bits) {
        constexpr std::uint64_t exponent = 0x7FF0000000000000U;
        return StoredCell((bits & exponent) == exponent
                              ? std::bit_cast<std::uint64_t>(std::numeric_limits<double>::quiet_NaN())
                              : bits);
    }
    static constexpr StoredCell of_real(double value) { return of_bits(std::bit_cast<std::uint64_t>(value)); }
    static constexpr StoredCell of_whole(std::int64_t value) { return StoredCell(static_cast<std::uint64_t>(value)); }
    /// A text that lasts as long as the cell.
    static StoredCell of_text(const std::string& text) { return StoredCell(std::bit_cast<std::uintptr_t>(&text)); }
    static constexpr StoredCell null(CellKind kind) {
        switch (kind) {
            case CellKind::whole:
                return of_whole(no_whole);
            case CellKind::real:
                return of_real(std::numeric_limits<double>::quiet_NaN());
            case CellKind::text:
                return StoredCell(0);
        }
        return StoredCell(0);
    }

    constexpr StoredCell() = default;
    /// NaN is NULL.
    constexpr double real() const { return std::bit_cast<double>(bits_); }
    constexpr std::int64_t whole() const { return static_cast<std::int64_t>(bits_); }
    /// Null is NULL.
    const std::string* text() const { return std::bit_cast<const std::string*>(static_cast<std::uintptr_t>(bits_)); }

    /// The whole number that is NULL.
    static constexpr std::int64_t no_whole = std::numeric_limits<std::int64_t>::min();

private:
    explicit constexpr StoredCell(std::uint64_t bits) : bits_(bits) {}

    std::uint64_t bits_ = 0;
};

}  // namespace ytterby
