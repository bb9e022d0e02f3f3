#include "policies/news.hpp"

#include <algorithm>
#include <cmath>

namespace ytterby {
namespace {

/// A measure that is expected to stay as long as traders look ahead is expected to last (docs/model.md, section 7.16).
constexpr double lasting_months = 60.0;

}  // namespace

void News::read(KeyReader& keys) {
    keys.date("announced", announced_,
              {.doc = "day on which traders learn of it; without it they learn of it at the start", .unit = "date"});
    keys.keys_with({"announced"}, [this](KeyReader& inner) {
        inner.number("belief", belief_,
                     {.fallback = 1.0,
                      .low = 0.0,
                      .high = 1.0,
                      .unit = "share",
                      .doc = "how firmly traders believe in an announced measure",
                      .source = "assumed, 0.3-1"});
    });
    keys.number("expected_months", expected_months_,
                {.fallback = 12.0,
                 .low = 0.0,
                 .high = 600.0,
                 .unit = "months",
                 .doc = "how long traders expect the measure to last",
                 .source = "assumed, 3-60"});
    // The start stands in the same block; its own problems are reported where it is read.
    if (!announced_ || !keys.is_sound("start")) {
        return;
    }
    const std::optional<Date> start = keys.date_given("start");
    if (!start) {
        keys.problem("announced", "announced without a start", "traders prepare for a date", "add start");
    } else if (*announced_ > *start) {
        keys.problem("announced", "announced after start", "a measure is announced before it is in force",
                     "drop the key or give a date up to " + format_date(*start));
    }
}

void News::resolve(const Calendar& calendar) {
    if (announced_) {
        announced_tick_ = calendar.tick_of(*announced_);
    }
}

bool News::is_out(const PolicyView& view, const PolicySchedule& schedule) const {
    return announced_tick_ && schedule.start_tick() && view.tick() >= *announced_tick_ &&
           view.tick() < *schedule.start_tick();
}

void News::announce(const PolicyView& view, const PolicySchedule& schedule, const Selector& lanes,
                    double affected_share, Regime& regime) const {
    if (is_out(view, schedule)) {
        regime.announce(lanes, {.announced_tick = *announced_tick_,
                                .start_tick = *schedule.start_tick(),
                                .expected_months = expected_months_,
                                .belief = belief_,
                                .affected_share = affected_share});
    }
}

std::optional<std::int64_t> News::expected_end(const PolicyView& view, std::int64_t start) const {
    if (expected_months_ >= lasting_months) {
        return std::nullopt;
    }
    const auto length = std::max<std::int64_t>(1, std::llround(expected_months_ / view.economy.months_per_tick()));
    const std::int64_t passed = view.tick() > start ? (view.tick() - start) / length : 0;
    return start + (passed + 1) * length;
}

void refuse_news(KeyReader& keys, const char* measure) {
    for (const char* key : {"announced", "belief", "expected_months"}) {
        keys.refuse(key, std::string("traders do not act ahead of ") + measure + ", so the key would change nothing",
                    "drop the key; announce a ban, a quota or a licence");
    }
}

}  // namespace ytterby
