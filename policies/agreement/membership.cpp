#include "policies/agreement/membership.hpp"

#include <algorithm>

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
            accession.term.read(inner, {"from", "until", "when", "leaves_when", "their membership"});
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
        accession.term.resolve(names, calendar, problems);
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
    const std::vector<double>* before = view.recall("accessions", accessions_.size());
    std::vector<double> stages;
    for (std::size_t number = 0; number < accessions_.size(); ++number) {
        const auto stage = before != nullptr
                               ? static_cast<Term::Stage>(remembered_index((*before)[number], Term::stages))
                               : Term::Stage::awaited;
        const Term::Stage now = accessions_[number].term.step(view, stage);
        stages.push_back(static_cast<double>(now));
        if (now == Term::Stage::running) {
            found.insert(found.end(), accessions_[number].countries.begin(), accessions_[number].countries.end());
        }
    }
    if (!stages.empty()) {
        memory["accessions"] = std::move(stages);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace ytterby
