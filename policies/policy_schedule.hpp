#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "agents/world/economy.hpp"
#include "agents/world/names.hpp"
#include "agents/world/world.hpp"
#include "core/calendar.hpp"
#include "core/config/keys.hpp"
#include "policies/condition.hpp"

namespace ytterby {

/// When a measure, an agreement or a membership is in force: between two dates, from the tick in which a condition
/// first holds there, until another condition holds. It keeps no state: the state of the last tick comes in, that of
/// this tick goes out.
class PolicySchedule {
public:
    enum class Stage : std::uint8_t { awaited = 0, in_force = 1, over = 2 };
    static constexpr std::size_t stages = 3;

    /// The stage, and the tick since which it is in force.
    struct State {
        Stage stage = Stage::awaited;
        std::int64_t since = 0;

        bool in_force() const { return stage == Stage::in_force; }
        friend bool operator==(const State&, const State&) = default;
    };

    /// Names of the keys, and the subject of their docs ("the agreement", "their membership").
    struct KeyNames {
        const char* from = "start";
        const char* until = "end";
        const char* begins_when = "when";
        const char* ends_when = "ends_when";
        const char* latch = "latch";
        const char* subject = "the measure";
    };

    void read(KeyReader& keys, const KeyNames& names);
    void resolve(const Names& names, const Calendar& calendar, Problems& problems);

    /// The state in this tick, given that of the tick before. Dates come first: a run that goes on with other dates
    /// follows them. What `ends_when` has ended stays over. Without `latch` it is in force only while its condition
    /// holds.
    State step(const Economy& economy, const World& world, const State& before) const;

    bool has_conditions() const { return !begins_when_.always() || !ends_when_.always(); }
    std::optional<std::int64_t> start_tick() const { return from_tick_; }
    bool has_end() const { return until_.has_value(); }
    std::optional<std::int64_t> end_tick() const { return until_tick_; }

private:
    /// Without a first day and a condition it was in force long before the run.
    static constexpr std::int64_t long_ago = -1200;

    std::optional<Date> from_, until_;
    WrittenNames until_key_, begins_text_, ends_text_;
    bool latch_ = true;
    std::optional<std::int64_t> from_tick_, until_tick_;
    Condition begins_when_, ends_when_;
};

}  // namespace ytterby
