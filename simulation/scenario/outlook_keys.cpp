#include "simulation/scenario/outlook_keys.hpp"

#include <limits>

namespace ytterby {

void read(KeyReader& keys, OutlookKeys& outlook) {
    keys.choice(
        "demand", outlook.demand, {"constant", "STEPS", "APS", "NZE"},
        {.fallback = outlook.demand,
         .doc = "growth of demand: an IEA scenario by end use, with planned capacity that follows it, depletion "
                "and technical change; constant: a stationary world",
         .source = "IEA Global Critical Minerals Outlook 2025 (docs/outlook.md)"});
    keys.boolean("investment", outlook.investment,
                 {.fallback = outlook.investment,
                  .doc = "capacity is built and retired in response to margins; false: the plants of the base date"});
}

void read(KeyReader& keys, ShockKeys& shock) {
    shock.name = keys.entry_name();
    keys.choice(
        "kind", shock.kind,
        {{"supply_loss", Outlook::Shock::Kind::supply_loss}, {"demand_step", Outlook::Shock::Kind::demand_step}},
        {.doc = "supply_loss: plants that make the goods lose part of their capacity; demand_step: final users need "
                "more or less of them"});
    keys.number(
        "share", shock.share,
        {.low = -0.99,
         .high = 10.0,
         .unit = "share",
         .doc = "supply_loss: share of capacity lost (0 to 1); demand_step: change in demand, 0.1 is 10 % more"});
    std::vector<std::string> goods;
    std::vector<std::string> countries;
    keys.text_list("goods", goods,
                   {.least_count = 1, .doc = "goods that it affects: metal.stage, metal (all stages) or *.ore"});
    keys.text_list("countries", countries,
                   {.fallback = std::vector<std::string>{"*"},
                    .least_count = 1,
                    .doc = "countries or groups that it affects; * is all"});
    keys.date("start", shock.start, {.doc = "first day; without it the shock starts with the run", .unit = "date"});
    keys.date("end", shock.end, {.doc = "first day after the shock; without it the shock has no end", .unit = "date"});
    const auto written = [&](const std::string& key, std::vector<std::string> names) {
        return WrittenNames{keys.path_of(key), keys.location(key),
                            keys.is_sound(key) ? std::move(names) : std::vector<std::string>{}};
    };
    shock.goods = written("goods", goods);
    shock.countries = written("countries", countries);
    shock.end_key = written("end", {});
    if (shock.kind == Outlook::Shock::Kind::supply_loss && keys.is_sound("share") && !keys.describing() &&
        (shock.share < 0.0 || shock.share > 1.0)) {
        keys.problem("share", "out of range", "at most all of the capacity can be lost",
                     "give a share between 0 and 1");
    }
    if (shock.start && shock.end && *shock.end <= *shock.start) {
        keys.problem("end", "end is not after start", "the shock would never take place",
                     "give an end after " + format_date(*shock.start));
    }
}

Outlook::Shock ShockKeys::resolve(const Names& names, const Calendar& calendar, Problems& problems) const {
    Outlook::Shock shock{.name = name,
                         .kind = kind,
                         .goods = resolve_goods(goods, names, problems),
                         .countries = resolve_countries(countries, names, problems),
                         .share = share,
                         .start_tick = start ? calendar.tick_of(*start) : 0,
                         .end_tick = end ? calendar.tick_of(*end) : std::numeric_limits<std::int64_t>::max()};
    if (start && end && *start < *end && shock.start_tick == shock.end_tick) {
        problems.add({.key = end_key.key,
                      .what = "end falls into the same tick as start",
                      .why = "the shock would never take place: a tick is a " + std::string(name_of(calendar.length())),
                      .suggestion = "give a later end, or a shorter run.tick",
                      .where = end_key.where});
    }
    return shock;
}

}  // namespace ytterby
