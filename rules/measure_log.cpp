#include "rules/measure_log.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace ytterby {
namespace {

/// Lists ids by name; a list of nearly everything reads "*" or "* except A+B". What is in `aside` need not be named (a
/// country does not export to itself).
template <class IdType>
std::string join(const std::vector<IdType>& ids, const std::vector<std::string>& names,
                 const std::vector<IdType>& aside = {}) {
    if (ids.empty()) {
        return "*";
    }
    if (ids.size() > 1 && 2 * ids.size() > names.size()) {
        std::string left_out;
        for (std::size_t index = 0; index < names.size(); ++index) {
            const IdType id = id_at<IdType>(index);
            const bool named = std::find(ids.begin(), ids.end(), id) != ids.end();
            const bool passed_over = std::find(aside.begin(), aside.end(), id) != aside.end();
            if (!named && !passed_over) {
                left_out += (left_out.empty() ? " except " : "+") + names[index];
            }
        }
        return "*" + left_out;
    }
    std::string text;
    for (const IdType id : ids) {
        text += text.empty() ? "" : "+";
        text += id.index() < names.size() ? names[id.index()] : std::to_string(id.index());
    }
    return text;
}

}  // namespace

void MeasureLog::settle_order() {
    // Verbs are long texts, so their places are sorted.
    std::vector<std::uint32_t> places(verbs_.size());
    std::iota(places.begin(), places.end(), 0U);
    std::stable_sort(places.begin(), places.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::tie(verbs_[a].policy, verbs_[a].verb, verbs_[a].subject) <
               std::tie(verbs_[b].policy, verbs_[b].verb, verbs_[b].subject);
    });
    std::vector<RecordedVerb> sorted;
    sorted.reserve(verbs_.size());
    for (const std::uint32_t place : places) {
        sorted.push_back(std::move(verbs_[place]));
    }
    verbs_ = std::move(sorted);
}

std::string MeasureLog::describe(const Selector& lanes) const {
    return join(lanes.origins, names_.countries, lanes.destinations) + "->" +
           join(lanes.destinations, names_.countries, lanes.origins) + " " + join(lanes.goods, names_.goods);
}

std::string MeasureLog::describe(const PlantSelector& plants) const {
    return join(plants.countries, names_.countries) + " " + join(plants.processes, names_.processes) + " " +
           join(plants.goods, names_.goods);
}

std::string MeasureLog::describe(CountryId country) const { return join<CountryId>({country}, names_.countries); }

std::string MeasureLog::describe(CountryId country, const std::vector<GoodId>& goods) const {
    return describe(country) + " " + join(goods, names_.goods);
}

}  // namespace ytterby
