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
    /// Lets it begin and end within a tick: it is in force from the tick that holds its first day to the one that holds
    /// its last, and says which part of these it is not. Otherwise dates count as those of whole ticks.
    void count_days() { by_day_ = true; }
    void resolve(const Names& names, const Calendar& calendar, Problems& problems);

    /// The state in this tick, given that of the tick before. Dates come first: a run that goes on with other dates
    /// follows them. What `ends_when` has ended stays over. Without `latch` it is in force only while its condition
    /// holds.
    State step(const Economy& economy, const World& world, const State& before) const;

    bool has_conditions() const { return !begins_when_.always() || !ends_when_.always(); }
    std::optional<std::int64_t> start_tick() const { return from_tick_; }
    /// The part of a tick that lies before its first day or after its last; 0 where days do not count.
    double part_out_of_force(std::int64_t tick) const;
    /// The part of its first tick that lies before its first day.
    double late_start() const { return late_start_; }
    /// Whether its dates alone put it in force in the tick before the run.
    bool in_force_at_base_date() const {
        return !has_conditions() && from_tick_.value_or(long_ago) < 0 && until_tick_.value_or(0) >= 0;
    }
    bool has_end() const { return until_.has_value(); }
    std::optional<std::int64_t> end_tick() const { return until_tick_; }

private:
    /// Without a first day and a condition it was in force long before the run.
    static constexpr std::int64_t long_ago = -1200;

    std::optional<Date> from_, until_;
    WrittenNames until_key_, begins_text_, ends_text_;
    bool latch_ = true;
    bool by_day_ = false;
    double late_start_ = 0.0;
    double early_end_ = 0.0;  // the part of its last tick that lies after its last day
    std::optional<std::int64_t> from_tick_, until_tick_;
    Condition begins_when_, ends_when_;
};

}  // namespace ytterby
