#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <string>

namespace ytterby {

/// What a column of the file holds.
enum class CellKind : std::uint8_t { integer, real, text };

/// One value on its way into the file, as bits whose kind is that of its column. It is half the size of a `Value`,
/// since every cell passes from the processor of the recording thread to that of the writing thread.
class StoredCell {
public:
    /// The bits of a number, whole or real. Numbers that are not finite become NULL; whole numbers between 0 and 2^62
    /// never have the bits of such a number.
    static constexpr StoredCell of_bits(std::uint64_t bits) {
        constexpr std::uint64_t exponent = 0x7FF0000000000000U;
        return StoredCell((bits & exponent) == exponent
                              ? std::bit_cast<std::uint64_t>(std::numeric_limits<double>::quiet_NaN())
                              : bits);
    }
    static constexpr StoredCell of_real(double value) { return of_bits(std::bit_cast<std::uint64_t>(value)); }
    static constexpr StoredCell of_integer(std::int64_t value) { return StoredCell(static_cast<std::uint64_t>(value)); }
    /// The text must outlive the cell.
    static StoredCell of_text(const std::string& text) { return StoredCell(std::bit_cast<std::uintptr_t>(&text)); }
    static constexpr StoredCell null(CellKind kind) {
        switch (kind) {
            case CellKind::integer:
                return of_integer(no_integer);
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
    constexpr std::int64_t integer() const { return static_cast<std::int64_t>(bits_); }
    /// A null pointer is NULL.
    const std::string* text() const { return std::bit_cast<const std::string*>(static_cast<std::uintptr_t>(bits_)); }

    /// The whole number that is NULL.
    static constexpr std::int64_t no_integer = std::numeric_limits<std::int64_t>::min();

private:
    explicit constexpr StoredCell(std::uint64_t bits) : bits_(bits) {}

    std::uint64_t bits_ = 0;
};

}  // namespace ytterby
