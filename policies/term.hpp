#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "policies/condition.hpp"
#include "policies/policy.hpp"

namespace ytterby {

/// The period in which something is in force: from a date or condition until a date or condition. It begins when its
/// first condition holds within the dates, and is over for good once its last condition holds after that.
class Term {
public:
    enum class Stage : std::uint8_t { awaited = 0, running = 1, over = 2 };
    static constexpr std::size_t stages = 3;

    /// Names of the four keys, and the subject of their docs ("the agreement", "their membership").
    struct KeyNames {
        const char* from;
        const char* until;
        const char* begins_when;
        const char* ends_when;
        const char* subject;
    };

    void read(KeyReader& keys, const KeyNames& names);
    void resolve(const Names& names, const Calendar& calendar, Problems& problems);
    /// The stage in this tick, given that of the tick before.
    Stage step(const PolicyView& view, Stage before) const;
    /// The tick at which it began, if this is the first tick in which it runs: on its first day; without a first day or
    /// condition long before the run.
    std::int64_t began(std::int64_t now) const { return begins_when_.always() ? from_tick_.value_or(long_ago) : now; }

private:
    static constexpr std::int64_t long_ago = -1200;

    std::optional<Date> from_, until_;
    WrittenNames until_key_, begins_text_, ends_text_;
    std::optional<std::int64_t> from_tick_, until_tick_;
    Condition begins_when_, ends_when_;
};

}  // namespace ytterby
