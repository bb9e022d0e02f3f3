#include "agents/world/names.hpp"

#include <algorithm>

namespace ytterby {

std::optional<std::vector<CountryId>> Names::find_countries(std::string_view word) const {
    std::vector<CountryId> found;
    for (std::size_t index = 0; index < countries.size(); ++index) {
        if (word == "*" || countries[index] == word) {
            found.push_back(id_at<CountryId>(index));
        }
    }
    if (found.empty()) {
        const auto group = groups.find(std::string(word));
        if (group == groups.end()) {
            return std::nullopt;
        }
        found = group->second;
    }
    return found;
}

std::optional<std::vector<GoodId>> Names::find_goods(std::string_view word) const {
    const std::size_t dot = word.find('.');
    const std::string_view metal = word.substr(0, dot);
    const std::string_view stage = dot == std::string_view::npos ? "*" : word.substr(dot + 1);
    std::vector<GoodId> found;
    for (std::size_t index = 0; index < goods.size(); ++index) {
        const std::string_view good = goods[index];
        const std::size_t split = good.find('.');
        if ((metal == "*" || metal == good.substr(0, split)) && (stage == "*" || stage == good.substr(split + 1))) {
            found.push_back(id_at<GoodId>(index));
        }
    }
    if (found.empty()) {
        return std::nullopt;
    }
    return found;
}

std::string Names::suggest_country(std::string_view word) const {
    std::vector<std::string> known = countries;
    for (const auto& [group, members] : groups) {
        known.push_back(group);
    }
    return suggest_name(word, known);
}

std::string Names::suggest_good(std::string_view word) const {
    std::vector<std::string> known = goods;
    if (word.find('.') == std::string_view::npos) {
        // A name without a stage may be a misspelt metal, which means all its stages.
        for (const std::string& good : goods) {
            known.push_back(good.substr(0, good.find('.')));
        }
    }
    return suggest_name(word, known);
}

std::vector<CountryId> resolve_countries(const WrittenNames& written, const Names& names, Problems& problems) {
    std::vector<CountryId> ids;
    for (const std::string& word : written.words) {
        if (const auto found = names.find_countries(word)) {
            ids.insert(ids.end(), found->begin(), found->end());
        } else {
            problems.add({.key = written.key,
                          .what = "unknown country or group '" + word + "'",
                          .why = "countries are ISO 3166 alpha-3 codes of the data folder, or ROW",
                          .suggestion = names.suggest_country(word),
                          .where = written.where});
        }
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

std::vector<GoodId> resolve_goods(const WrittenNames& written, const Names& names, Problems& problems) {
    std::vector<GoodId> ids;
    for (const std::string& word : written.words) {
        if (const auto found = names.find_goods(word)) {
            ids.insert(ids.end(), found->begin(), found->end());
        } else {
            problems.add({.key = written.key,
                          .what = "unknown good '" + word + "'",
                          .why = "goods are written metal.stage",
                          .suggestion = names.suggest_good(word),
                          .where = written.where});
        }
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

}  // namespace ytterby
