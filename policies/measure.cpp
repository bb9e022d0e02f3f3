#include "policies/measure.hpp"

#include <algorithm>

namespace ytterby {
namespace {

/// The names given by a key; none where the key itself has a problem.
WrittenNames written(const KeyReader& keys, const std::string& key, std::vector<std::string> names) {
    if (!keys.is_sound(key)) {
        names.clear();
    }
    return {keys.path_of(key), keys.location(key), std::move(names)};
}

}  // namespace

void Measure::read_actor_and_dates(KeyReader& keys) {
    name_ = keys.entry_name();
    std::string actor;
    keys.text("actor", actor, {.doc = "country that takes the measure (ISO 3166 alpha-3)"});
    actor_ = written(keys, "actor", {actor});
    keys.date("start", start_,
              {.doc = "first day in force; without it the measure is in force from the first tick", .unit = "date"});
    keys.date(
        "end", end_,
        {.doc = "first day on which it is no longer in force; without it the measure has no end", .unit = "date"});
    end_key_ = written(keys, "end", {});
    if (start_ && end_ && *end_ <= *start_) {
        keys.problem("end", "end is not after start", "the measure would never be in force",
                     "give an end after " + format_date(*start_));
    }
}

void Measure::read_goods(KeyReader& keys) {
    std::vector<std::string> goods;
    keys.text_list("goods", goods,
                   {.least_count = 1, .doc = "goods it covers: metal.stage, metal (all stages) or *.ore"});
    goods_ = written(keys, "goods", goods);
}

void Measure::read_condition(KeyReader& keys) {
    std::string when;
    keys.text("when", when,
              {.fallback = "",
               .doc = "condition on last tick's indicators, for example import_reliance(USA, dysprosium.refined) > 0.8",
               .may_be_empty = true});
    when_ = written(keys, "when", {when});
    keys.boolean("latch", latch_,
                 {.fallback = true, .doc = "once the condition has held, the measure stays in force until its end"});
}

void Measure::read_without_partners(KeyReader& keys) {
    read_actor_and_dates(keys);
    read_goods(keys);
    partners_.words = {"*"};
    read_condition(keys);
}

void Measure::read(KeyReader& keys) {
    read_actor_and_dates(keys);
    keys.date("announced", announced_,
              {.doc = "day on which traders learn of it; without it they learn of it at the start", .unit = "date"});
    std::vector<std::string> partners;
    std::vector<std::string> exempt;
    read_goods(keys);
    keys.text_list("partners", partners,
                   {.fallback = std::vector<std::string>{"*"},
                    .least_count = 1,
                    .doc = "countries or groups that it applies to; * is all"});
    keys.text_list("exempt", exempt,
                   {.fallback = std::vector<std::string>{}, .doc = "countries or groups that it does not apply to"});
    partners_ = written(keys, "partners", partners);
    exempt_ = written(keys, "exempt", exempt);
    read_condition(keys);
    keys.number("belief", belief_,
                {.fallback = 1.0,
                 .low = 0.0,
                 .high = 1.0,
                 .unit = "share",
                 .doc = "how firmly traders believe in an announced measure",
                 .source = "assumed, 0.3-1"});
    keys.number("expected_months", expected_months_,
                {.fallback = 12.0,
                 .low = 0.0,
                 .high = 600.0,
                 .unit = "months",
                 .doc = "how long traders expect the measure to last",
                 .source = "assumed, 3-60"});
    if (start_ && announced_ && *announced_ > *start_) {
        keys.problem("announced", "announced after start", "a measure is announced before it is in force",
                     "drop the key or give a date up to " + format_date(*start_));
    }
    if (announced_ && !start_ && keys.is_sound("start")) {
        keys.problem("announced", "announced without a start", "traders prepare for a date", "add start");
    }
}

void Measure::resolve(const Names& names, const Calendar& calendar, Problems& problems) {
    actor_ids_ = resolve_countries(actor_, names, problems);
    good_ids_ = resolve_goods(goods_, names, problems);
    const std::vector<CountryId> exempt = resolve_countries(exempt_, names, problems);
    const std::vector<CountryId> partners = resolve_countries(partners_, names, problems);
    for (const CountryId partner : partners) {
        const bool left_out = std::find(exempt.begin(), exempt.end(), partner) != exempt.end() ||
                              std::find(actor_ids_.begin(), actor_ids_.end(), partner) != actor_ids_.end();
        if (!left_out) {
            partner_ids_.push_back(partner);
        }
    }
    if (!partners.empty() && partner_ids_.empty()) {
        // In a selector an empty list means all countries.
        problems.add({.key = partners_.key,
                      .what = "no partner is left",
                      .why = "all of them are exempt or the actor itself",
                      .suggestion = "name a partner that is neither",
                      .where = partners_.where});
    }
    condition_ =
        Condition::parse(when_.words.empty() ? "" : when_.words.front(), names, when_.key, when_.where, problems);
    if (start_) {
        start_tick_ = calendar.tick_of(*start_);
    }
    if (end_) {
        end_tick_ = calendar.tick_of(*end_);
    }
    if (announced_) {
        announced_tick_ = calendar.tick_of(*announced_);
    }
    if (start_ && end_ && *start_ < *end_ && start_tick_ == end_tick_) {
        problems.add(
            {.key = end_key_.key,
             .what = "end falls into the same tick as start",
             .why = "the measure would never be in force: a tick is a " + std::string(name_of(calendar.length())),
             .suggestion = "give a later end, or a shorter run.tick",
             .where = end_key_.where});
    }
}

bool Measure::within_dates(std::int64_t tick) const {
    return (!start_tick_ || tick >= *start_tick_) && (!end_tick_ || tick < *end_tick_);
}

std::optional<std::int64_t> Measure::in_force_since(const PolicyView& view) const {
    if (!within_dates(view.tick())) {
        return std::nullopt;
    }
    if (condition_.always()) {
        // A measure without a start was in force long before the first tick.
        return start_tick_.value_or(-1200);
    }
    if (const auto* triggered = view.recall("triggered", 1)) {
        if (latch_ || condition_.holds(view.economy, view.world)) {
            return static_cast<std::int64_t>(triggered->front());
        }
        return std::nullopt;
    }
    return condition_.holds(view.economy, view.world) ? std::optional(view.tick()) : std::nullopt;
}

void Measure::remember(const PolicyView& view, PolicyMemory& memory) const {
    const auto since = in_force_since(view);
    if (since && !condition_.always()) {
        memory["triggered"] = {static_cast<double>(*since)};
    }
}

void Measure::forget(const PolicyView& view, Regime& regime) {
    if (!view.memory.empty()) {
        regime.remember({});
    }
}

bool Measure::is_awaited(const PolicyView& view) const {
    return announced_tick_ && start_tick_ && view.tick() >= *announced_tick_ && view.tick() < *start_tick_;
}

void Measure::announce(const PolicyView& view, const Selector& lanes, double affected_share, Regime& regime) const {
    if (is_awaited(view)) {
        regime.announce(lanes, {.announced_tick = *announced_tick_,
                                .start_tick = *start_tick_,
                                .expected_months = expected_months_,
                                .belief = belief_,
                                .affected_share = affected_share});
    }
}

Selector Measure::exports() const { return {actor_ids_, partner_ids_, good_ids_}; }

Selector Measure::reexports(std::size_t countries) const {
    Selector lanes{{}, partner_ids_, good_ids_};
    for (std::size_t index = 0; index < countries; ++index) {
        const CountryId country = id_at<CountryId>(index);
        const auto is_in = [&](const std::vector<CountryId>& list) {
            return std::find(list.begin(), list.end(), country) != list.end();
        };
        if (!is_in(actor_ids_) && !is_in(partner_ids_)) {
            lanes.origins.push_back(country);
        }
    }
    return lanes;
}

}  // namespace ytterby
