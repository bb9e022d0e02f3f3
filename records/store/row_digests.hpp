#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/digest.hpp"
#include "records/store/sqlite.hpp"
#include "records/store/stored_table.hpp"

namespace ytterby {

/// Fingerprints of the rows of a run's file, one for each of its tables and for its names, ticks and spans. Each covers
/// what was written up to the last tick that ended, tick after tick, so that they can be taken while rows are written
/// and be taken again from the file, at any tick. They prove that two runs wrote the same rows, and that nobody changed
/// rows before a run is resumed.
class RowDigests {
public:
    void add_name(std::int64_t code, std::string_view name);
    void begin_tick(std::int64_t tick, std::string_view date);
    /// Adds rows of the open tick.
    void add_rows(std::size_t stored, std::span<const StoredCell> cells, std::span<const CellKind> kinds);
    void end_tick(std::vector<RowSpan> spans);
    /// Forgets the open tick.
    void drop_tick();

    /// Table and fingerprint: "prices_data 0123...". That of the names says how many there are: "names 0123... 57".
    std::vector<std::string> texts() const;
    /// Takes them up again where an earlier run left them; nothing where the texts are not those of `texts()`.
    static std::optional<RowDigests> from_texts(const std::vector<std::string>& texts);
    /// The names that are covered: the first so many codes.
    std::int64_t names() const { return names_; }

    friend bool operator==(const RowDigests& one, const RowDigests& other) {
        return one.ended_ == other.ended_ && one.names_ == other.names_;
    }

private:
    static constexpr std::size_t names_place = stored_count;
    static constexpr std::size_t ticks_place = stored_count + 1;
    static constexpr std::size_t spans_place = stored_count + 2;
    static constexpr std::size_t places = stored_count + 3;

    static std::string place_name(std::size_t place);
    void chain(std::size_t place, const Fingerprint& next);

    std::array<Fingerprint, places> ended_{};
    std::array<std::optional<Digest>, stored_count> open_;  ///< rows of the open tick
    Fingerprint open_tick_;
    std::int64_t names_ = 0;
    std::vector<std::uint64_t> packed_;  ///< a member only to reuse its memory
};

/// The fingerprints of a file's rows up to and including a tick, with the first so many names. Throws InputError where
/// the file has rows that no run writes.
RowDigests digests_of_rows(const Database& database, std::int64_t last_tick, std::int64_t names);

}  // namespace ytterby
