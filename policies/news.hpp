#pragma once

#include <cstdint>
#include <optional>

#include "policies/policy.hpp"

namespace ytterby {

/// What traders hear of a measure: the day on which they learn of it, how firmly they believe it, and how long they
/// expect it to last. Only measures that close lanes have it: traders do not act ahead of a duty or a tariff.
class News {
public:
    /// Reads the keys announced, belief and expected_months of a measure with this schedule.
    void read(KeyReader& keys);
    void resolve(const Calendar& calendar);

    /// Whether the measure is announced and not yet in force.
    bool is_out(const PolicyView& view, const PolicySchedule& schedule) const;
    /// Announces the measure from its announcement to its start.
    void announce(const PolicyView& view, const PolicySchedule& schedule, const Selector& lanes, double affected_share,
                  Regime& regime) const;
    double expected_months() const { return expected_months_; }
    double belief() const { return belief_; }
    /// The tick from which traders expect a measure that starts at `start` to be over: so many months after it, and as
    /// many again each time that passes. Nothing where they expect it to last.
    std::optional<std::int64_t> expected_end(const PolicyView& view, std::int64_t start) const;

private:
    std::optional<Date> announced_;
    std::optional<std::int64_t> announced_tick_;
    double belief_ = 1.0;
    double expected_months_ = 12.0;
};

/// Refuses the keys of News in a block that has none.
void refuse_news(KeyReader& keys, const char* measure);

}  // namespace ytterby
