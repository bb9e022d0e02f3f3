#include "policies/policy_schedule.hpp"

namespace ytterby {
namespace {

/// The text of a condition; empty where the key itself has a problem.
WrittenNames read_condition(KeyReader& keys, const char* key, std::string doc) {
    std::string text;
    keys.text(key, text, {.fallback = "", .doc = std::move(doc), .may_be_empty = true});
    return {keys.path_of(key), keys.location(key), {keys.is_sound(key) ? text : std::string()}};
}

Condition parse(const WrittenNames& text, const Names& names, Problems& problems) {
    return Condition::parse(text.words.empty() ? "" : text.words.front(), names, text.key, text.where, problems);
}

}  // namespace

void PolicySchedule::read(KeyReader& keys, const KeyNames& names) {
    const std::string subject = names.subject;
    keys.date(names.from, from_, {.doc = "first day of " + subject + "; without it, the first tick", .unit = "date"});
    keys.date(names.until, until_,
              {.doc = "first day without " + subject + "; without it there is no end", .unit = "date"});
    until_key_ = {keys.path_of(names.until), keys.location(names.until), {}};
    if (from_ && until_ && *until_ <= *from_) {
        keys.problem(names.until, std::string(names.until) + " is not after " + names.from,
                     subject + " would never be in force", "give a date after " + format_date(*from_));
    }
    begins_text_ = read_condition(keys, names.begins_when,
                                  "condition on last tick's indicators with which " + subject +
                                      " begins, within the dates: import_reliance(USA, dysprosium.refined) > 0.8");
    keys.keys_with(
        !begins_text_.words.front().empty(), std::string(names.begins_when) + " = \"...\"", [&](KeyReader& inner) {
            inner.boolean(
                names.latch, latch_,
                {.fallback = true,
                 .doc = "once the condition has held, " + subject + " stays in force; false: only while it holds"});
        });
    ends_text_ =
        read_condition(keys, names.ends_when, "condition with which " + subject + " ends for good, once begun");
}

void PolicySchedule::resolve(const Names& names, const Calendar& calendar, Problems& problems) {
    begins_when_ = parse(begins_text_, names, problems);
    ends_when_ = parse(ends_text_, names, problems);
    if (from_) {
        from_tick_ = by_day_ ? calendar.tick_holding(*from_) : calendar.tick_of(*from_);
        late_start_ = by_day_ ? calendar.part_before(*from_) : 0.0;
    }
    if (until_) {
        const double part = by_day_ ? calendar.part_before(*until_) : 0.0;
        until_tick_ = by_day_ ? calendar.tick_holding(*until_) + (part > 0.0 ? 1 : 0) : calendar.tick_of(*until_);
        early_end_ = part > 0.0 ? 1.0 - part : 0.0;
    }
    if (from_ && until_ && *from_ < *until_ && from_tick_ == until_tick_) {
        problems.add({.key = until_key_.key,
                      .what = "both dates fall into the same tick",
                      .why = "it would never be in force: a tick is a " + std::string(name_of(calendar.length())),
                      .suggestion = "give a later date, or a shorter run.tick",
                      .where = until_key_.where});
    }
}

double PolicySchedule::part_out_of_force(std::int64_t tick) const {
    return (from_tick_ == tick ? late_start_ : 0.0) + (until_tick_ == tick + 1 ? early_end_ : 0.0);
}

PolicySchedule::State PolicySchedule::step(const Economy& economy, const World& world, const State& before) const {
    if (before.stage == Stage::over && !ends_when_.always()) {
        return before;
    }
    if ((from_tick_ && world.tick < *from_tick_) || (until_tick_ && world.tick >= *until_tick_)) {
        return {};
    }
    if (before.in_force() && !ends_when_.always() && ends_when_.holds(economy, world)) {
        return {Stage::over, before.since};
    }
    if (begins_when_.always()) {
        return {Stage::in_force, from_tick_.value_or(long_ago)};
    }
    if (before.in_force() && latch_) {
        return before;
    }
    if (!begins_when_.holds(economy, world)) {
        return {};
    }
    return before.in_force() ? before : State{Stage::in_force, world.tick};
}

}  // namespace ytterby
