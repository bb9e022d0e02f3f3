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

void Measure::read_actor_and_schedule(KeyReader& keys) {
    name_ = keys.entry_name();
    std::string actor;
    keys.text("actor", actor, {.doc = "country that takes the measure (ISO 3166 alpha-3)"});
    actor_ = written(keys, "actor", {actor});
    schedule_.read(keys, {});
}

void Measure::read_goods(KeyReader& keys) {
    std::vector<std::string> goods;
    keys.text_list("goods", goods,
                   {.least_count = 1, .doc = "goods it covers: metal.stage, metal (all stages) or *.ore"});
    goods_ = written(keys, "goods", goods);
}

void Measure::read_without_partners(KeyReader& keys) {
    read_actor_and_schedule(keys);
    read_goods(keys);
    partners_.words = {"*"};
}

void Measure::read(KeyReader& keys) {
    read_actor_and_schedule(keys);
    read_goods(keys);
    std::vector<std::string> partners;
    std::vector<std::string> exempt;
    keys.text_list("partners", partners,
                   {.fallback = std::vector<std::string>{"*"},
                    .least_count = 1,
                    .doc = "countries or groups that it applies to; * is all"});
    keys.text_list("exempt", exempt,
                   {.fallback = std::vector<std::string>{}, .doc = "countries or groups that it does not apply to"});
    partners_ = written(keys, "partners", partners);
    exempt_ = written(keys, "exempt", exempt);
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
    schedule_.resolve(names, calendar, problems);
}

Selector Measure::exports() const { return {actor_ids_, partner_ids_, good_ids_}; }

Selector Measure::imports() const { return {partner_ids_, actor_ids_, good_ids_}; }

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
