#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace ytterby {

/// A 128-bit fingerprint; equal contents have equal fingerprints on every little-endian machine.
struct Fingerprint {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    /// 32 lower-case hexadecimal digits.
    std::string hex() const;
    /// The fingerprint that these 32 digits show; nothing when they are not that.
    static std::optional<Fingerprint> from_hex(std::string_view text);

    friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

/// Values that equal bytes make equal: numbers, enumerations, ids and structs without padding or floats. They must hold
/// no pointers, which cannot be checked here.
template <class T>
concept DigestibleValue = (std::is_arithmetic_v<T> && !std::is_same_v<T, long double>) || std::is_enum_v<T> ||
                          (std::is_class_v<T> && std::is_trivially_copyable_v<T> &&
                           std::has_unique_object_representations_v<T> && !std::ranges::range<T>);

/// Computes the fingerprint of a stream of values with XXH3 (128 bits, seed 0). Ranges and texts are preceded by their
/// length, so that ("ab", "c") and ("a", "bc") differ.
class Digest {
public:
    Digest();
    ~Digest();
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;

    /// Adds raw bytes without a length; for structs of floats known to have no padding.
    Digest& add_bytes(const void* bytes, std::size_t count);

    /// Adds a text.
    Digest& add(std::string_view text);
    Digest& add(const char* text) { return add(std::string_view(text)); }
    Digest& add(const std::string& text) { return add(std::string_view(text)); }

    /// Adds one value.
    template <DigestibleValue T>
    Digest& add(const T& value) {
        return add_bytes(&value, sizeof(T));
    }

    /// Adds a column, vector, array or span of values.
    template <std::ranges::contiguous_range Range>
        requires DigestibleValue<std::ranges::range_value_t<Range>> &&
                 (!std::is_convertible_v<const Range&, std::string_view>)
    Digest& add(const Range& values) {
        add(static_cast<std::uint64_t>(std::ranges::size(values)));
        return add_bytes(std::ranges::data(values),
                         std::ranges::size(values) * sizeof(std::ranges::range_value_t<Range>));
    }

    /// Fingerprint of everything added so far; more may follow.
    Fingerprint fingerprint() const;
    std::string hex() const { return fingerprint().hex(); }

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Fingerprint of the bytes of a file, as `xxhsum -H2` prints it; nothing if it cannot be read.
std::optional<Fingerprint> digest_file(const std::string& path);

}  // namespace ytterby
