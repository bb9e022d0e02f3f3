#include "core/digest.hpp"

#include <charconv>
#include <cstdio>
#include <new>
#include <vector>

// Header-only, so that nothing has to be linked.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace ytterby {

/// The stream state of XXH3, which must begin on a cache line.
struct Digest::State {
    alignas(64) XXH3_state_t stream;
};

std::string Fingerprint::hex() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::uint64_t word : {high, low}) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            text += digits[(word >> shift) & 15];
        }
    }
    return text;
}

std::optional<Fingerprint> Fingerprint::from_hex(std::string_view text) {
    constexpr std::size_t digits = 16;
    Fingerprint found;
    if (text.size() != 2 * digits) {
        return std::nullopt;
    }
    const auto read = [&](std::size_t begin, std::uint64_t& out) {
        const char* first = text.data() + begin;
        const auto [end, failure] = std::from_chars(first, first + digits, out, 16);
        return failure == std::errc() && end == first + digits;
    };
    return read(0, found.high) && read(digits, found.low) ? std::optional(found) : std::nullopt;
}

Digest::Digest() : state_(std::make_unique<State>()) { XXH3_128bits_reset(&state_->stream); }
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

Digest& Digest::add_bytes(const void* bytes, std::size_t count) {
    if (count > 0) {
        XXH3_128bits_update(&state_->stream, bytes, count);
    }
    return *this;
}

Digest& Digest::add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    return add_bytes(text.data(), text.size());
}

Fingerprint Digest::fingerprint() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(&state_->stream);
    return {hash.high64, hash.low64};
}

std::optional<Fingerprint> digest_file(const std::string& path) {
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
    if (!file) {
        return std::nullopt;
    }
    Digest digest;
    std::vector<char> buffer(1 << 16);
    std::size_t count = 0;
    while ((count = std::fread(buffer.data(), 1, buffer.size(), file.get())) > 0) {
        digest.add_bytes(buffer.data(), count);
    }
    if (std::ferror(file.get()) != 0) {
        return std::nullopt;
    }
    return digest.fingerprint();
}

}  // namespace ytterby
