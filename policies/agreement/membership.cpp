#include "policies/agreement/membership.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace ytterby {
namespace {

/// The names in a list of countries; none where the key itself has a problem.
WrittenNames read_countries(KeyReader& keys, const char* key, const TextListKey& about) {
    std::vector<std::string> names;
    keys.text_list(key, names, about);
    return {keys.path_of(key), keys.location(key), keys.is_sound(key) ? names : std::vector<std::string>{}};
}

bool is_in(const std::vector<CountryId>& list, CountryId country) {
    return std::find(list.begin(), list.end(), country) != list.end();
}

}  // namespace

void Membership::read(KeyReader& keys) {
    members_ = read_countries(
        keys, "members",
        {.fallback = std::vector<std::string>{},
         .doc = "countries or groups that are members throughout, unless an accession block gives their term"});
    accessions_.clear();
    keys.table_list(
        "accession",
        [this](KeyReader& inner) {
            Accession& accession = accessions_.emplace_back();
            accession.written =
                read_countries(inner, "countries", {.least_count = 1, .doc = "countries or groups that join or leave"});
            accession.schedule.read(
                inner, {.from = "from", .until = "until", .ends_when = "leaves_when", .subject = "their membership"});
        },
        {.doc = "countries that are members for a time, one named block each: they join by date or condition "
                "and leave by date or condition"});
    if (!keys.describing() && members_.words.empty() && accessions_.empty() && keys.is_sound("members")) {
        keys.problem("members", "it has no members", "an agreement needs members",
                     "add members = [\"MSP\"], or accession blocks");
    }
}

void Membership::resolve(const Names& names, const Calendar& calendar, Problems& problems) {
    founders_ = resolve_countries(members_, names, problems);
    std::vector<CountryId> all = founders_;
    for (Accession& accession : accessions_) {
        accession.countries = resolve_countries(accession.written, names, problems);
        accession.schedule.resolve(names, calendar, problems);
        all.insert(all.end(), accession.countries.begin(), accession.countries.end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    if (all.size() == 1) {
        problems.add({.key = members_.key,
                      .what = "one member only",
                      .why = "an agreement is between countries",
                      .suggestion = "name at least two",
                      .where = members_.where});
    }
    std::erase_if(founders_, [&](CountryId country) {
        return std::any_of(accessions_.begin(), accessions_.end(),
                           [&](const Accession& accession) { return is_in(accession.countries, country); });
    });
}

std::vector<CountryId> Membership::members(const PolicyView& view, PolicyMemory& memory) const {
    std::vector<CountryId> found = founders_;
    const std::vector<double>* before = view.recall("accessions", 2 * accessions_.size());
    std::vector<double> states;  // stage and tick of its beginning, by accession
    for (std::size_t number = 0; number < accessions_.size(); ++number) {
        PolicySchedule::State state;
        if (before != nullptr) {
            state = {
                static_cast<PolicySchedule::Stage>(remembered_index((*before)[2 * number], PolicySchedule::stages)),
                static_cast<std::int64_t>((*before)[2 * number + 1])};
        }
        state = accessions_[number].schedule.step(view.economy, view.world, state);
        states.insert(states.end(), {static_cast<double>(state.stage), static_cast<double>(state.since)});
        if (state.in_force()) {
            found.insert(found.end(), accessions_[number].countries.begin(), accessions_[number].countries.end());
        }
    }
    if (!states.empty()) {
        memory["accessions"] = std::move(states);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace ytterby
