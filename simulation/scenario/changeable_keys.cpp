#include "simulation/scenario/changeable_keys.hpp"

#include <algorithm>
#include <array>

#include "core/config/keys.hpp"
#include "simulation/scenario/behaviour_keys.hpp"

namespace ytterby {
namespace {

/// Whether a key is the named one or in the section of that name.
bool within(std::string_view key, std::string_view name) {
    return key.starts_with(name) && (key.size() == name.size() || key[name.size()] == '.');
}

/// Whether a key is one of behaviour, whose sections are those that read(keys, behaviour) declares.
bool is_behaviour(std::string_view key) {
    static const KeyRecord sections = [] {
        KeyReader keys = KeyReader::for_describing();
        Behaviour behaviour;
        read(keys, behaviour);
        return keys.record();
    }();
    return std::any_of(sections.children.begin(), sections.children.end(),
                       [&](const KeyRecord& section) { return within(key, section.name); });
}

}  // namespace

bool may_change_on_resume(std::string_view key) {
    constexpr std::array names{"title", "purpose", "run.ticks", "run.threads", "run.check_laws", "records.csv"};
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return within(key, name); });
}

bool may_change_in_branch(std::string_view key) {
    constexpr std::array names{"policy", "shock", "records", "market"};
    return may_change_on_resume(key) || is_behaviour(key) ||
           (!within(key, "market.mechanism") &&
            std::any_of(names.begin(), names.end(), [&](std::string_view name) { return within(key, name); }));
}

}  // namespace ytterby
